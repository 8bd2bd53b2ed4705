"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from smallwins.people.access import known_vault, reader_of
from smallwins.people.names import letterbox_tag
from smallwins.people.notices import said
from smallwins.people.places import leave_url
from smallwins.pocket.face import OURS, face_of, for_nobody


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for the base template. With a database that does not answer, the page says it is locked, but is there."""
    face, answers = face_of(request), True
    try:
        reader = reader_of(request)
        vault = known_vault(request)
        sentence = said(request)
    except DatabaseError:
        reader, vault, sentence, answers = None, None, "", False
    tag = letterbox_tag(vault.id) if vault else ""
    return {
        "said": sentence,
        "unlocked": reader is not None,
        "leave_to": leave_url(vault.leave_to if vault else ""),
        "idle_seconds": vault.idle_minutes * 60 if reader and vault and vault.idle_minutes else None,
        "product_name": face.name,
        "face": face,
        "disguised": face != OURS,
        "for_nobody": for_nobody(request),
        # Empty where nobody is signed in; None where that cannot be said just now, or is not asked.
        "letterbox_tag": tag if answers and not for_nobody(request) else None,
        "hosted": settings.HOSTED,
    }

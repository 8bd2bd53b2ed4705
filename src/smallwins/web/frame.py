"""What every page needs to know."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from smallwins.people.access import reader_of
from smallwins.people.models import Vault
from smallwins.people.notices import said
from smallwins.people.places import leave_url
from smallwins.pocket.face import OURS, face_of, for_nobody


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for the base template. With a database that does not answer, the page says it is locked, but is there."""
    face = face_of(request)
    try:
        reader = reader_of(request)
        vault = reader.vault if reader else _only_vault()
        sentence = said(request)
    except DatabaseError:
        reader, vault, sentence = None, None, ""
    return {
        "said": sentence,
        "unlocked": reader is not None,
        "leave_to": leave_url(vault.leave_to if vault else ""),
        "idle_seconds": vault.idle_minutes * 60 if reader and vault and vault.idle_minutes else None,
        "product_name": face.name,
        "face": face,
        "disguised": face != OURS,
        "for_nobody": for_nobody(request),
    }


def _only_vault() -> Vault | None:
    vaults = list(Vault.objects.all()[:2])
    return vaults[0] if len(vaults) == 1 else None

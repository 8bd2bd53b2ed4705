"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from smallwins.people.access import reader_of
from smallwins.people.models import Vault
from smallwins.people.places import leave_url


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for the base template. Asks the database for no more than the view already has, when reading."""
    reader = reader_of(request)
    vault = reader.vault if reader else None
    return {
        "unlocked": reader is not None,
        "leave_to": leave_url(vault.leave_to if vault else _place_while_locked()),
        "idle_seconds": vault.idle_minutes * 60 if vault and vault.idle_minutes else None,
        "product_name": settings.PRODUCT_NAME,
    }


def _place_while_locked() -> str:
    places = list(Vault.objects.values_list("leave_to", flat=True)[:2])
    return places[0] if len(places) == 1 else ""

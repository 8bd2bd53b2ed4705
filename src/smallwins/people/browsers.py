"""Where a person is signed in: each browser once, whether it reads or may only add."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from smallwins.people.access import is_over
from smallwins.people.devices import seen_label
from smallwins.people.models import Adder, Vault, WayIn
from smallwins.people.ways import Kind


class Browser(NamedTuple):
    """A line of the list. id_hex: of what it adds with, else of its session. ids: of all that ends with it."""

    id_hex: str
    device: str
    seen_at: datetime
    seen_label: str
    reads: bool
    current: bool
    ids: frozenset[bytes]


def browsers_of(vault: Vault, own: set[bytes], now: datetime) -> list[Browser]:
    """Newest use first. own: the ids of what the asking browser holds."""
    ways = WayIn.objects.select_related("vault").filter(vault=vault, kind__in=(Kind.SESSION, Kind.TERMINAL))
    open_ways = [way for way in ways if not is_over(way, now)]
    found: dict[bytes, list[WayIn | Adder]] = {
        bytes(adder.id): [adder] for adder in Adder.objects.filter(vault=vault, kind=Adder.Kind.BROWSER)
    }
    for way in open_ways:
        key = bytes(way.adder) if way.adder and bytes(way.adder) in found else bytes(way.id)
        found.setdefault(key, []).append(way)
    lines = [_line(key, together, own, now) for key, together in found.items()]
    return sorted(lines, key=lambda line: line.seen_at, reverse=True)


def _line(key: bytes, together: list[WayIn | Adder], own: set[bytes], now: datetime) -> Browser:
    seen, ids = max(one.seen_at for one in together), frozenset(bytes(one.id) for one in together)
    device = next((one.device for one in together if one.device), "") or _("A terminal on this computer")
    reads = any(isinstance(one, WayIn) for one in together)
    return Browser(key.hex(), device, seen, seen_label(seen, now), reads, bool(ids & own), ids)


@transaction.atomic
def end(vault: Vault, browsers: Iterable[Browser]) -> None:
    """They neither read nor add any more."""
    ids = [record for browser in browsers for record in browser.ids]
    WayIn.objects.filter(vault=vault, id__in=ids, kind__in=(Kind.SESSION, Kind.TERMINAL)).delete()
    Adder.objects.filter(vault=vault, id__in=ids).delete()

"""Wins as the templates read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from smallwins.wins.catalogue import kind_name
from smallwins.wins.path import Pebble, path_svg
from smallwins.wins.rules import grouped, month_name, when_label
from smallwins.wins.shelf import Win

EXCERPT = 280


def card(win: Win, now: datetime, versions: int = 1) -> dict[str, Any]:
    """What one win's card shows. versions: how many there are of it, itself included."""
    given, moment = win.draft, win.draft.moment()
    text = given.text
    return {
        "id_hex": win.record.hex(),
        "text": text,
        "excerpt": text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…",
        "when_label": when_label(moment, now),
        "when_long": date_format(moment, "l, j F Y, H:i"),
        "kind_label": kind_name(given.kind),
        "hard": given.hard,
        "before": given.before,
        "door_label": _("kept while locked") if given.door else "",
        "door_long": door_label(given.door),
        "versions_label": versions_label(versions),
        "order_label": _("This one came after") if given.beside else _("This one came first"),
    }


def versions_label(versions: int) -> str:
    if versions == 2:
        return _("two versions")
    return _("more versions") if versions > 2 else ""


def door_label(door: str) -> str:
    """What came as a letter says so: anybody who knows the public key could have written it."""
    return _("arrived while locked, through %(door)s") % {"door": door_name(door)} if door else ""


def door_name(door: str) -> str:
    return {"page": _("the page"), "letter": _("the letterbox"), "win": _("the terminal")}.get(door, door)


def cards(wins: Sequence[Win], now: datetime, several: dict[bytes, int] | None = None) -> list[dict[str, Any]]:
    """several: the wins of which there is more than one version, and how many."""
    return [card(win, now, (several or {}).get(win.record, 1)) for win in wins]


def groups(wins: Sequence[Win], now: datetime, several: dict[bytes, int] | None = None) -> list[dict[str, Any]]:
    found = grouped(wins, now.date())
    return [{"heading": heading, "wins": cards(under, now, several)} for heading, under in found]


def drawn(wins: Sequence[Win], now: datetime, from_newest: bool = True) -> SafeString:
    """The path of pebbles for these wins."""
    pebbles = [Pebble(win.record, month_name(win.draft.moment().date(), now.date())) for win in wins]
    svg = path_svg(pebbles, _("A path of pebbles, one for each win, the newest nearest"), from_newest=from_newest)
    return mark_safe(svg)  # noqa: S308  drawn by us; its only texts are escaped there

"""Saying when a win was, and under which heading it stands. Pure: the moment and the words for it are passed in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from smallwins.wins.shelf import Win


def heading(day: date, today: date) -> str:
    """'Today', 'Yesterday', 'This week', then months: 'October', 'March 2025'."""
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day > today - timedelta(days=7):
        return _("These days")
    return month_name(day, today)


def month_name(day: date, today: date) -> str:
    return _month_name(day.replace(day=1), day.year == today.year, get_language())


@lru_cache(maxsize=256)
def _month_name(month: date, this_year: bool, language: str | None) -> str:
    return date_format(month, "F" if this_year else "F Y")


def when_label(moment: datetime, now: datetime) -> str:
    """As a person would say it: 'this morning', 'Tuesday', '14 March', '14 March 2025'."""
    day, today = moment.date(), now.date()
    if day == today:
        return part_of_day(moment.hour)
    if today - timedelta(days=7) < day < today:
        return date_format(day, "l")
    return date_format(day, "j F") if day.year == today.year else date_format(day, "j F Y")


def part_of_day(hour: int) -> str:
    if hour < 5:
        return _("last night")
    if hour < 12:
        return _("this morning")
    return _("this afternoon") if hour < 18 else _("this evening")


def grouped(wins: Iterable[Win], today: date) -> list[tuple[str, list[Win]]]:
    """Wins under headings, in their order. Only headings that something stands under."""
    groups: list[tuple[str, list[Win]]] = []
    for win in wins:
        title = heading(win.draft.moment().date(), today)
        if not groups or groups[-1][0] != title:
            groups.append((title, []))
        groups[-1][1].append(win)
    return groups

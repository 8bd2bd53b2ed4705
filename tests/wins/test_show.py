"""How wins are shown: when it was, under which heading, on which part of the path."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from smallwins.wins import actions, rules
from smallwins.wins.draft import Draft, draft
from smallwins.wins.shelf import Win
from smallwins.wins.show import card, drawn, groups

NOW = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)  # a Saturday
ENDS = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]


def win(moment: datetime, text: str = "Kept", number: int = 0, **others) -> Win:
    given = draft(text, moment, **others)
    return Win(number.to_bytes(16, "big"), 1, *given)


@pytest.mark.parametrize(
    ("moment", "label"),
    [
        ("2026-03-14T18:30", "this evening"),
        ("2026-03-14T18:00", "this evening"),
        ("2026-03-14T17:59", "this afternoon"),
        ("2026-03-14T12:00", "this afternoon"),
        ("2026-03-14T11:59", "this morning"),
        ("2026-03-14T05:00", "this morning"),
        ("2026-03-14T04:59", "last night"),
        ("2026-03-14T00:00", "last night"),
        ("2026-03-13T23:59", "Friday"),
        ("2026-03-10T10:00", "Tuesday"),
        ("2026-03-08T10:00", "Sunday"),
        ("2026-03-07T10:00", "7 March"),
        ("2026-01-01T10:00", "1 January"),
        ("2025-03-14T10:00", "14 March 2025"),
        ("0001-01-01T10:00", "1 January 0001"),
        ("9999-12-31T10:00", "31 December 9999"),
    ],
)
def test_it_says_when_as_a_person_would(moment, label):
    assert rules.when_label(datetime.fromisoformat(moment).replace(tzinfo=UTC), NOW) == label


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2026, 3, 14), "Today"),
        (date(2026, 3, 15), "Today"),
        (date(2026, 3, 13), "Yesterday"),
        (date(2026, 3, 12), "These days"),
        (date(2026, 3, 8), "These days"),
        (date(2026, 3, 7), "March"),
        (date(2025, 3, 14), "March 2025"),
        (date(1, 1, 1), "January 0001"),
    ],
)
def test_it_stands_under_a_heading(day, title):
    assert rules.heading(day, NOW.date()) == title


def test_it_never_counts_days():
    for days in range(0, 4000, 7):
        moment = NOW - timedelta(days=days)
        label = rules.when_label(moment, NOW)
        assert not re.search(r"\bago\b|\bdays\b|\bweeks?\b", label)
        assert all(int(number) in (moment.day, moment.year) for number in re.findall(r"\d+", label))


def test_it_has_headings_only_where_something_stands_under():
    wins = [win(NOW - timedelta(days=days), number=days) for days in (0, 0, 1, 40, 41, 400)]
    shown = groups(wins, NOW)
    assert [group["heading"] for group in shown] == ["Today", "Yesterday", "February", "February 2025"]
    assert [len(group["wins"]) for group in shown] == [2, 1, 2, 1]
    assert groups([], NOW) == []


@pytest.mark.parametrize("months", [("2026-02",), ("2026-03", "2026-02"), ("2026-03", "2025-03", "2024-03")])
def test_it_names_a_month_once_a_run(months):
    wins = [win(datetime.fromisoformat(f"{month}-0{9 - n}T10:00Z"), number=n) for month in months for n in range(8)]
    named = re.findall(r"<text[^>]*>([^<]*)</text>", drawn(wins, NOW))
    assert sorted(named) == sorted(rules.month_name(date.fromisoformat(f"{month}-01"), NOW.date()) for month in months)


def test_it_tells_the_clock_of_the_place_where_it_was():
    """Midnight in Tokyo is afternoon in Lisbon, and was midnight to the person."""
    shown = card(win(datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=9)))), NOW)
    assert (shown["when_label"], shown["when_long"]) == ("1 March", "Sunday, 1 March 2026, 00:30")


@pytest.mark.parametrize(
    ("door", "label"),
    [
        ("", ""),
        ("page", "arrived while locked, through the page"),
        ("win", "arrived while locked, through the terminal"),
        ("letter", "arrived while locked, through the letterbox"),
        ("my phone", "arrived while locked, through my phone"),
    ],
)
def test_it_says_how_a_letter_came(door, label):
    shown = card(win(NOW, door=door), NOW)
    assert shown["door_long"] == label
    assert bool(shown["door_label"]) == bool(label)


def test_it_shortens_without_changing():
    long = card(win(NOW, text="a" * 279 + " b and more"), NOW)
    assert long["excerpt"] == "a" * 279 + "…"
    assert card(win(NOW, text="a" * 280), NOW)["excerpt"] == "a" * 280


@pytest.mark.parametrize("moment", ENDS)
@pytest.mark.parametrize("offset", [-720, 0, 840, 10**6, -(10**6)])
def test_it_shows_both_ends_of_the_calendar(moment, offset):
    given = draft("Kept", moment)
    shown = Win(b"\x01" * 16, 1, *given._replace(offset=offset))
    assert groups([shown], NOW)[0]["wins"][0]["text"] == "Kept"
    assert drawn([shown], NOW)


@pytest.mark.database
@pytest.mark.parametrize("moment", ENDS)
def test_it_lists_both_ends_of_the_calendar(moment, alice):
    record = actions.keep(alice.vault, alice.reader, draft("Long ago or far off", moment), "k")
    for path in ("/wins/", f"/wins/{record.hex()}/", f"/wins/{record.hex()}/edit/"):
        assert "Long ago or far off" in alice.browser.get(path).content.decode()


@pytest.mark.database
@pytest.mark.parametrize("when", [10**12, -(10**12), 10**30])
def test_it_lists_the_rest_where_a_moment_is_beyond_the_calendar(when, alice):
    alice.has("Still readable")
    actions.keep(alice.vault, alice.reader, Draft("Beyond", when), "k")
    page = alice.browser.get("/wins/")
    assert (page.status_code, "Still readable" in page.content.decode()) == (200, True)

"""The list: newest first, under headings, a page at a time; what cannot be read is named, and the rest is there."""

import os

import pytest
from django.db import connection
from django.urls import reverse

from smallwins.book.memory import close_book
from smallwins.book.models import Letter, Page
from smallwins.portability.actions import bring_in
from smallwins.portability.reading import Line
from tests.web import html

pytestmark = pytest.mark.database


def brought(alice, *wins) -> None:
    """Wins of the past, as (text, when)."""
    report = bring_in(
        alice.reader,
        [Line(n, {"text": text, "at": at}) for n, (text, at) in enumerate(wins, 1)],
        alice.cast.clock.now(),
    )
    assert not report.bad


def listed(page) -> list[str]:
    return [win["text"] for group in page.context["groups"] for win in group["wins"]]


def flip_a_bit(row) -> None:
    sealed = bytearray(row.sealed)
    sealed[len(sealed) // 2] ^= 1
    type(row).objects.filter(pk=row.pk).update(sealed=bytes(sealed))


def test_it_is_empty_without_empty_boxes(alice):
    page = alice.browser.get("/wins/")
    assert (page.status_code, page.context["empty"], listed(page)) == (200, True, [])
    assert not html(page).all("section")
    assert not html(page).all("path")


def test_it_shows_the_newest_first_under_headings(alice):
    brought(
        alice,
        ("a year ago", "2025-03-10"),
        ("in February", "2026-02-01"),
        ("this morning", "2026-03-14T08:00"),
        ("yesterday", "2026-03-13T23:59"),
        ("some days ago", "2026-03-10T10:00"),
    )
    groups = alice.browser.get("/wins/").context["groups"]
    assert [(group["heading"], [win["text"] for win in group["wins"]]) for group in groups] == [
        ("Today", ["this morning"]),
        ("Yesterday", ["yesterday"]),
        ("These days", ["some days ago"]),
        ("February", ["in February"]),
        ("March 2025", ["a year ago"]),
    ]


def test_it_shows_wins_of_the_same_second_each_once(alice):
    brought(alice, *((f"win {number}", "2026-03-01T10:00:00") for number in range(75)))
    seen, path = [], "/wins/"
    while path:
        page = alice.browser.get(path)
        seen += listed(page)
        path = page.context["older_url"]
    assert sorted(seen) == sorted(f"win {number}" for number in range(75))


def test_its_order_is_the_same_in_every_process(alice):
    """Imported days without a time fall on the same second; another process must not turn their pages around."""
    brought(alice, *((f"win {number}", "2026-03-01") for number in range(40)))
    alice.browser.post(reverse("wins:hard", args=[alice.wins[35].record]))
    here = [win.record for win in alice.wins]
    close_book(alice.vault_id)
    assert [win.record for win in alice.wins] == here


def test_it_pages_through_a_hundred_and_back(alice):
    brought(alice, *((f"win {number}", f"2025-{1 + number // 28:02}-{1 + number % 28:02}") for number in range(100)))
    pages, path = [], "/wins/"
    while path:
        page = alice.browser.get(path)
        pages.append(listed(page))
        last, path = page, page.context["older_url"]
    assert [text for page in pages for text in page] == [f"win {number}" for number in reversed(range(100))]
    assert [len(page) for page in pages] == [30, 30, 30, 10]
    back, path = [pages[-1]], last.context["newer_url"]
    while path:
        page = alice.browser.get(path)
        back.append(listed(page))
        path = page.context["newer_url"]
    assert back == pages[::-1]


def test_its_page_stays_where_it_was_when_something_new_is_kept(alice):
    brought(alice, *((f"win {number}", f"2026-01-{1 + number % 28:02}") for number in range(40)))
    older = alice.browser.get("/wins/").context["older_url"]
    before = listed(alice.browser.get(older))
    alice.has("Something new")
    assert listed(alice.browser.get(older)) == before


def test_it_does_not_grow_with_what_it_holds(alice):
    sizes = []
    for number in (60, 600):
        brought(alice, *((f"win {number} {n}", "2026-01-01") for n in range(number)))
        sizes.append(len(alice.browser.get("/wins/").content))
    assert sizes[1] < 1.5 * sizes[0]  # the bends of the path are by chance


def test_it_asks_the_database_no_more_for_a_thousand_than_for_ten(alice, django_assert_max_num_queries):
    brought(alice, *((f"win {n}", "2026-01-01") for n in range(1000)))
    alice.browser.get("/wins/")
    with django_assert_max_num_queries(20):
        alice.browser.get("/wins/")


def test_it_shortens_a_long_win_and_shows_it_whole_by_itself(alice):
    win = alice.has("word " * 3000 + "end")
    assert len(alice.browser.get("/wins/").content) < 12_000
    assert win.text in alice.browser.get(reverse("wins:win", args=[win.record])).content.decode()


def test_it_says_what_arrived_while_locked_and_through_which_door(alice):
    alice.has("Kept while open")
    alice.lock()
    alice.keep("Kept while locked")
    alice.open_browser()
    doors = {win["text"]: win["door_long"] for g in alice.browser.get("/wins/").context["groups"] for win in g["wins"]}
    assert doors == {"Kept while open": "", "Kept while locked": "arrived while locked, through the page"}


@pytest.mark.parametrize("which", ["page", "letter"])
def test_it_names_what_cannot_be_read_and_shows_the_rest(which, alice):
    alice.has("Still readable")
    if which == "page":
        damaged = alice.has("Damaged").record
        flip_a_bit(Page.objects.get(id=damaged))
    else:
        alice.lock()
        alice.keep("Damaged")
        damaged = bytes(Letter.objects.get().id)
        flip_a_bit(Letter.objects.get())
        alice.open_browser()
    close_book(alice.vault_id)
    page = alice.browser.get("/wins/")
    assert (page.status_code, listed(page)) == (200, ["Still readable"])
    assert damaged.hex()[:8] in [words for under, words in html(page).text if under == "code"]
    assert alice.browser.get(reverse("wins:win", args=[damaged])).status_code == 404
    assert alice.keep("And keeping goes on").status_code == 200
    assert sorted(listed(alice.browser.get("/wins/"))) == ["And keeping goes on", "Still readable"]


@pytest.mark.parametrize("column", ["sealed", "revision", "generation", "kind", "id"])
def test_it_shows_nothing_that_was_moved_from_its_place(column, alice):
    """Whoever can write to the database cannot pass one row off as another."""
    alice.has("Still readable")
    page = Page.objects.get(id=alice.has("Moved").record)
    other = Page.objects.get(id=alice.has("Another").record)
    new = {"sealed": other.sealed, "revision": 2, "generation": 2, "kind": "tap", "id": os.urandom(16)}[column]
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Page._meta.db_table)
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [new, page.id])
    close_book(alice.vault_id)
    shown = alice.browser.get("/wins/")
    assert sorted(listed(shown)) == ["Another", "Still readable"]
    assert len(shown.context["unreadable"]) == 1

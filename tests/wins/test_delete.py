"""Deleting a win: gone from sight at once, back within ten minutes, destroyed after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from smallwins.book.actions import delete_page, destroy_deleted
from smallwins.book.memory import close_book
from smallwins.book.models import Page
from smallwins.cli.housekeeping import tidy_up
from tests.web import html

pytestmark = pytest.mark.database


def delete(alice, win):
    return alice.browser.post(reverse("wins:delete", args=[win.record]))


def undo(alice, win):
    return alice.browser.post(reverse("wins:undo", args=[win.record]))


@pytest.fixture
def win(alice):
    alice.has("Stays")
    return alice.has("Goes", before="kept it", marks=("hard",))


def test_it_is_gone_from_sight_at_once(win, alice):
    assert delete(alice, win)["Location"] == "/wins/"
    for path in ("wins:win", "wins:edit"):
        assert alice.browser.get(reverse(path, args=[win.record])).status_code == 404
    assert not alice.browser.post("/wins/search/", {"q": "Goes"}).context["wins"]
    assert alice.texts == ["Stays"]
    close_book(alice.vault_id)
    assert alice.texts == ["Stays"]


def test_it_offers_to_bring_it_back(win, alice):
    delete(alice, win)
    page = alice.browser.get("/wins/")
    forms = {form["action"]: form["fields"] for form in html(page).forms}
    path = reverse("wins:undo", args=[win.record])
    assert b"Goes" not in page.content
    assert alice.browser.post(path, forms[path])["Location"] == "/wins/"
    assert win in alice.wins
    assert b"Goes" in alice.browser.get("/wins/").content


def test_it_still_offers_it_after_another_look(win, alice, clock):
    """Ten minutes are ten minutes, not one page long."""
    delete(alice, win)
    alice.browser.get("/wins/")
    clock.move(minutes=5)
    assert reverse("wins:undo", args=[win.record]) in [
        form["action"] for form in html(alice.browser.get("/wins/")).forms
    ]


def test_it_offers_nothing_that_cannot_be_brought_back(win, alice, clock):
    delete(alice, win)
    clock.move(minutes=11)
    assert reverse("wins:undo", args=[win.record]) not in alice.browser.get("/wins/").content.decode()


@pytest.mark.parametrize(("seconds", "back"), [(0, True), (599, True), (600, False), (3600, False)])
@pytest.mark.parametrize("tidied", [False, True], ids=["", "tidied up"])
def test_it_can_be_undone_for_ten_minutes(seconds, back, tidied, win, alice, clock):
    delete(alice, win)
    clock.move(seconds=seconds)
    if tidied:
        tidy_up(alice.cast.home, clock.now())
    undo(alice, win)
    assert (win in alice.wins) == back


def test_it_is_destroyed_after_ten_minutes_and_not_before(win, alice, bob, clock):
    theirs = bob.has("Bob's own")
    delete(alice, win)
    bob.browser.post(reverse("wins:delete", args=[theirs.record]))
    rows = Page.objects.filter(id__in=[win.record, theirs.record])
    destroy_deleted(clock.now() + timedelta(minutes=9, seconds=59))
    assert rows.count() == 2
    destroy_deleted(clock.now() + timedelta(minutes=10))
    assert rows.count() == 0
    assert (alice.texts, bob.texts) == (["Stays"], [])


def test_it_is_gone_from_a_book_that_was_open_elsewhere(win, alice, clock):
    """Another process has it in memory, and does not look again before the row is destroyed."""
    assert win in alice.wins
    delete_page(alice.vault, win.record, clock.now())
    destroy_deleted(clock.now() + timedelta(minutes=10))
    assert alice.texts == ["Stays"]


def test_it_is_not_destroyed_once_it_was_brought_back(win, alice, clock):
    delete(alice, win)
    undo(alice, win)
    clock.move(hours=1)
    tidy_up(alice.cast.home, clock.now())
    assert win in alice.wins


def test_it_brings_nothing_back_that_was_not_deleted(win, alice):
    undo(alice, win)
    assert sorted(alice.texts) == ["Goes", "Stays"]


def test_it_deletes_twice_without_harm_or_more_time(win, alice, clock):
    delete(alice, win)
    clock.move(minutes=9)
    assert delete(alice, win).status_code == 404
    clock.move(minutes=2)
    undo(alice, win)
    assert alice.texts == ["Stays"]


def test_it_does_not_come_back_by_a_reload_of_the_form(alice):
    """Phones load a page again by themselves; what was deleted stays deleted."""
    alice.keep("Goes", form_key="one form")
    delete(alice, alice.wins[0])
    assert alice.keep("Goes", form_key="one form").status_code == 200
    assert (alice.texts, Page.objects.count()) == ([], 1)

"""Of a win that two devices changed, the person keeps one or both; nothing goes that they have not seen."""

import pytest
from django.test import Client

from smallwins.book.models import Page
from tests.web import html
from tests.wins.two_devices import address, choose, edit, form_of, listed, named, page, shown

pytestmark = pytest.mark.database


@pytest.mark.parametrize("kept", ["From there", "From here"])
@pytest.mark.parametrize("seen_on", ["From there", "From here"])
def test_it_keeps_the_one_that_is_chosen(kept, seen_on, two, alice):
    chosen = named(alice, kept)
    assert choose(alice, named(alice, seen_on), chosen)["Location"] == "/wins/"
    (left,) = alice.wins
    assert left.draft == chosen.draft._replace(beside="")
    assert (shown(alice, left), listed(alice)) == ([], {kept: ""})


@pytest.mark.parametrize(("kept", "again"), [("From there", "two versions"), ("From here", "")])
def test_it_brings_the_other_back_within_ten_minutes(kept, again, two, alice, clock):
    choose(alice, two, named(alice, kept))
    clock.move(minutes=9)
    alice.browser.post(alice.browser.get("/wins/").context["undo"]["url"])
    assert listed(alice) == {"From there": again, "From here": again}


def test_it_destroys_the_other_after_ten_minutes(two, alice, clock):
    choose(alice, two)
    clock.move(minutes=11)
    assert alice.browser.get("/wins/").context["undo"] is None
    assert alice.texts == ["From there"]


def test_it_chooses_twice_without_harm(two, alice):
    late = named(alice, "From here")
    form = next(one for one in html(page(alice, two)).forms if one["action"] == address("keep_this", late))
    for _ in range(2):
        assert alice.browser.post(form["action"], form["fields"])["Location"] == "/wins/"
    assert alice.texts == ["From here"]
    alice.browser.post(alice.browser.get("/wins/").context["undo"]["url"])
    assert sorted(alice.texts) == ["From here", "From there"]


def test_it_deletes_neither_where_two_devices_choose_differently(two, alice):
    late = named(alice, "From here")
    forms = {one["action"]: one["fields"] for one in html(page(alice, two)).forms}
    alice.browser.post(address("keep_this", two), forms[address("keep_this", two)])
    assert alice.browser.post(address("keep_this", late), forms[address("keep_this", late)]).status_code == 404
    assert alice.texts == ["From there"]


@pytest.mark.parametrize("kept", ["From there", "From here"])
@pytest.mark.parametrize("changed", ["From there", "From here"])
def test_it_deletes_nothing_that_the_person_has_not_seen(kept, changed, two, alice):
    """Between the page and the press, another device changes one of the two."""
    chosen, other = named(alice, kept), named(alice, changed)
    seen = html(page(alice, two)).form_with("seen")
    edit(alice, other, form_of(alice, other), text="Changed since")
    answer = alice.browser.post(address("keep_this", chosen), seen, follow=True)
    assert "Something here has just changed." in answer.content.decode()
    assert "Changed since" in shown(alice, two)
    assert len(alice.wins) == 2


@pytest.mark.parametrize("seen", [None, "", "x", "0" * 32 + ".1"])
def test_it_deletes_nothing_without_what_was_seen(seen, two, alice):
    sent = {} if seen is None else {"seen": seen}
    assert alice.browser.post(address("keep_this", two), sent)["Location"] == address("win", two)
    assert len(alice.wins) == 2


@pytest.mark.parametrize("changed", ["From there", "From here"])
def test_it_deletes_nothing_that_changes_while_it_is_chosen(changed, two, alice):
    """Both were as seen a moment ago, in memory; in the database one is newer by now."""
    seen = html(page(alice, two)).form_with("seen")
    chosen = next(win for win in alice.wins if win.text != changed)
    Page.objects.filter(id=named(alice, changed).record).update(revision=9)
    answer = alice.browser.post(address("keep_this", chosen), seen)
    assert answer["Location"] == address("win", chosen)
    assert Page.objects.filter(deleted_at=None).count() == 2


def test_it_chooses_nothing_where_there_is_one(win, alice):
    assert alice.browser.post(address("keep_this", win), {"seen": ""})["Location"] == "/wins/"
    assert alice.wins == [win]


@pytest.mark.parametrize("which", ["From there", "From here"])
def test_it_makes_two_wins_of_both(which, two, alice):
    one = named(alice, which)
    for _ in range(2):
        answer = alice.browser.post(address("keep_both", one), follow=True)
        assert "Each is a win of its own now." in answer.content.decode()
    assert {win.beside for win in alice.wins} == {""}
    assert listed(alice) == {"From there": "", "From here": ""}


def test_it_makes_wins_of_all_three(three, alice):
    alice.browser.post(address("keep_both", three))
    assert {win.beside for win in alice.wins} == {""}
    assert len(alice.wins) == 3


@pytest.mark.parametrize("name", ["keep_this", "keep_both"])
def test_it_chooses_only_from_our_own_page(name, two, alice):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.browser.cookies
    assert (
        strict.post(
            address(name, two), html(page(alice, two)).form_with("seen") | {"csrfmiddlewaretoken": ""}
        ).status_code
        == 403
    )
    assert len(alice.wins) == 2

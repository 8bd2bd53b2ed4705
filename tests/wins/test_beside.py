"""Two devices that change the same win: both edits are kept, and both are shown."""

import os
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from smallwins.book.actions import Entry, add_pages
from smallwins.book.memory import close_book
from smallwins.book.models import Page
from smallwins.home import spool
from smallwins.wins import actions
from smallwins.wins.draft import Draft, draft
from tests.book.test_take_in import good, letter
from tests.web import html
from tests.wins.two_devices import address, choose, edit, form_of, labels, listed, named, page, shown

pytestmark = pytest.mark.database


# --- Keeping both -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("Phone", "Laptop"), ("Laptop", "Phone")], ids=" ".join)
def test_it_keeps_both_and_shows_both_whichever_came_first(order, win, alice):
    forms = {device: form_of(alice, win) for device in order}
    for device in order:
        assert edit(alice, win, forms[device], text=device)["Location"] == address("win", win)
    assert shown(alice, win) == list(order)
    assert sorted(alice.texts) == sorted(order)


def test_it_says_so_plainly_and_shows_all_of_both(two, alice):
    for one in alice.wins:
        answer = page(alice, one)
        words = "".join(words for _, words in html(answer).text)
        assert "This was changed on two devices. Both are here." in words
        for said in ("From there", "said nothing", "From here", "my garden", "it was hard"):
            assert said in words
        assert [button for under, button in html(answer).text if under == "button"].count("Keep this one") == 2


def test_it_keeps_what_only_the_win_knows_but_its_source(two, alice):
    late = named(alice, "From here")
    assert (late.marks, late.source, late.beside) == (("hard", "later"), "", two.record.hex())
    assert named(alice, "From there").source == "abc"


@pytest.mark.parametrize("closed", [False, True])
def test_it_keeps_it_once_however_often_it_is_pressed(closed, win, alice):
    here = form_of(alice, win)
    edit(alice, win, form_of(alice, win), text="From there")
    for _ in range(3):
        edit(alice, win, here, text="From here")
        close_book(alice.vault_id) if closed else None
    assert shown(alice, win) == ["From there", "From here"]
    assert Page.objects.count() == 2


def test_it_keeps_it_once_where_another_device_comes_between(alice, clock):
    clock.move(seconds=15)
    win = alice.has("As it was")
    here = form_of(alice, win)
    edit(alice, win, form_of(alice, win), text="From there")
    edit(alice, win, here, text="From here")
    edit(alice, win, form_of(alice, win), day="2026-02-01", hard="on")
    edit(alice, win, here, text="From here")
    assert sorted(alice.texts) == ["From here", "From there"]


def test_it_does_not_come_back_by_a_reload_of_the_form(two, alice):
    late = named(alice, "From here")
    stale = form_of(alice, two) | {"revision": "1", "text": "Once more"}
    edit(alice, two, stale)
    alice.browser.post(address("delete", named(alice, "Once more")))
    edit(alice, two, stale)
    assert shown(alice, late) == ["From there", "From here"]


def test_it_keeps_other_words_from_the_same_form_too(win, alice):
    here = form_of(alice, win)
    edit(alice, win, form_of(alice, win), text="From there")
    edit(alice, win, here, text="From here")
    edit(alice, win, here, text="From here, and more")
    assert set(shown(alice, win)) == {"From there", "From here", "From here, and more"}


@pytest.mark.parametrize("which", ["From there", "From here"])
def test_it_does_not_keep_twice_what_is_there(which, two, alice):
    same = html(alice.browser.get(address("edit", named(alice, which)))).form_with("revision")
    edit(alice, two, same, revision="1", form_key="from one more device")
    assert sorted(alice.texts) == ["From here", "From there"]


def test_it_succeeds_where_the_same_form_is_sent_twice(win, alice):
    form = form_of(alice, win) | {"text": "Changed", "day": "2026-02-01", "time": "", "own_kind": "my garden"}
    for _ in range(2):
        edit(alice, win, form)
    assert alice.texts == ["Changed"]
    assert shown(alice, win) == []


def test_it_keeps_what_comes_without_a_key(win, alice):
    edit(alice, win, form_of(alice, win), text="From there")
    alice.browser.post(address("edit", win), {"text": "From here", "day": "2026-03-14", "revision": "1"})
    assert shown(alice, win) == ["From there", "From here"]


def test_its_id_hides_the_words(alice):
    """Who has the database may guess at the words; the key, which is nowhere but in the form, keeps them from it."""
    win = alice.has("As it was")
    records = set()
    for key in ("one key", "another"):
        actions.edit(alice.reader, win, win.draft._replace(text="Guessed"), 9, key)
        late = named(alice, "Guessed")
        records.add(late.record)
        Page.objects.filter(id=late.record).delete()
        close_book(alice.vault_id)
    assert len(records) == 2


def test_it_keeps_the_words_where_the_win_was_deleted_at_that_moment(win, alice):
    changed = win.draft._replace(text="From here")
    alice.browser.post(address("delete", win))
    record = actions.edit(alice.reader, win, changed, win.revision, "k")
    assert [(one.record, one.text) for one in alice.wins] == [(record, "From here")]
    assert shown(alice, alice.wins[0]) == []


# --- Three devices ----------------------------------------------------------------------------------------------


def test_it_keeps_what_three_devices_say(three, alice):
    assert sorted(alice.texts) == ["From here", "From there", "From there"]
    for one in alice.wins:
        assert sorted(shown(alice, one)) == ["From here", "From there", "From there"]
        assert "This was changed on more than one device. All of it is here." in page(alice, one).content.decode()
    assert {win.beside for win in alice.wins} == {"", three.record.hex()}


def test_it_stands_beside_the_first_and_never_beside_a_version(two, alice):
    late = named(alice, "From here")
    stale = form_of(alice, late)
    edit(alice, late, form_of(alice, late), text="From here again")
    edit(alice, late, stale, text="And once more")
    assert {win.text: win.beside for win in alice.wins} == {
        "From there": "",
        "From here again": two.record.hex(),
        "And once more": two.record.hex(),
    }
    assert shown(alice, two)[0] == "From there"
    assert sorted(shown(alice, late)) == ["And once more", "From here again", "From there"]


def test_it_keeps_one_of_three_and_brings_the_others_back(three, alice):
    late = named(alice, "From here")
    assert choose(alice, three, late)["Location"] == "/wins/"
    assert alice.texts == ["From here"]
    undo = alice.browser.get("/wins/").context["undo"]["url"]
    assert alice.browser.post(undo)["Location"] == "/wins/"
    assert sorted(alice.texts) == ["From here", "From there", "From there"]


# --- In the list ------------------------------------------------------------------------------------------------


def test_it_is_labelled_on_both_in_the_list_and_in_search(two, alice):
    alice.has("Another, from here")
    assert listed(alice) == {"From there": "two versions", "From here": "two versions", "Another, from here": ""}
    found = alice.browser.post("/wins/search/", {"q": "here"})
    assert labels(found.context["wins"]) == {"From here": "two versions", "Another, from here": ""}
    assert "<span>two versions</span>" in found.content.decode()


def test_it_says_more_where_there_are_more(three, alice):
    assert set(listed(alice).values()) == {"more versions"}


@pytest.mark.parametrize("which", ["From there", "From here"])
def test_it_is_an_ordinary_win_where_the_other_is_deleted(which, two, alice):
    gone, left = named(alice, which), next(win for win in alice.wins if win.text != which)
    alice.browser.post(address("delete", gone))
    assert (listed(alice), shown(alice, left)) == ({left.text: ""}, [])
    close_book(alice.vault_id)
    assert (listed(alice), shown(alice, left)) == ({left.text: ""}, [])
    alice.browser.post(address("undo", gone))
    assert shown(alice, left) == ["From there", "From here"]


def test_it_keeps_standing_beside_through_other_changes(two, alice):
    late = named(alice, "From here")
    alice.browser.post(address("hard", late))
    edit(alice, late, form_of(alice, late), text="From here, changed")
    edit(alice, two, form_of(alice, two), text="From there, changed")
    assert shown(alice, late) == ["From there, changed", "From here, changed"]


def test_it_is_the_same_in_a_book_opened_anew(three, alice):
    before = shown(alice, three)
    close_book(alice.vault_id)
    assert shown(alice, three) == before


def test_it_shows_all_of_a_chain_on_every_page_of_it(alice):
    """We write none, but a file may bring one in: beside what stands beside another is beside the first."""
    chain(alice, first := os.urandom(16))
    for one in alice.wins:
        assert shown(alice, one)[0] == "0"
        assert sorted(shown(alice, one)) == ["0", "1", "2", "3"]
    assert set(listed(alice).values()) == {"more versions"}
    alice.browser.post(reverse("wins:delete", args=[first]))
    for one in alice.wins:
        assert sorted(shown(alice, one)) == ["1", "2", "3"]


def test_it_keeps_one_of_a_chain_or_all_of_it(alice):
    chain(alice, os.urandom(16))
    choose(alice, named(alice, "3"), named(alice, "1"))
    assert alice.texts == ["1"]
    alice.browser.post(alice.browser.get("/wins/").context["undo"]["url"])
    alice.browser.post(address("keep_both", named(alice, "3")))
    assert len(alice.wins) == 4
    assert set(listed(alice).values()) == {""}


def chain(alice, *records: bytes) -> None:
    """Wins named "0" to "3", each beside the one before it."""
    records = (*records, *(os.urandom(16) for _ in range(3)))
    links = ["", *(record.hex() for record in records)]
    for number, record in enumerate(records):
        given = Draft(str(number), 1_773_000_000, beside=links[number])
        add_pages(alice.reader, [Entry(record, "win", given.as_json())])


# --- Strangers --------------------------------------------------------------------------------------------------


def test_a_letter_of_a_stranger_stands_beside_nothing(alice):
    own = alice.has("Alice's own words")
    spool.post(alice.cast.home, letter(alice, good("A stranger's", beside=own.record.hex())))
    assert listed(alice) == {"Alice's own words": "", "A stranger's": ""}
    assert {win.beside for win in alice.wins} == {""}


@pytest.mark.parametrize("beside", [5, [], "x", "A" * 32, "0" * 33, {}], ids=repr)
def test_a_letter_with_an_odd_one_is_not_let_in(beside, alice):
    own = alice.has("Alice's own words")
    spool.post(alice.cast.home, letter(alice, good("A stranger's", beside=beside)))
    assert alice.wins == [own]


def test_it_shows_nothing_of_bob_beside_it(alice, bob):
    theirs = bob.has("Bob's own words")
    given = draft("Alice's own words", alice.cast.clock.now(), beside=theirs.record.hex())
    actions.keep(alice.vault, alice.reader, given, "k")
    own = alice.wins[0]
    assert (listed(alice), shown(alice, own)) == ({"Alice's own words": ""}, [])
    assert listed(bob) == {"Bob's own words": ""}
    seen = urlencode({"seen": f"{theirs.record.hex()}.1 {own.record.hex()}.1"})
    kind = "application/x-www-form-urlencoded"
    assert alice.browser.post(address("keep_this", own), seen, content_type=kind).status_code == 302
    assert alice.browser.post(address("keep_this", theirs), seen, content_type=kind).status_code == 404
    assert alice.browser.post(address("keep_both", theirs)).status_code == 404
    assert (alice.texts, bob.texts) == (["Alice's own words"], ["Bob's own words"])


def test_it_survives_links_that_lead_in_a_circle(alice):
    """We write none; whatever a file or an older version may bring, the page comes to an end."""
    records = [os.urandom(16) for _ in range(3)]
    for record, other in zip(records, (*records[1:], records[0]), strict=True):
        add_pages(alice.reader, [Entry(record, "win", Draft(record.hex(), 1, beside=other.hex()).as_json())])
    itself = os.urandom(16)
    add_pages(alice.reader, [Entry(itself, "win", Draft("Itself", 1, beside=itself.hex()).as_json())])
    assert len(listed(alice)) == 4
    assert all(len(shown(alice, win)) == 3 for win in alice.wins if win.text != "Itself")
    assert shown(alice, named(alice, "Itself")) == []

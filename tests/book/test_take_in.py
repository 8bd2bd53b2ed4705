"""Letters become pages: from the spool, into the database, into the book; whoever wrote them."""

import io
import json
import os
import zipfile
from pathlib import Path

import jsonschema
import pytest

from smallwins.book import actions as book
from smallwins.book.memory import close_book
from smallwins.book.models import Letter, Page
from smallwins.cli import win
from smallwins.home import spool
from smallwins.home.spool import SpooledLetter
from smallwins.people.models import Vault
from smallwins.portability.bag import schema
from smallwins.vault.letters import seal_letter
from smallwins.vault.place import Place

pytestmark = pytest.mark.database


@pytest.fixture
def said(alice, monkeypatch):
    """`win` on Alice's computer."""
    monkeypatch.setenv("SMALLWINS_HOME", alice.cast.home.data)
    monkeypatch.setenv("SMALLWINS_KEYS", alice.cast.home.keys)
    return lambda *words: win.main(list(words))


def letter(alice, text: bytes, record: bytes = b"", **others) -> SpooledLetter:
    """A letter as anybody can write one who knows the public key."""
    record = record or os.urandom(16)
    vault = others.get("vault", alice.vault_id)
    place = Place(others.get("bound_to", vault), record, others.get("kind", "win"), 0, others.get("generation", 1))
    sealed = seal_letter(others.get("public_key", alice.root.public_key), place, text)
    return SpooledLetter(vault, record, others.get("generation", 1), sealed)


def good(text: str = "A good one", **others) -> bytes:
    return json.dumps({"text": text, "when": 1_773_000_000} | others).encode()


def waiting(alice) -> list[str]:
    return list(spool.waiting(alice.cast.home))


def test_it_makes_pages_of_what_win_has_kept(said, alice, clock):
    assert said("Got", "out", "of", "bed") == 0
    assert (len(waiting(alice)), Page.objects.count()) == (1, 0)
    book.take_in_spool(alice.cast.home)
    assert (waiting(alice), Letter.objects.count(), Page.objects.count()) == ([], 1, 0)
    book.take_in_letters(alice.reader)
    assert (Letter.objects.count(), Page.objects.count()) == (0, 1)
    assert [(kept.text, kept.door) for kept in alice.wins] == [("Got out of bed", "win")]


def test_it_takes_the_same_letter_in_once(alice):
    one = letter(alice, good())
    for _ in range(3):
        spool.post(alice.cast.home, one)
        assert alice.texts == ["A good one"]
    assert (waiting(alice), Letter.objects.count(), Page.objects.count()) == ([], 0, 1)


def test_it_goes_on_where_it_was_stopped_after_the_row_and_before_the_file(alice, monkeypatch):
    spool.post(alice.cast.home, letter(alice, good()))
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.book.actions.remove_if_there", lambda path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            book.take_in_spool(alice.cast.home)
    assert len(waiting(alice)) == 1
    assert alice.texts == ["A good one"]
    assert waiting(alice) == []


def test_it_goes_on_where_it_was_stopped_between_page_and_letter(alice, monkeypatch):
    alice.lock()
    alice.keep("Kept while locked")
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.book.actions._insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            book.take_in_letters(alice.reader)
    assert Letter.objects.count() == 1
    assert alice.texts == ["Kept while locked"]
    assert Letter.objects.count() == 0


def test_it_takes_in_more_than_one_batch(alice, monkeypatch):
    monkeypatch.setattr("smallwins.book.actions.BATCH", 7)
    for number in range(30):
        spool.post(alice.cast.home, letter(alice, good(f"win {number}")))
    assert sorted(alice.texts) == sorted(f"win {number}" for number in range(30))


def test_it_leaves_the_letters_of_an_unknown_vault_where_they_are(alice):
    foreign = letter(alice, good("Not ours"), vault=os.urandom(16))
    spool.post(alice.cast.home, foreign)
    spool.post(alice.cast.home, letter(alice, good()))
    assert alice.texts == ["A good one"]
    assert [spool.read(path) for path in waiting(alice)] == [foreign]


@pytest.mark.parametrize("content", [b"", b"not a letter", spool.MAGIC, spool.MAGIC + b"short"])
def test_it_leaves_a_damaged_file_where_it_is(content, alice):
    spool.post(alice.cast.home, letter(alice, good()))
    broken = Path(alice.cast.home.spool, "0" * 32 + ".letter")
    broken.write_bytes(content)
    assert alice.texts == ["A good one"]
    assert waiting(alice) == [str(broken)]


def test_it_takes_in_for_everybody_who_lives_here(alice, bob):
    spool.post(alice.cast.home, letter(alice, good("Bob's"), vault=bob.vault_id, public_key=bob.root.public_key))
    spool.post(alice.cast.home, letter(alice, good("Alice's")))
    assert (alice.texts, bob.texts) == (["Alice's"], ["Bob's"])


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"bound_to": b"somebody's vault"}, id="sealed for another vault"),
        pytest.param({"kind": "tap"}, id="sealed as another kind"),
        pytest.param({"generation": 2}, id="of a generation to come"),
        pytest.param({"public_key": "bob"}, id="sealed to somebody else"),
    ],
)
def test_a_letter_from_another_place_stays_a_letter_and_is_named(others, alice, bob):
    if others.get("public_key"):
        others = {"public_key": bob.root.public_key}
    moved = letter(alice, good("Moved here"), **others)
    spool.post(alice.cast.home, moved)
    spool.post(alice.cast.home, letter(alice, good()))
    page = alice.browser.get("/wins/")
    assert alice.texts == ["A good one"]
    assert page.context["unreadable"] == [moved.record.hex()[:8]]
    assert bytes(Letter.objects.get().id) == moved.record


STRANGE = {
    "no JSON": b"Got out of bed",
    "cut off": b'{"text": "Got',
    "nothing": b"",
    "a list": b"[]",
    "a number": b"5",
    "null": b"null",
    "a word": b'"text"',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep inside": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b', "when": 1}',
    "no text": b'{"when": 1}',
    "no moment": b'{"text": "Words"}',
    "text a number": good()[:-1] + b', "text": 5}',
    "text null": good()[:-1] + b', "text": null}',
    "text a list": good()[:-1] + b', "text": ["a"]}',
    "a lone surrogate": b'{"text": "\\ud800", "when": 1}',
    "not UTF-8": b'{"text": "\xff", "when": 1}',
    "moment a word": good(when="x"),
    "moment a fraction": good(when=1.5),
    "moment null": good(when=None),
    "moment NaN": b'{"text": "x", "when": NaN}',
    "moment infinite": b'{"text": "x", "when": Infinity}',
    "moment true": good(when=True),
    "moment far": good(when=10**30),
    "moment past": good(when=-(10**30)),
    "moment of 5000 digits": b'{"text": "x", "when": ' + b"9" * 5000 + b"}",
    "offset a word": good(offset="x"),
    "offset far": good(offset=10**30),
    "offset null": good(offset=None),
    "kind a list": good(kind=["x"]),
    "kind an object": good(kind={"x": 1}),
    "marks a number": good(marks=5),
    "marks of lists": good(marks=[["hard"]]),
    "marks of objects": good(marks=[{}]),
    "marks a word": good(marks="hard"),
    "before a number": good(before=5),
    "source a list": good(source=[1]),
    "source an object": good(source={}),
    "door an object": good(door={"a": 1}),
    "door long": good(door="d" * 10_000),
    "text long": good("x" * 200_000),
    "text blank": good("  "),
    "text with NUL": good("a\x00b"),
    "more than we know": good(streak=5, **{"<b>": "<script>"}),
    "a megabyte more": good(more="x" * 1_000_000),
}


def test_no_letter_of_a_stranger_keeps_the_rest_from_being_read(alice):
    """Everybody may write to a public key: whatever they write, every page still works, and every way to change it."""
    own = alice.has("Alice's own words")
    letters = {name: letter(alice, text) for name, text in STRANGE.items()}
    for name, strange in letters.items():
        spool.post(alice.cast.home, strange)
        shown = alice.browser.get("/wins/")
        assert shown.status_code == 200, name
        assert "own words" in shown.content.decode() or shown.context["older_url"], name
        assert alice.browser.post("/wins/search/", {"q": "own words"}).context["wins"], name
        path = f"/wins/{strange.record.hex()}/"
        assert {alice.browser.get(path).status_code, alice.browser.get(path + "edit/").status_code} <= {200, 404}, name
    close_book(alice.vault_id)
    assert own in alice.wins
    assert alice.keep("Kept after them").status_code == 200
    for path in ("/", "/wins/", "/what-counts/", f"/wins/{own.record.hex()}/edit/"):
        assert alice.browser.get(path).status_code == 200, path
    bag = zipfile.ZipFile(io.BytesIO(b"".join(alice.browser.post("/take-away/export/").streaming_content)))
    jsonschema.validate(json.loads(bag.read("wins.json")), json.loads(schema()))


def test_a_letter_always_says_through_which_door_it_came(alice):
    for record, door in enumerate(({}, {"door": ""}, {"door": "page"}, {"door": "my phone"})):
        spool.post(alice.cast.home, letter(alice, good(f"win {record}", **door)))
    doors = {kept.text: kept.door for kept in alice.wins}
    assert doors == {"win 0": "letter", "win 1": "letter", "win 2": "page", "win 3": "my phone"}


def test_a_letter_changes_no_page_that_is_there(alice):
    own = alice.has("Alice's own words")
    spool.post(alice.cast.home, letter(alice, good("Other words"), record=own.record))
    assert alice.wins == [own]
    assert (Letter.objects.count(), waiting(alice)) == (0, [])


def test_a_letter_brings_no_deleted_page_back(alice):
    alice.lock()
    alice.keep("Goes")
    sealed = Letter.objects.get()
    alice.open_browser()
    alice.browser.get("/wins/")
    alice.browser.post(f"/wins/{bytes(sealed.id).hex()}/delete/")
    Letter.objects.bulk_create([sealed])
    assert alice.texts == []


def test_letters_of_the_old_key_are_read_after_a_new_root(alice):
    alice.lock()
    alice.keep("Of the old key")
    alice.open_browser()
    old = Vault.objects.get()
    alice.browser.post("/lock/passphrase/", {"new": "plum kettle orbit", "again": "plum kettle orbit"})
    Letter.objects.all().update(generation=1)
    book.drop_letter(old, book.Entry(os.urandom(16), "win", good("Sealed meanwhile")))
    page = alice.browser.get("/wins/").content.decode()
    assert "Of the old key" in page
    assert "Sealed meanwhile" in page
    assert {each.generation for each in Page.objects.all()} == {2}


def test_two_that_take_in_at_once_make_no_doubles(alice):
    """Both have read the same letters before either has written."""
    alice.lock()
    for number in range(3):
        alice.keep(f"win {number}")
    letters = list(Letter.objects.all())
    alice.open_browser()
    assert len(alice.texts) == 3
    Letter.objects.bulk_create(letters)
    assert len(alice.texts) == 3
    assert Page.objects.count() == 3

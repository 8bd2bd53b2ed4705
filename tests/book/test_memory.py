"""Open books: up to date with what other processes write, closed by a lock, by idling, and for nobody else."""

import time

import pytest

from smallwins.book import actions as book
from smallwins.book import memory
from smallwins.book.models import Page
from smallwins.cli.housekeeping import tidy_up
from smallwins.people.models import Vault
from smallwins.people.ways import Reader

pytestmark = pytest.mark.database


class Elsewhere:
    """Another process: it shares the database, and no memory."""

    def __init__(self, somebody) -> None:
        self.reader = Reader(somebody.vault, somebody.root)
        self._books: dict = {}

    def texts(self) -> list[str]:
        ours, memory._books = memory._books, self._books
        try:
            return sorted(win.text for win in memory.open_book(self.reader).shelves["win"].index.wins)
        finally:
            memory._books = ours


def entry(text: str, record: bytes) -> book.Entry:
    return book.Entry(record, "win", f'{{"text": "{text}", "when": 1773000000}}'.encode())


def test_it_sees_what_another_process_does(alice, clock):
    there, record = Elsewhere(alice), b"the same record."
    assert there.texts() == alice.texts == []
    book.add_pages(alice.reader, [entry("First", record)])
    assert there.texts() == alice.texts == ["First"]
    book.replace_page(there.reader, entry("Second", record), 1)
    assert there.texts() == alice.texts == ["Second"]
    book.delete_page(alice.vault, record, clock.now())
    assert there.texts() == alice.texts == []
    book.undo_delete(alice.vault, record, clock.now())
    assert there.texts() == alice.texts == ["Second"]


def test_it_names_a_page_no_more_once_it_can_be_read_again(alice):
    """A damaged row that was put back from a copy."""
    win = alice.has("Mended")
    sealed = bytes(Page.objects.get().sealed)
    memory.close_book(alice.vault_id)
    for content, texts, unreadable in ((b"\x01" + b"0" * 300, [], set()), (sealed, ["Mended"], {win.record})):
        Page.objects.update(sealed=content, change=book.next_change(alice.vault))
        assert alice.texts == texts
        assert memory.open_book(alice.reader).unreadable == {win.record} - unreadable


def test_it_reads_only_what_has_changed(alice, monkeypatch):
    for number in range(20):
        alice.has(f"win {number}")
    assert len(alice.texts) == 20
    read = []
    real = memory.OpenBook._take
    monkeypatch.setattr(memory.OpenBook, "_take", lambda *args: (read.append(len(args[3])), real(*args)))
    alice.has("One more")
    assert len(alice.texts) == 21
    assert sum(read) == 1


@pytest.mark.parametrize("how", ["/lock/now/", "/leave/", "elsewhere"])
def test_it_is_closed_by_a_lock(how, alice, clock):
    alice.has("Alice's own words")
    assert memory.open_books().keys() == {alice.vault_id}
    if how == "elsewhere":
        alice.lock()
    else:
        alice.browser.post(how)
    tidy_up(alice.cast.home, clock.now())
    assert memory.open_books() == {}


def test_it_reads_nothing_from_a_book_of_before_a_lock(alice):
    alice.has("Alice's own words")
    before = memory.open_book(alice.reader)
    alice.lock()
    assert memory.open_book(alice.reader) is not before
    assert memory.open_books() == {alice.vault_id: alice.vault.epoch}


@pytest.mark.parametrize(
    ("minutes", "idle", "closed"), [(15, 14, False), (15, 16, True), (None, 50, False), (None, 61, True)]
)
def test_it_is_closed_when_nobody_reads(minutes, idle, closed, alice, clock, monkeypatch):
    Vault.objects.update(idle_minutes=minutes)
    alice.has("Alice's own words")
    now = time.monotonic()
    monkeypatch.setattr("smallwins.book.memory.time.monotonic", lambda: now + idle * 60)
    tidy_up(alice.cast.home, clock.now())
    assert (memory.open_books() == {}) == closed
    assert alice.texts == ["Alice's own words"]


def test_it_is_closed_when_everything_was_deleted(alice, clock):
    alice.has("Alice's own words")
    alice.browser.post("/delete-everything/", {"confirm": "delete everything"})
    tidy_up(alice.cast.home, clock.now())
    assert memory.open_books() == {}


def test_it_is_one_for_each_person(alice, bob, clock):
    alice.has("Alice's own words")
    bob.has("Bob's own words")
    assert (alice.texts, bob.texts) == (["Alice's own words"], ["Bob's own words"])
    alice.lock()
    tidy_up(alice.cast.home, clock.now())
    assert memory.open_books().keys() == {bob.vault_id}


def test_only_so_many_are_open_at_once(alice, bob, monkeypatch):
    monkeypatch.setattr("smallwins.book.memory.MOST_BOOKS", 1)
    monkeypatch.setattr("smallwins.book.memory._books", {})
    alice.has("Alice's own words")
    bob.has("Bob's own words")
    assert alice.texts == ["Alice's own words"]
    assert memory.open_books().keys() == {alice.vault_id}
    assert bob.texts == ["Bob's own words"]
    assert memory.open_books().keys() == {bob.vault_id}


def test_a_reader_with_another_root_reads_nothing(alice, bob):
    alice.has("Alice's own words")
    wrong = Reader(alice.vault, bob.root)
    assert Elsewhere(alice).texts() == ["Alice's own words"]
    there = Elsewhere(alice)
    there.reader = wrong
    assert there.texts() == []

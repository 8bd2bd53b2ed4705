"""Sealing anew under a new root: a batch at a time, killed and resumed, everything readable in between."""

from contextlib import suppress

import pytest

from smallwins.book import actions as book
from smallwins.book.memory import close_book, open_book
from smallwins.book.models import Page
from smallwins.people import actions as people
from smallwins.people.models import OlderRoot, Vault
from smallwins.people.ways import Reader
from tests.wins.test_list import brought

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def light(monkeypatch):
    monkeypatch.setattr("smallwins.vault.ways.ARGON2", {"memory_cost": 64, "iterations": 1, "lanes": 1})
    monkeypatch.setattr("smallwins.book.actions.BATCH", 10)


@pytest.fixture
def kept(alice) -> list[str]:
    texts = [f"win {number}" for number in range(45)]
    brought(alice, *((text, "2026-03-01") for text in texts))
    return sorted(texts)


def new_root(alice, reader: Reader | None = None) -> Reader:
    clock, home = alice.cast.clock, alice.cast.home
    return people.set_passphrase(reader or alice.reader, "plum kettle orbit", home, clock.now())


def read(reader: Reader) -> list[str]:
    """What a process reads that has just started."""
    close_book(reader.vault.id)
    return sorted(win.text for win in open_book(reader).shelves["win"].index.wins)


def generations() -> set[int]:
    return set(Page.objects.values_list("generation", flat=True))


def stopped_after(batches: int, monkeypatch):
    """A process that is killed after so many batches."""
    real, left = book._reseal_batch, [batches]

    def stopping(*args):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(*args)

    monkeypatch.setattr("smallwins.book.actions._reseal_batch", stopping)


@pytest.mark.parametrize("batches", [0, 1, 3, 5])
def test_it_goes_on_where_it_was_stopped(batches, alice, kept, monkeypatch):
    reader = new_root(alice)
    with monkeypatch.context() as patch:
        stopped_after(batches, patch)
        with pytest.raises(KeyboardInterrupt):
            book.catch_up(reader, alice.cast.home)
    assert generations() == ({1, 2} if 0 < batches < 5 else {1} if not batches else {2})
    assert Vault.objects.get().resealed == 1
    assert read(reader) == kept
    book.catch_up(Reader(alice.vault, reader.root), alice.cast.home)
    assert (generations(), Vault.objects.get().resealed) == ({2}, 2)
    assert read(reader) == kept


def test_it_can_be_changed_in_between(alice, kept, monkeypatch):
    reader = new_root(alice)
    with monkeypatch.context() as patch:
        stopped_after(2, patch)
        with pytest.raises(KeyboardInterrupt):
            book.catch_up(reader, alice.cast.home)
    for generation in (1, 2):
        page = Page.objects.filter(generation=generation).first()
        text = f'{{"text": "changed {generation}", "when": 1}}'.encode()
        book.replace_page(reader, book.Entry(bytes(page.id), "win", text), page.revision)
    book.delete_page(reader.vault, bytes(Page.objects.filter(generation=1).last().id), alice.cast.clock.now())
    assert {"changed 1", "changed 2"} <= set(read(reader))
    book.catch_up(Reader(alice.vault, reader.root), alice.cast.home)
    assert generations() == {2}
    assert len(read(reader)) == 44


def test_a_second_new_root_before_the_first_was_done_loses_nothing(alice, kept, monkeypatch):
    reader = new_root(alice)
    with monkeypatch.context() as patch:
        stopped_after(2, patch)
        with pytest.raises(KeyboardInterrupt):
            book.catch_up(reader, alice.cast.home)
    newest = new_root(alice, Reader(alice.vault, reader.root))
    assert read(newest) == kept
    book.catch_up(newest, alice.cast.home)
    assert generations() == {3}
    assert read(newest) == kept
    assert OlderRoot.objects.count() == 2


def test_it_leaves_a_damaged_page_as_it_is_and_comes_to_an_end(alice, kept):
    reader = new_root(alice)
    page = Page.objects.order_by("id")[20]
    damaged = bytes(page.sealed)[:-1] + bytes([bytes(page.sealed)[-1] ^ 1])
    Page.objects.filter(pk=page.pk).update(sealed=damaged)
    book.catch_up(reader, alice.cast.home)
    assert bytes(Page.objects.get(pk=page.pk).sealed) == damaged
    assert Vault.objects.get().resealed == 2
    assert len(read(reader)) == len(kept) - 1
    assert open_book(reader).unreadable == {bytes(page.id)}


def test_it_is_seen_by_a_book_that_was_open_all_along(alice, kept):
    """Nothing a reader sees changes by it."""
    open_book(alice.reader)
    reader = new_root(alice)
    book.catch_up(reader, alice.cast.home)
    assert sorted(win.text for win in open_book(reader).shelves["win"].index.wins) == kept


def test_nothing_more_is_sealed_for_the_old_key(alice, kept):
    """A request that held the old root when the passphrase was set, and writes after all was sealed anew."""
    late = alice.reader
    reader = new_root(alice)
    book.catch_up(reader, alice.cast.home)
    with suppress(book.Stale):  # to refuse it is as well as to seal it for the new key
        book.add_pages(late, [book.Entry(b"a late one......", "win", b'{"text": "Late", "when": 1}')])
    book.catch_up(Reader(alice.vault, reader.root), alice.cast.home)
    assert generations() == {2}


def test_it_touches_nobody_else(alice, bob, kept):
    theirs = bob.has("Bob's own")
    before = bytes(Page.objects.get(id=theirs.record).sealed)
    book.catch_up(new_root(alice), alice.cast.home)
    assert bytes(Page.objects.get(id=theirs.record).sealed) == before
    assert bob.texts == ["Bob's own"]

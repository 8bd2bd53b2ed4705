"""Open books: what an unlocked person reads from, opened once and kept in this process's memory.

Opening 100,000 pages takes tenths of a second, looking through them milliseconds, so nothing readable need ever be
written down to be found again. A book closes after idling, at a lock, and with the process. There is no index on disk.
"""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection
from django.db.models import QuerySet

from smallwins.book.models import Letter, Page
from smallwins.people.models import Vault
from smallwins.people.ways import Reader
from smallwins.vault.errors import CannotOpen, UnknownFormat
from smallwins.vault.pages import Opener

CHUNK = 5000
MOST_BOOKS = 200


# A record, its revision, and the JSON document as it was sealed, spaces behind it included. A plain tuple, because a
# hundred thousand of them are made at once.
OpenPage = tuple[bytes, int, bytes]


class Shelf(Protocol):
    """Where a room keeps the opened pages of one kind, in the shape it reads them in."""

    def put(self, pages: list[OpenPage]) -> list[bytes]:
        """Adds or replaces; returns the records it could not make sense of."""

    def drop(self, record: bytes) -> None: ...

    def settle(self) -> None:
        """Called after a round of puts and drops, before anybody reads."""


shelves: dict[str, Callable[[], Shelf]] = {}  # filled by the rooms when they are ready


class OpenBook:
    """One person's book in memory. Readers see a settled shelf; a refresh swaps what has changed."""

    def __init__(self, vault: Vault) -> None:
        self.epoch = vault.epoch
        self.used = time.monotonic()
        self.turn = threading.Lock()
        self._empty()

    def _empty(self) -> None:
        self.change = 0
        self.shelves = {kind: new() for kind, new in shelves.items()}
        self.unreadable: set[bytes] = set()

    def refresh(self, reader: Reader) -> None:
        """Reads the pages that changed since the last time."""
        changes, destroyed = Vault.objects.values_list("changes", "destroyed").get(id=reader.vault.id)
        with self.turn:
            if destroyed > self.change > 0:
                self._empty()  # something was deleted and destroyed since we looked; its row cannot tell us any more
            if changes > self.change:
                self._read(reader)
                self.change = changes

    def _read(self, reader: Reader) -> None:
        changed = Page.objects.filter(vault=reader.vault, change__gt=self.change)
        for record, kind in changed.exclude(deleted_at=None).values_list("id", "kind") if self.change else ():
            self._drop(bytes(record), kind)
        rows = changed.filter(deleted_at=None).values_list("id", "kind", "revision", "generation", "sealed")
        opener = Opener(reader.roots())
        with no_collecting():
            for batch in _batches(rows):
                self._take(reader.vault.id, opener, batch)
            for shelf in self.shelves.values():
                shelf.settle()

    def _drop(self, record: bytes, kind: str) -> None:
        self.unreadable.discard(record)
        if kind in self.shelves:
            self.shelves[kind].drop(record)

    def _take(self, vault: bytes, opener: Opener, rows: list[Any]) -> None:
        self.unreadable.difference_update([bytes(row[0]) for row in rows] if self.unreadable else ())
        opened: dict[str, list[OpenPage]] = {kind: [] for kind in self.shelves}
        for row_id, kind, revision, generation, sealed in rows:
            record = bytes(row_id)
            if kind not in opened:
                continue  # of a room that this version does not have
            try:
                text = opener.open_record(record, bytes(sealed), (vault, kind, revision, generation))
            except (CannotOpen, UnknownFormat):
                self.unreadable.add(record)
            else:
                opened[kind].append((record, revision, text))
        for kind, pages in opened.items():
            self.unreadable.update(self.shelves[kind].put(pages))


def _batches(rows: "QuerySet[Any, Any]") -> Iterator[list[Any]]:
    """The rows as the database gives them: Django's own look at each column would be a tenth of opening a book."""
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(CHUNK):
            yield batch


@contextmanager
def no_collecting() -> Iterator[None]:
    """Python would look through everything again and again for garbage that a growing book does not have."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_books: dict[bytes, OpenBook] = {}
_door = threading.Lock()


def open_book(reader: Reader) -> OpenBook:
    """The book of this reader, up to date. Only ever called with a root in hand."""
    with _door:
        book = _books.get(reader.vault.id)
        if book is None or book.epoch != reader.vault.epoch:
            _make_room()
            book = _books[reader.vault.id] = OpenBook(reader.vault)
        book.used = time.monotonic()
    book.refresh(reader)
    return book


def close_book(vault: bytes) -> None:
    with _door:
        _books.pop(vault, None)


def close_idle(idle_seconds: Callable[[bytes], float | None]) -> None:
    """Closes every book that has idled longer than its vault allows, or whose vault was locked by another process."""
    for vault, book in list(_books.items()):
        most = idle_seconds(vault)
        if most is None or time.monotonic() - book.used > most:
            close_book(vault)


def open_books() -> dict[bytes, int]:
    """Which books are open in this process, and of which epoch."""
    return {vault: book.epoch for vault, book in _books.items()}


def unreadable_letters(reader: Reader) -> Iterator[bytes]:
    """The letters that are still letters after taking in: those that do not open."""
    for record in Letter.objects.filter(vault=reader.vault).values_list("id", flat=True):
        yield bytes(record)


def _make_room() -> None:
    if len(_books) >= MOST_BOOKS:
        oldest = min(_books, key=lambda vault: _books[vault].used)
        _books.pop(oldest, None)

"""Keeping, changing and deleting wins."""

import hashlib

from smallwins.book import actions as book
from smallwins.book.actions import Entry
from smallwins.home import letterbox as letterboxes
from smallwins.home import spool
from smallwins.home.paths import Home
from smallwins.people import clock
from smallwins.people.models import Vault
from smallwins.people.ways import Reader
from smallwins.vault.letters import seal_letter
from smallwins.vault.place import ID_BYTES, Place
from smallwins.wins.draft import HARD, WIN, Draft
from smallwins.wins.shelf import Win

PAGE_DOOR = "page"


class NoLetterbox(Exception):
    """This home has no letterbox that this may go into."""


def keep(vault: Vault, reader: Reader | None, win: Draft, form_key: str) -> bytes:
    """Keeps a win and returns its record: a page for a reader, a letter while locked.

    The same words from the same form are kept once.
    """
    if reader is None:
        return post(vault, win._replace(door=PAGE_DOOR), form_key)
    record = _record(vault.id, win, form_key)
    book.add_pages(reader, [Entry(record, WIN, win.as_json())])
    return record


def post(vault: Vault, win: Draft, form_key: str) -> bytes:
    """Keeps a win as a letter, which says through which door it came, and returns its record."""
    record = _record(vault.id, win, form_key)
    book.drop_letter(vault, Entry(record, WIN, win.as_json()))
    return record


def keep_in_spool(home: Home, vault: Vault, win: Draft, form_key: str) -> bytes:
    """Keeps a win where the database cannot take it just now, as `win` does. Raises NoLetterbox, OSError."""
    box = _letterbox(home)
    if box.vault != vault.id:
        raise NoLetterbox
    record = _record(box.vault, win, form_key)
    place = Place(box.vault, record, WIN, 0, box.generation)
    sealed = seal_letter(box.public_key, place, win._replace(door=PAGE_DOOR).as_json())
    spool.post(home, spool.SpooledLetter(box.vault, record, box.generation, sealed))
    return record


def _letterbox(home: Home) -> letterboxes.Letterbox:
    try:
        box = letterboxes.read(home)
        if box is None:
            raise NoLetterbox
        letterboxes.check_pin(home, box)
    except (letterboxes.Damaged, letterboxes.KeyChanged) as error:
        raise NoLetterbox from error
    return box


def _record(vault: bytes, win: Draft, form_key: str) -> bytes:
    """An id that hides the words: `form_key` is random, and is nowhere but in the form."""
    return hashlib.sha256(f"{vault.hex()}\n{form_key}\n{win.text}".encode()).digest()[:ID_BYTES]


def change(reader: Reader, win: Win, draft: Draft, revision: int) -> None:
    """Raises book.Stale where the win was changed since `revision`."""
    book.replace_page(reader, Entry(win.record, WIN, draft.as_json()), revision)


def toggle_hard(reader: Reader, win: Win) -> None:
    """Raises book.Stale."""
    marks = set(win.draft.marks) ^ {HARD}
    change(reader, win, win.draft._replace(marks=tuple(sorted(marks))), win.revision)


def delete(reader: Reader, win: Win) -> None:
    book.delete_page(reader.vault, win.record, clock.now())


def can_undo(reader: Reader, record: bytes) -> bool:
    return book.can_undo(reader.vault, record, clock.now())


def undo_delete(reader: Reader, record: bytes) -> bool:
    return book.undo_delete(reader.vault, record, clock.now())

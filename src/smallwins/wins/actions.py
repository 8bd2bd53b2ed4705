"""Keeping, changing and deleting wins."""

import hashlib

from django.db import transaction

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
from smallwins.wins import queries
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


def edit(reader: Reader, win: Win, draft: Draft, revision: int, form_key: str) -> bytes:
    """Changes a win, and returns the record that shows it.

    Where it was changed since `revision`, on another device, the words are kept beside what is there now.
    """
    try:
        change(reader, win, draft, revision)
    except book.Stale:
        return _keep_beside(reader, win, draft, revision, form_key)
    return win.record


def _keep_beside(reader: Reader, win: Win, draft: Draft, revision: int, form_key: str) -> bytes:
    """The same edit is kept once, however often it comes. Beside the first win always, never beside a version of it."""
    typed, versions = _as_typed(draft), queries.versions_of(reader, win)
    for version in versions:
        if _as_typed(version.draft) == typed:
            return version.record
    hidden = f"{reader.vault.id.hex()}\n{win.record.hex()}\n{revision}\n{form_key}\n".encode() + typed.as_json()
    record = hashlib.sha256(hidden).digest()[:ID_BYTES]
    # Without its source: of two wins with one source, an import would take only one in.
    late = draft._replace(source="", beside=win.beside or win.record.hex())
    book.add_pages(reader, [Entry(record, WIN, late.as_json())])
    return win.record if win.record in {version.record for version in versions} else record


def _as_typed(draft: Draft) -> Draft:
    """What the form asks for. It takes the rest, and the seconds, from the win: a second time that may be another."""
    marks = (HARD,) if draft.hard else ()
    return draft._replace(when=int(draft.when // 60), marks=marks, door="", source="", beside="")


@transaction.atomic
def choose(reader: Reader, chosen: Win, seen: str) -> list[Win]:
    """Keeps one version alone, and returns those it deleted.

    Raises book.Stale where the versions are not those that were `seen`, or change meanwhile; then none is deleted.
    """
    versions = queries.versions_of(reader, chosen)
    others = [version for version in versions if version.record != chosen.record]
    if others and seen != queries.seen(versions):
        raise book.Stale
    for other in others:
        book.delete_page(reader.vault, other.record, clock.now(), other.revision)
    keep_all(reader, [chosen])
    return others


@transaction.atomic
def keep_all(reader: Reader, versions: list[Win]) -> None:
    """Makes each version a win of its own. Raises book.Stale."""
    for version in versions:
        if version.beside:
            change(reader, version, version.draft._replace(beside=""), version.revision)


def toggle_hard(reader: Reader, win: Win) -> None:
    """Where another device was quicker, the newest is marked as this one was to be. Raises book.Stale, Http404."""
    hard = not win.draft.hard
    try:
        _mark_hard(reader, win, hard)
    except book.Stale:
        _mark_hard(reader, queries.win_of(reader, win.record), hard)


def _mark_hard(reader: Reader, win: Win, hard: bool) -> None:
    marks = set(win.draft.marks) - {HARD} | ({HARD} if hard else set())
    change(reader, win, win.draft._replace(marks=tuple(sorted(marks))), win.revision)


def delete(reader: Reader, win: Win) -> None:
    book.delete_page(reader.vault, win.record, clock.now())


def can_undo(reader: Reader, record: bytes) -> bool:
    return book.can_undo(reader.vault, record, clock.now())


@transaction.atomic
def undo_delete(reader: Reader, records: list[bytes]) -> bool:
    """Whether there was still something to bring back."""
    back = [book.undo_delete(reader.vault, record, clock.now()) for record in records]
    return any(back)

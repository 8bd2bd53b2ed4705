"""A person's own one-tap wins, sealed like everything they write."""

import json
import os

from smallwins.book.actions import Entry, add_pages, delete_page
from smallwins.book.memory import OpenPage, open_book
from smallwins.people import clock
from smallwins.people.ways import Reader
from smallwins.vault.place import ID_BYTES
from smallwins.wins import catalogue
from smallwins.wins.catalogue import Tap
from smallwins.wins.draft import tidy

TAP = "tap"


class TapShelf:
    """Takes pages of the kind "tap" in."""

    def __init__(self) -> None:
        self.taps: dict[bytes, Tap] = {}

    def put(self, pages: list[OpenPage]) -> list[bytes]:
        bad = []
        for record, _, text in pages:
            try:
                parts = json.loads(text)
                self.taps[record] = Tap(record.hex(), parts["text"], parts.get("kind", ""))
            except (ValueError, KeyError, TypeError, RecursionError):
                bad.append(record)
        return bad

    def drop(self, record: bytes) -> None:
        self.taps.pop(record, None)

    def settle(self) -> None:
        """Nothing to put in order."""


def own_taps(reader: Reader) -> list[Tap]:
    shelf = open_book(reader).shelves[TAP]
    assert isinstance(shelf, TapShelf)
    return list(shelf.taps.values())


def tapped(value: str, reader: Reader | None) -> Tap | None:
    """The tap whose button was pressed, from what the button sends: an id, with the words of one's own behind it."""
    identity, _blank, words = value.partition(" ")
    known = catalogue.taps().get(identity)
    if known or not identity:
        return known
    own = {tap.id: tap for tap in own_taps(reader)} if reader else {}
    # Locked, or removed in another tab: what was pressed is true all the same, and its words came with it.
    return own.get(identity) or (Tap(identity, words, "") if len(identity) == 32 and words else None)


def add_tap(reader: Reader, text: str, kind: str) -> None:
    """Raises CannotKeep."""
    parts = {"text": tidy(text), "kind": kind}
    add_pages(reader, [Entry(os.urandom(ID_BYTES), TAP, json.dumps(parts, ensure_ascii=False).encode())])


def remove_tap(reader: Reader, record: bytes) -> None:
    delete_page(reader.vault, record, clock.now())

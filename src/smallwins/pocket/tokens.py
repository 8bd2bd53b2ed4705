"""Tokens that may only add: what a phone shortcut or a script keeps wins with.

The name a person gives one is sealed twice: as a page of the book, for the list, and under the token itself, so that a
win kept with it can say through what it came. The database holds neither the name nor the token.
"""

import json
from datetime import datetime
from typing import NamedTuple

from django.db import models, transaction

from smallwins.book.actions import Entry, add_pages, delete_page
from smallwins.book.memory import OpenPage, open_book
from smallwins.people import adders, clock
from smallwins.people.devices import seen_label
from smallwins.people.models import Adder
from smallwins.people.ways import Reader

TOKEN = "token"  # noqa: S105  the record type
MOST = 20
MOST_NAME_CHARACTERS = 40


class TooManyTokens(Exception):
    """End one first."""


class Token(NamedTuple):
    """A line of the list."""

    id_hex: str
    name: str
    seen_label: str


class TokenShelf:
    """Takes pages of the kind "token" in: the names."""

    def __init__(self) -> None:
        self.names: dict[bytes, str] = {}

    def put(self, pages: list[OpenPage]) -> list[bytes]:
        bad = []
        for record, _, text in pages:
            try:
                self.names[record] = str(json.loads(text)["name"])
            except (ValueError, KeyError, TypeError, RecursionError):
                bad.append(record)
        return bad

    def drop(self, record: bytes) -> None:
        self.names.pop(record, None)

    def settle(self) -> None:
        """Nothing to put in order."""


def tokens_of(reader: Reader, now: datetime) -> list[Token]:
    """In the order they were made."""
    shelf = open_book(reader).shelves[TOKEN]
    assert isinstance(shelf, TokenShelf)
    return [
        Token(bytes(row.id).hex(), shelf.names.get(bytes(row.id), "?"), _seen(row, now))
        for row in _rows(reader).order_by("created_at")
    ]


def _seen(row: Adder, now: datetime) -> str:
    return seen_label(row.seen_at, now) if row.seen_at != row.created_at else ""


@transaction.atomic
def add_token(reader: Reader, name: str, now: datetime) -> str:
    """The token, seen only now. Raises TooManyTokens."""
    if _rows(reader).count() >= MOST:
        raise TooManyTokens
    adder, written = adders.new_adder(reader.vault, adders.Kind.TOKEN, now, name=name)
    add_pages(reader, [Entry(bytes(adder.id), TOKEN, json.dumps({"name": name}, ensure_ascii=False).encode())])
    return written


def end_token(reader: Reader, id_hex: str) -> bool:
    """From now on it adds nothing. False where there is none of that id."""
    for row in _rows(reader):
        if bytes(row.id).hex() == id_hex:
            adders.end(row)
            delete_page(reader.vault, bytes(row.id), clock.now())  # its name; what it kept says it already
            return True
    return False


def _rows(reader: Reader) -> "models.QuerySet[Adder]":
    return Adder.objects.filter(vault=reader.vault, kind=Adder.Kind.TOKEN)

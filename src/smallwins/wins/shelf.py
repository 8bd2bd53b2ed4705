"""Wins as they stand on the shelf of an open book: in memory, newest first, ready to list and to look through."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from smallwins.book.memory import OpenPage
from smallwins.language.look_up import Texts
from smallwins.wins.draft import Draft


class Win(NamedTuple):
    """record: 16 bytes. revision: counts edits from 1. The rest is its draft, flat, to be half the size in memory."""

    record: bytes
    revision: int
    text: str
    when: float
    offset: int
    kind: str
    marks: tuple[str, ...]
    before: str
    door: str
    source: str

    @property
    def draft(self) -> Draft:
        return Draft._make(self[2:])


class Index:
    """All wins at one moment, newest first. Never changed: a change makes a new one."""

    def __init__(self, wins: list[Win]) -> None:
        self.wins = wins

    @cached_property
    def _texts(self) -> Texts:
        return Texts([f"{win.text}\n{win.before}" if win.before else win.text for win in self.wins])

    def find(self, query: str) -> Iterator[Win]:
        return (self.wins[position] for position in self._texts.find(query))

    def position(self, win: Win) -> int:
        start = bisect_left(self.wins, newest_first(win), key=newest_first)
        return self.wins.index(win, start)

    @cached_property
    def returned_to(self) -> Counter[str]:
        """How often each kind stands in the last 500 wins: only to put first what a person returns to; never shown."""
        return Counter(win.kind for win in self.wins[:500] if win.kind)


class WinShelf:
    """Takes pages of the kind "win" in. `index` is what readers use."""

    def __init__(self) -> None:
        self._wins: dict[bytes, Win] = {}
        self.index = Index([])

    def put(self, pages: list[OpenPage]) -> list[bytes]:
        try:
            # One document instead of thousands: three times as fast, and the spaces behind each do not matter.
            parsed = json.loads(b"[" + b",".join(text for _, _, text in pages) + b"]")
            wins = [_win(page, parts) for page, parts in zip(pages, parsed, strict=True)]
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._put_one_by_one(pages)
        self._wins.update((win.record, win) for win in wins)
        return []

    def _put_one_by_one(self, pages: list[OpenPage]) -> list[bytes]:
        if len(pages) == 1:
            return [pages[0][0]]
        return [record for page in pages for record in self.put([page])]

    def drop(self, record: bytes) -> None:
        self._wins.pop(record, None)

    def settle(self) -> None:
        # First by record, so that the same moment has the same order in every process.
        self.index = Index(sorted(sorted(self._wins.values(), key=itemgetter(0)), key=newest_first))

    def get(self, record: bytes) -> Win | None:
        return self._wins.get(record)


def _win(page: OpenPage, parts: dict[str, Any]) -> Win:
    """Raises KeyError, TypeError, AttributeError on what we did not write."""
    get = parts.get
    marks = get("marks")
    return Win(
        page[0],
        page[1],
        parts["text"],
        parts["when"],
        get("offset", 0),
        get("kind", ""),
        tuple(marks) if marks else (),
        get("before", ""),
        get("door", ""),
        get("source", ""),
    )


def newest_first(win: Win) -> float:
    return -win.when

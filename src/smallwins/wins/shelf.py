"""Wins as they stand on the shelf of an open book: in memory, newest first, ready to list and to look through."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from heapq import merge
from operator import itemgetter
from typing import Any, NamedTuple

from smallwins.book.memory import OpenPage
from smallwins.language.look_up import Texts
from smallwins.wins.draft import Draft
from smallwins.wins.versions import versions_of_all

FEW = 300  # so many changes are worked into an index; more of them, and it is made anew


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
    beside: str

    @property
    def draft(self) -> Draft:
        return Draft._make(self[2:])


record_of, beside_of = itemgetter(0), itemgetter(10)  # as fields they take three times as long, for every win
new_tuple = tuple.__new__
by_moment = itemgetter(3, 0)  # of the same moment, by record: so the order is the same in every process


class Folded:
    """Wins at one moment with their words folded for looking up, once somebody looks."""

    def __init__(self, wins: list[Win]) -> None:
        self._wins = wins

    @cached_property
    def _texts(self) -> Texts:
        return Texts([f"{win.text}\n{win.before}" if win.before else win.text for win in self._wins])

    def find(self, query: str) -> Iterator[Win]:
        return (self._wins[position] for position in self._texts.find(query))


class Index:
    """All wins at one moment, newest first. Never changed: a change makes a new one.

    Folding every word takes a tenth of a second with 100,000 wins. So after a few changes the folded words of before
    are looked through, and those of the changed wins beside them.
    """

    def __init__(self, wins: list[Win], base: Folded | None = None, changed: dict[bytes, Win | None] | None = None):
        self.wins = wins
        self._base, self._changed = base or Folded(wins), changed or {}

    def find(self, query: str) -> Iterator[Win]:
        """Newest first, and lazily: stop when you have enough."""
        unchanged = (win for win in self._base.find(query) if win.record not in self._changed)
        fresh = sorted(filter(None, self._changed.values()), key=by_moment, reverse=True)
        return merge(unchanged, Folded(fresh).find(query), key=by_moment, reverse=True)

    def position(self, win: Win) -> int:
        """Where a win stands, or would stand."""
        place = bisect_left(self.wins, -win.when, key=lambda other: -other.when)
        while place < len(self.wins) and by_moment(self.wins[place]) > by_moment(win):
            place += 1
        return place

    def with_changes(self, changes: dict[bytes, tuple[Win | None, Win | None]]) -> "Index":
        """A new index. changes: what stood there before, and what stands there now, by record."""
        changed = self._changed | {record: now for record, (_, now) in changes.items()}
        fresh = Index(self.wins.copy(), self._base, changed)
        for before, now in changes.values():
            if before:
                del fresh.wins[fresh.position(before)]
            if now:
                fresh.wins.insert(fresh.position(now), now)
        return fresh if len(changed) <= FEW else Index(fresh.wins)

    @cached_property
    def returned_to(self) -> Counter[str]:
        """How often each kind stands in the last 500 wins: only to put first what a person returns to; never shown."""
        return Counter(win.kind for win in self.wins[:500] if win.kind)


class WinShelf:
    """Takes pages of the kind "win" in. `index` is what readers use."""

    def __init__(self) -> None:
        self._wins: dict[bytes, Win] = {}
        self._before: dict[bytes, Win | None] = {}  # what the index still has of the wins that changed
        self._beside: dict[bytes, bytes] = {}  # the few that stand beside another, and what they stand beside
        self._versions: dict[bytes, list[bytes]] = {}
        self.index = Index([])

    def put(self, pages: list[OpenPage]) -> list[bytes]:
        try:
            # One document instead of thousands: three times as fast, and the spaces behind each do not matter.
            parsed = json.loads(b"[" + b",".join([text for _, _, text in pages]) + b"]")
            wins = [_win(page, parts) for page, parts in zip(pages, parsed, strict=True)]
            beside = {win.record: bytes.fromhex(win.beside) for win in filter(beside_of, wins)}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return self._put_one_by_one(pages)
        self._remember(win.record for win in wins)
        self._wins.update(zip(map(record_of, wins), wins, strict=True))
        self._beside |= beside
        return []

    def _put_one_by_one(self, pages: list[OpenPage]) -> list[bytes]:
        if len(pages) == 1:
            return [pages[0][0]]
        return [record for page in pages for record in self.put([page])]

    def drop(self, record: bytes) -> None:
        self._remember([record])
        self._wins.pop(record, None)

    def _remember(self, records: Iterable[bytes]) -> None:
        if self.index.wins and len(self._before) <= FEW:
            for record in records:
                self._before.setdefault(record, self._wins.get(record))

    def settle(self) -> None:
        if self.index.wins and len(self._before) <= FEW:
            changes = {record: (before, self._wins.get(record)) for record, before in self._before.items()}
            self.index = self.index.with_changes(changes)
        else:
            self.index = Index(sorted(self._wins.values(), key=by_moment, reverse=True))
        self._before = {}
        self._settle_versions()

    def _settle_versions(self) -> None:
        """All anew from those few, and swapped at once: somebody may be reading."""
        here = ((record, self._wins.get(record)) for record in self._beside)
        self._beside = {record: self._beside[record] for record, win in here if win and win.beside}
        self._versions = versions_of_all(self._beside, self._wins)

    def get(self, record: bytes) -> Win | None:
        return self._wins.get(record)

    def versions(self, win: Win) -> list[Win]:
        """All that is there of a win that was changed on two devices, what came first at the front; else it alone."""
        records = self._versions.get(win.record, [win.record])
        return [found for record in records if (found := self._wins.get(record))]


def _win(page: OpenPage, parts: dict[str, Any]) -> Win:
    """Raises KeyError, TypeError, AttributeError on what we did not write."""
    get = parts.get
    marks = get("marks")
    # Past NamedTuple's own constructor, which takes half the time of all of this.
    return new_tuple(
        Win,
        (
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
            get("beside", ""),
        ),
    )

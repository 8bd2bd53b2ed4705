"""Finding texts by words: every word asked for, in any order, at the start of a word; phrases in quotes; small typing
errors forgiven. Pure, and kept in memory only: the folded texts are one long string, which is quick to look through.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from smallwins.language.fold import BREAK, fold, fold_lines

QUOTED = re.compile(r"""["“”„«»]([^"“”„«»]+)["“”„«»]""")
PIECE = 2000  # texts
MOST_TERMS = 12
MOST_SPELLINGS = 12


class Texts:
    """A fixed sequence of texts to look things up in."""

    def __init__(self, texts: Sequence[str]) -> None:
        # A blank before and after each word, so that " wal" is the start of one and " walk " all of it.
        self._folded = f"{BREAK} {fold_lines(texts)} {BREAK}"

    @cached_property
    def _starts(self) -> "array[int]":
        return array("L", (match.end() for match in re.finditer(BREAK, self._folded)))[:-1]

    @cached_property
    def _words(self) -> list[str]:
        """Every word there is, once. Read in pieces: all words of all texts at once would be ten times as big."""
        found: set[str] = set()
        for start in range(0, len(self._starts), PIECE):
            end = self._starts[start + PIECE] if start + PIECE < len(self._starts) else len(self._folded)
            found.update(self._folded[self._starts[start] : end].split())
        return list(found)

    def find(self, query: str) -> Iterator[int]:
        """The positions of the texts that hold all of it, in their order. Lazy: stop when you have enough."""
        needles = [self._spellings(term) for term in terms(query)]
        if not needles or not all(needles):
            return
        if len(needles) > 1:  # begin with the rarest
            needles.sort(key=lambda spellings: sum(map(self._folded.count, spellings)))
        rarest, others = needles[0], needles[1:]
        for position in self._positions(rarest):
            text = self._text(position)
            if all(any(spelling in text for spelling in spellings) for spellings in others):
                yield position

    def _spellings(self, term: str) -> list[str]:
        """The term itself where it occurs; else the words that are it but for a slip of the hand."""
        if f" {term}" in self._folded:
            return [f" {term}"]
        slips = allowed_slips(term)
        if not slips:
            return []
        close = extract(term, self._words, scorer=OSA.distance, score_cutoff=slips, limit=MOST_SPELLINGS)
        return [f" {word} " for word, _, _ in close]

    def _positions(self, spellings: list[str]) -> Iterator[int]:
        if len(spellings) > 1:
            return self._matching(re.compile("|".join(map(re.escape, spellings))))
        return self._holding(spellings[0])

    def _holding(self, words: str) -> Iterator[int]:
        """Four times as fast as a pattern, which would stop at every blank."""
        found = self._folded.find(words)
        while found >= 0:
            position = bisect_right(self._starts, found) - 1
            yield position
            found = self._folded.find(words, self._end(position))

    def _matching(self, pattern: re.Pattern[str]) -> Iterator[int]:
        match = pattern.search(self._folded)
        while match:
            position = bisect_right(self._starts, match.start()) - 1
            yield position
            match = pattern.search(self._folded, self._end(position))

    def _text(self, position: int) -> str:
        return self._folded[self._starts[position] : self._end(position)]

    def _end(self, position: int) -> int:
        return self._folded.index(BREAK, self._starts[position])


def terms(query: str) -> list[str]:
    """The words and the quoted phrases of a query, folded: 'no "to him"' → ['to him', 'no']."""
    phrases = QUOTED.findall(query)
    rest = QUOTED.sub(" ", query)
    found = [fold(phrase) for phrase in phrases] + fold(rest).split()
    return [term for term in dict.fromkeys(found) if term][:MOST_TERMS]


def allowed_slips(term: str) -> int:
    """How many letters may be wrong, missing, too many or swapped."""
    if len(term) < 4 or " " in term:
        return 0
    return 1 if len(term) < 8 else 2

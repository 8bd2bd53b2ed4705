"""Reading wins: a page of the list, a search, one win, the taps a person returns to."""

from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.http import Http404

from smallwins.book.actions import catch_up
from smallwins.book.memory import OpenBook, open_book, unreadable_letters
from smallwins.people.ways import Reader
from smallwins.wins import catalogue
from smallwins.wins.catalogue import Tap
from smallwins.wins.draft import WIN
from smallwins.wins.shelf import Index, Win, WinShelf
from smallwins.wins.taps import own_taps

PAGE = 30
PATH = 48  # pebbles on one picture: on a phone the first card still shows below it


class ListPage(NamedTuple):
    """wins: newest first. path: those and more, for the picture. older, newer: where that page begins, if any."""

    wins: list[Win]
    path: list[Win]
    older: bytes | None
    newer: bytes | None
    at_top: bool


def book_of(reader: Reader) -> OpenBook:
    """The open book, with all that has arrived since taken in."""
    catch_up(reader, settings.HOME)
    return open_book(reader)


def index_of(reader: Reader) -> Index:
    return _shelf(reader).index


def all_wins(reader: Reader) -> list[Win]:
    """Newest first."""
    return index_of(reader).wins


def win_of(reader: Reader, record: bytes) -> Win:
    """Raises Http404 where it is not this reader's, or not there."""
    win = _shelf(reader).get(record)
    if win is None:
        raise Http404
    return win


def versions_of(reader: Reader, win: Win) -> list[Win]:
    """All that is there of a win that was changed on two devices, what came first at the front; else it alone."""
    return _shelf(reader).versions(win)


def seen(versions: list[Win]) -> str:
    """What a form says that somebody had before them: a choice is made between these, and no others."""
    return " ".join(f"{win.record.hex()}.{win.revision}" for win in versions)


def several(reader: Reader, wins: list[Win]) -> dict[bytes, int]:
    """Of these wins, which were just read, those of which there is more than one version, and how many."""
    shelf = _wins_in(open_book(reader))
    found = {win.record: len(shelf.versions(win)) for win in wins}
    return {record: versions for record, versions in found.items() if versions > 1}


def list_page(reader: Reader, begin: bytes | None) -> ListPage:
    """The page that begins with the win `begin`, or the newest page. Raises Http404."""
    shelf = _shelf(reader)
    index = shelf.index
    first = shelf.get(begin) if begin else None
    if begin and not first:
        raise Http404
    start = index.position(first) if first else 0
    wins = index.wins
    older = wins[start + PAGE].record if start + PAGE < len(wins) else None
    newer = wins[max(0, start - PAGE)].record if start else None
    return ListPage(wins[start : start + PAGE], wins[start : start + PATH], older, newer, start == 0)


def search(reader: Reader, query: str, begin: int) -> tuple[list[Win], int | None]:
    """One page of what is found, newest first, and where the next begins. Nothing is counted."""
    found = list(islice(index_of(reader).find(query), begin, begin + PAGE + 1))
    return found[:PAGE], (begin + PAGE if len(found) > PAGE else None)


def unreadable(reader: Reader) -> list[str]:
    """What is kept but does not open, by short ids."""
    return [record.hex()[:8] for record in (*sorted(book_of(reader).unreadable), *unreadable_letters(reader))]


def taps_for(reader: Reader | None) -> list[Tap]:
    """The first row on Today: the person's own, then ours, the kinds they return to first."""
    if reader is None:
        return list(catalogue.first_taps())
    returned = index_of(reader).returned_to
    ours = sorted(catalogue.first_taps(), key=lambda tap: -returned[tap.kind])
    return [*own_taps(reader), *ours]


def _shelf(reader: Reader) -> WinShelf:
    return _wins_in(book_of(reader))


def _wins_in(book: OpenBook) -> WinShelf:
    shelf = book.shelves[WIN]
    assert isinstance(shelf, WinShelf)
    return shelf

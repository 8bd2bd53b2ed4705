"""Bringing wins in, and deleting everything for real."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from smallwins.book.actions import Entry, add_pages, deleted_records
from smallwins.book.memory import close_book, no_collecting
from smallwins.book.models import Letter, Page
from smallwins.home import letterbox as letterboxes
from smallwins.home.paths import Home, remove_if_there
from smallwins.home.spool import NotALetter, read, waiting
from smallwins.people.models import Adder, OlderRoot, Person, Vault, WayIn
from smallwins.people.ways import Reader
from smallwins.portability.items import BadItem, Item, from_item
from smallwins.portability.reading import Line
from smallwins.vault.place import ID_BYTES
from smallwins.wins.draft import WIN, Draft
from smallwins.wins.queries import all_wins

MOST_NAMED = 1000


@dataclass
class Report:
    """What an import did. bad: the number of each line that did not go in, and why; the first thousand of them."""

    added: int = 0
    already: int = 0
    left_out: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


def bring_in(reader: Reader, lines: Iterable[Line], now: datetime) -> Report:
    """Adds every good line that is not there yet. All is read and sealed before anything is written, in one go."""
    report = Report()
    fresh: dict[bytes, Draft] = {}
    sources, records = _already(reader)
    with no_collecting():
        for item in _items(lines, now, report):
            _add(item, fresh, sources, records, report)
        add_pages(reader, [_entry(record, given, records) for record, given in fresh.items()])
    report.added = len(fresh)
    return report


def _add(item: Item, fresh: dict[bytes, Draft], sources: set[str], records: set[bytes], report: Report) -> None:
    if (item.source and item.source in sources) or item.record in records:
        report.already += 1
        return
    record = item.record or os.urandom(ID_BYTES)
    sources.add(item.source)
    records.add(record)
    fresh[record] = item.draft


def _entry(record: bytes, given: Draft, records: set[bytes]) -> Entry:
    """With its link, where what it stands beside is there: that is known once the last line was read."""
    if given.beside and (given.beside == record.hex() or bytes.fromhex(given.beside) not in records):
        given = given._replace(beside="")
    return Entry(record, WIN, given.as_json())


def _already(reader: Reader) -> tuple[set[str], set[bytes]]:
    """What is there: by where it came from, by id, and (from other ways in) by its moment and words."""
    sources: set[str] = set()
    records = deleted_records(reader.vault)  # the ids of those can be had again once they are destroyed
    for win in all_wins(reader):
        records.add(win.record)
        if win.draft.source:
            sources.add(win.draft.source)
    return sources, records


def _items(lines: Iterable[Line], now: datetime, report: Report) -> Iterable[Item]:
    seen: Counter[str] = Counter()
    for line in lines:
        try:
            yield _item(line, now, seen)
        except BadItem as error:
            report.left_out += 1
            if len(report.bad) < MOST_NAMED:
                report.bad.append((line.number, str(error)))


def _item(line: Line, now: datetime, seen: Counter[str]) -> Item:
    if isinstance(line.parts, str):
        raise BadItem(line.parts)
    parts = line.parts
    same = f"{parts.get('id')}\n{parts.get('at')}\n{parts.get('text')}"
    seen[same] += 1
    return from_item(parts, now, seen[same] - 1)


def _letters_to(vault: Vault, home: Home) -> Iterator[str]:
    for path in waiting(home):
        with suppress(NotALetter, OSError):
            if read(path).vault == vault.id:
                yield path


def delete_everything(vault: Vault, home: Home) -> None:
    """The ways in first, so that whatever is interrupted after that leaves only what nobody can open."""
    remove_if_there(home.latch(vault.id))
    remove_if_there(home.terminal_session(vault.id))
    WayIn.objects.filter(vault=vault).delete()
    OlderRoot.objects.filter(vault=vault).delete()
    close_book(vault.id)
    try:
        box = letterboxes.read(home)
    except letterboxes.Damaged:
        box = None
    if box is None or box.vault == vault.id:
        for path in (home.letterbox, home.pin, home.founding, *_letters_to(vault, home)):
            remove_if_there(path)
    with transaction.atomic():
        for model in (Letter, Page, Adder):
            model._base_manager.filter(vault=vault)._raw_delete("default")
        Vault.objects.filter(id=vault.id).delete()
        Person.objects.filter(id=vault.person_id, vaults=None).delete()

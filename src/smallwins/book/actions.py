"""What changes the book: letters dropped in and taken in, pages written, deleted, sealed anew."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Length

from smallwins.book.models import Letter, Page
from smallwins.home import spool
from smallwins.home.paths import Home, remove_if_there
from smallwins.people import clock
from smallwins.people.models import Vault
from smallwins.people.ways import Reader
from smallwins.vault.errors import CannotOpen, UnknownFormat
from smallwins.vault.letters import open_letter, seal_letter
from smallwins.vault.pages import Opener, seal_page
from smallwins.vault.place import Place
from smallwins.vault.root import Root

UNDO = timedelta(minutes=10)
# One statement where Django would need two, on the way of every win that is kept.
ONE_MORE_CHANGE = "UPDATE people_vault SET changes = changes + 1 WHERE vault_id = %s RETURNING changes, generation"
BATCH = 500  # rows a transaction: short, since a writing transaction keeps every other writer waiting

T = TypeVar("T")

# What a room makes of a letter: the JSON of its page. Raises where it is nothing the room could have written.
letters_of: dict[str, Callable[[Any], bytes]] = {}


class Entry(NamedTuple):
    """Something to be kept. record: 16 bytes. text: a JSON document."""

    record: bytes
    kind: str
    text: bytes


class NoRoom(Exception):
    """The person has kept as much as one person may on this host."""


class Stale(Exception):
    """The page has been changed since the revision that this change was made to."""


def drop_letter(vault: Vault, entry: Entry) -> None:
    """Keeps something with the public key alone. Dropping the same record twice keeps it once. Raises NoRoom."""
    place = Place(vault.id, entry.record, entry.kind, 0, vault.generation)
    sealed = seal_letter(bytes(vault.public_key), place, entry.text)
    take_room(vault, len(sealed))
    letter = Letter(vault_id=vault.id, id=entry.record, kind=entry.kind, generation=vault.generation, sealed=sealed)
    Letter.objects.bulk_create([letter], ignore_conflicts=True)


def catch_up(reader: Reader, home: Home) -> None:
    """Takes in what has arrived, and goes on with sealing anew where that was interrupted."""
    take_in_spool(home)
    take_in_letters(reader)
    if reader.vault.resealed < reader.root.generation:
        reseal(reader)


def take_in_spool(home: Home, kind: str = "win") -> None:
    """Moves letters from files into the database; a file goes only once its row is on disk."""
    for paths in chunks(spool.waiting(home), BATCH):
        read = [(path, letter) for path in paths if (letter := _read_spooled(path))]
        known = set(Vault.objects.filter(id__in={letter.vault for _, letter in read}).values_list("id", flat=True))
        ours = [(path, letter) for path, letter in read if letter.vault in known]
        rows = [
            Letter(vault_id=one.vault, id=one.record, kind=kind, generation=one.generation, sealed=one.sealed)
            for _, one in ours
        ]
        Letter.objects.bulk_create(rows, ignore_conflicts=True)
        for path, _ in ours:
            remove_if_there(path)


def _read_spooled(path: str) -> spool.SpooledLetter | None:
    try:
        return spool.read(path)
    except (spool.NotALetter, OSError):
        return None  # it stays where it is, and `doctor` names it


def take_in_letters(reader: Reader) -> None:
    """Makes pages of the letters that open; those that do not stay, and are reported."""
    letters = Letter.objects.filter(vault=reader.vault)
    if not letters.exists():
        return
    roots = {root.generation: root for root in reader.roots()}
    for batch in chunks(list(letters), BATCH):
        opened = [(letter, text) for letter in batch if (text := _open(letter, roots)) is not None]
        entries = [Entry(letter.id, letter.kind, text) for letter, text in opened]
        with transaction.atomic():
            _insert(reader, _pages(reader, entries))
            Letter.objects.filter(vault=reader.vault, id__in=[letter.id for letter, _ in opened]).delete()


def _open(letter: Letter, roots: dict[int, Root]) -> bytes | None:
    root = roots.get(letter.generation)
    place = Place(letter.vault_id, bytes(letter.id), letter.kind, 0, letter.generation)
    try:
        return _as_page(open_letter(root.letterbox, place, bytes(letter.sealed)), letter.kind) if root else None
    except (CannotOpen, UnknownFormat, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _as_page(text: bytes, kind: str) -> bytes:
    """Anybody can write a letter. So it is checked before it is let in, and its page always says how it came.

    Raises ValueError, KeyError, TypeError, AttributeError.
    """
    return letters_of[kind](json.loads(text))


def add_pages(reader: Reader, entries: Sequence[Entry]) -> None:
    """New pages. A record that is there already stays as it is. Raises NoRoom."""
    pages = _pages(reader, entries)
    take_room(reader.vault, sum(len(page.sealed) for page in pages))  # not inside: a refusal would undo its counting
    with transaction.atomic():
        _insert(reader, pages)


def _pages(reader: Reader, entries: Sequence[Entry]) -> list[Page]:
    return [
        Page(
            vault_id=reader.vault.id,
            id=entry.record,
            kind=entry.kind,
            revision=1,
            generation=reader.root.generation,
            sealed=seal_page(reader.root, _place(reader, entry, 1), entry.text),
        )
        for entry in entries
    ]


def _insert(reader: Reader, pages: list[Page]) -> None:
    change = next_change(reader.vault)
    for page in pages:
        page.change = change
    for batch in chunks(pages, 2000):
        Page.objects.bulk_create(batch, ignore_conflicts=True)


def take_room(vault: Vault, size: int) -> None:
    """Counts bytes towards what one person may keep. Raises NoRoom.

    What is deleted or replaced is not subtracted: the count is only ever too high, and made anew before it refuses.
    """
    most = settings.QUOTA
    if most is None or _counted(vault, size, most):
        return
    if not _count_anew(vault) or not _counted(vault, size, most):
        raise NoRoom


def _counted(vault: Vault, size: int, most: int) -> bool:
    fitting = Vault.objects.filter(id=vault.id, used__lte=most - size)
    return bool(fitting.update(used=F("used") + size))


def _count_anew(vault: Vault) -> bool:
    """Whether it was done: it looks at every row, so not more than once in ten minutes."""
    now = clock.now()
    due = Vault.objects.filter(id=vault.id).exclude(counted_at__gt=now - UNDO)
    return bool(due.update(counted_at=now, used=bytes_kept(vault)))


def bytes_kept(vault: Vault) -> int:
    """As sealed."""
    return sum(
        model._default_manager.filter(vault=vault).aggregate(total=Sum(Length("sealed")))["total"] or 0
        for model in (Letter, Page)
    )


def replace_page(reader: Reader, entry: Entry, revision: int) -> int:
    """A page's next revision, and its number. Raises Stale unless `revision` is the newest one; NoRoom."""
    sealed = seal_page(reader.root, _place(reader, entry, revision + 1), entry.text)
    take_room(reader.vault, len(sealed))
    return _replace(reader, entry, revision, sealed)


@transaction.atomic
def _replace(reader: Reader, entry: Entry, revision: int, sealed: bytes) -> int:
    updated = Page.objects.filter(
        vault=reader.vault, id=entry.record, kind=entry.kind, revision=revision, deleted_at=None
    ).update(
        revision=revision + 1,
        generation=reader.root.generation,
        sealed=sealed,
        change=next_change(reader.vault),
    )
    if not updated:
        raise Stale
    return revision + 1


@transaction.atomic
def delete_page(vault: Vault, record: bytes, now: datetime, revision: int | None = None) -> None:
    """Gone from sight at once, and destroyed after ten minutes. Raises Stale unless `revision`, if given, is newest."""
    here = Page.objects.filter(vault=vault, id=record, deleted_at=None)
    if revision is not None:
        here = here.filter(revision=revision)
    if not here.update(deleted_at=now, change=next_change(vault)) and revision is not None:
        raise Stale


@transaction.atomic
def undo_delete(vault: Vault, record: bytes, now: datetime) -> bool:
    """Whether there was still something to bring back."""
    gone = Page.objects.filter(vault=vault, id=record, deleted_at__gt=now - UNDO)
    return bool(gone.update(deleted_at=None, change=next_change(vault)))


@transaction.atomic
def destroy_deleted(now: datetime) -> None:
    """Destroys what was deleted more than ten minutes ago, in every vault."""
    over = Page.objects.filter(deleted_at__lte=now - UNDO)
    for vault, change in over.values_list("vault_id").annotate(Max("change")).order_by("vault_id"):
        Vault.objects.filter(id=vault, destroyed__lt=change).update(destroyed=change)
    over.delete()


def deleted_records(vault: Vault) -> set[bytes]:
    """What is deleted and not yet destroyed."""
    gone = Page.objects.filter(vault=vault).exclude(deleted_at=None)
    return {bytes(record) for record in gone.values_list("id", flat=True)}


def can_undo(vault: Vault, record: bytes, now: datetime) -> bool:
    return Page.objects.filter(vault=vault, id=record, deleted_at__gt=now - UNDO).exists()


def reseal(reader: Reader) -> None:
    """Seals every page of an older generation under the newest root. Killed half-way, it goes on where it was."""
    roots = reader.roots()
    opener = Opener(roots)
    last: bytes | None = b""
    while last is not None:
        last = _reseal_batch(reader, opener, last)
    Vault.objects.filter(id=reader.vault.id, generation=reader.root.generation).update(resealed=reader.root.generation)


@transaction.atomic
def _reseal_batch(reader: Reader, opener: Opener, after: bytes) -> bytes | None:
    older = Page.objects.filter(vault=reader.vault, generation__lt=reader.root.generation, id__gt=after)
    pages = list(older.select_for_update().order_by("id")[:BATCH])
    for page in pages:
        _reseal(reader, opener, page)
    Page.objects.bulk_create(
        pages,
        update_conflicts=True,
        unique_fields=["vault_id", "id"],
        update_fields=["generation", "sealed"],
    )
    return bytes(pages[-1].id) if pages else None


def _reseal(reader: Reader, opener: Opener, page: Page) -> None:
    entry = Entry(bytes(page.id), page.kind, b"")
    try:
        text = opener.open(_place(reader, entry, page.revision, page.generation), bytes(page.sealed))
    except (CannotOpen, UnknownFormat):
        return  # damaged: left as it is, and reported
    page.generation = reader.root.generation
    page.sealed = seal_page(reader.root, _place(reader, entry, page.revision), text)


def next_change(vault: Vault) -> int:
    """The number of this change. Inside a transaction: it also makes changes of one vault wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_MORE_CHANGE, [vault.id])
        changes, generation = cursor.fetchone()
    if vault.generation < generation:
        # Written with a root that has been replaced meanwhile: so there is something to seal anew once more.
        Vault.objects.filter(id=vault.id, resealed__gt=vault.generation).update(resealed=vault.generation)
    return int(changes)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`itertools.batched`, which Python has from 3.12 on."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _place(reader: Reader, entry: Entry, revision: int, generation: int | None = None) -> Place:
    return Place(reader.vault.id, entry.record, entry.kind, revision, generation or reader.root.generation)

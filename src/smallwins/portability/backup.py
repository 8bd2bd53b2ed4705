"""Sealed copies of everything, from any database into any other.

A zip with one file of rows a table, each row as JSON. What is sealed stays sealed: making a copy needs no secret, and
opening one needs the passphrase or the recovery sheet. The latch is never in it.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from django.db import connection, models, transaction

from smallwins import __version__
from smallwins.book.actions import chunks
from smallwins.book.models import Letter, Page
from smallwins.people.actions import PASSING
from smallwins.people.models import OlderRoot, Person, Vault, WayIn
from smallwins.people.ways import Kind

FORMAT = "smallwins backup 1"
BATCH = 1000
MOST_LINE = 64 * 1024 * 1024


class NotABackup(ValueError):
    """The file cannot be brought back: a sentence for the person."""


class NotEmpty(Exception):
    """There is something here already."""


def tables() -> dict[str, "models.QuerySet[Any]"]:
    """What is copied, in the order it has to come back. Not what passes: sessions, links, what was deleted."""
    return {
        "people": Person.objects.all(),
        "vaults": Vault.objects.all(),
        "ways_in": WayIn.objects.exclude(kind__in=(*PASSING, Kind.LATCH)),
        "older_roots": OlderRoot.objects.all(),
        "letters": Letter.objects.all(),
        "pages": Page.objects.filter(deleted_at=None),
    }


def write_backup(target: IO[bytes], now: datetime, progress: Callable[[Iterable[Any]], Iterable[Any]] = iter) -> None:
    """Writes one moment of the database, while others go on writing to it."""
    with snapshot(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bag:
        about = {"format": FORMAT, "version": __version__, "made_at": now.isoformat(timespec="seconds")}
        bag.writestr("about.json", json.dumps(about, indent=1) + "\n")
        for name, rows in tables().items():
            with bag.open(f"{name}.jsonl", "w", force_zip64=True) as file:
                for row in progress(rows.iterator(chunk_size=BATCH)):
                    file.write(json.dumps(_as_parts(row)).encode() + b"\n")


def read_backup(source: IO[bytes]) -> None:
    """Brings a copy back, whole or not at all. Raises NotABackup, NotEmpty."""
    if Vault.objects.exists():
        raise NotEmpty
    try:
        with zipfile.ZipFile(source) as bag, transaction.atomic():
            _check(bag)
            for name, rows in tables().items():
                _bring_back(rows.model, bag.open(f"{name}.jsonl"))
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError, TypeError) as error:
        raise error if isinstance(error, NotABackup) else NotABackup("This file is damaged or cut off.") from error


@contextmanager
def snapshot() -> Iterator[None]:
    """All reading inside sees the same moment. Not `atomic`, which on SQLite would make every writer wait."""
    begin = {"sqlite": "BEGIN DEFERRED", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
    with connection.cursor() as cursor:
        cursor.execute(begin[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _check(bag: zipfile.ZipFile) -> None:
    about = json.loads(bag.read("about.json")) if "about.json" in bag.namelist() else {}
    if about.get("format") != FORMAT:
        raise NotABackup("This is not a backup that this version can read.")


def _bring_back(model: type[models.Model], file: IO[bytes]) -> None:
    rows = (_from_parts(model, json.loads(line)) for line in _lines(file))
    for batch in chunks(rows, BATCH):
        model._default_manager.bulk_create(batch)


def _lines(file: IO[bytes]) -> Iterable[bytes]:
    while line := file.readline(MOST_LINE):
        yield line


def _as_parts(row: models.Model) -> dict[str, Any]:
    """A row's columns; bytes and moments as Django's own serialisation writes them."""
    return {field.attname: _column(field, row) for field in row._meta.concrete_fields}


def _column(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = getattr(row, field.attname)
    if value is None or isinstance(value, str | int | bool):
        return value
    return _real(field).value_to_string(_Alone(value))  # type: ignore[arg-type]  # it only asks for the attribute


class _Alone:
    """One value where `value_to_string` expects a whole row; so a foreign key is written like what it points at."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __getattr__(self, name: str) -> Any:
        return self.value


def _from_parts(model: type[models.Model], parts: dict[str, Any]) -> models.Model:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    missing = {name for name in columns.keys() - parts.keys() if not columns[name].has_default()}
    if missing or parts.keys() - columns.keys():
        raise NotABackup("This backup is of another version.")
    return model(**{name: _value(columns[name], value) for name, value in parts.items()})


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    read = None if value is None else _real(field).to_python(value)
    return bytes(read) if isinstance(read, memoryview) else read


def _real(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    return field.target_field if isinstance(field, models.ForeignKey) else field

"""Reading files that bring wins in: our own zip, JSONL, CSV, and plain text with one win a line."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

MOST_BYTES = 64 * 1024 * 1024  # unpacked: some 300,000 wins; a zip that claims more is refused before that
csv.field_size_limit(16 * 1024 * 1024)


class Unreadable(ValueError):
    """The file as a whole cannot be read: a sentence for the person."""


class Line(NamedTuple):
    """number: the line in the file, from 1 (in a zip: the win). parts: an object, or why there is none."""

    number: int
    parts: dict[str, Any] | str


def read(content: bytes, name: str) -> Iterator[Line]:
    """Every line of a file, whatever it is: by what is in it first, then by its name. Raises Unreadable."""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _bag(content)
    text = _text(content)
    if name.lower().endswith(".csv"):
        return _csv(text)
    if name.lower().endswith((".jsonl", ".ndjson")) or text.lstrip()[:1] == "{":
        return _wins(text) if '"wins"' in text[:4096] and not name.lower().endswith("l") else _jsonl(text)
    if name.lower().endswith(".json"):
        return _wins(text)
    return _plain(text)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Unreadable("This file is too large.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16", "replace")
        if b"\0" in content:
            raise Unreadable("This file is not text.") from None
        return content.decode("cp1252", "replace")  # what older spreadsheets write


def _bag(content: bytes) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bag:
            entry = bag.getinfo("wins.json")
            if entry.file_size > MOST_BYTES:
                raise Unreadable("This file is too large.")
            return _wins(bag.read(entry).decode("utf-8", "replace"))
    except KeyError as error:
        raise Unreadable("There is no wins.json in this zip.") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable("This zip is damaged or cut off.") from error


def _wins(text: str) -> Iterator[Line]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This JSON is damaged or cut off.") from error
    wins = document.get("wins") if isinstance(document, dict) else document
    if not isinstance(wins, list):
        raise Unreadable("There is no list of wins in this JSON.")
    return (Line(number, _object(win)) for number, win in enumerate(wins, 1))


def _jsonl(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield Line(number, _parsed(line))


def _parsed(line: str) -> dict[str, Any] | str:
    try:
        return _object(json.loads(line))
    except (ValueError, RecursionError):
        return "We cannot read this line."


def _object(value: object) -> dict[str, Any] | str:
    return value if isinstance(value, dict) else "This is not a win."


def _csv(text: str) -> Iterator[Line]:
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)  # the names of columns hold none of them
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or []]
    except csv.Error as error:
        raise Unreadable("The first line of this table cannot be read.") from error
    if "text" not in rows.fieldnames:
        raise Unreadable("There is no column named “text” in the first line.")
    return _csv_lines(rows)


def _csv_lines(rows: "csv.DictReader[str]") -> Iterator[Line]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Line(rows.line_num, "This line of the table cannot be read.")
            continue
        yield Line(rows.line_num, {name: value for name, value in row.items() if isinstance(name, str)})


def _plain(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield Line(number, {"text": line})

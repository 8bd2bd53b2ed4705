"""One win as an object in a file: what `wins.json` holds, and what import understands."""

import hashlib
import json
from datetime import datetime
from typing import Any, NamedTuple

from smallwins.wins.draft import (
    HARD,
    MOST_KIND_CHARACTERS,
    CannotKeep,
    Draft,
    draft,
    is_record,
    moment_of,
    parse_moment,
    showable,
)
from smallwins.wins.shelf import Win

YES = {"true", "yes", "1", "y", "x", "hard"}


class BadItem(ValueError):
    """A line that cannot become a win: a sentence for the person."""


class Item(NamedTuple):
    """record: 16 bytes where the file brings our own id. source: what makes it the same when it comes again."""

    record: bytes | None
    draft: Draft
    source: str


def as_item(win: Win) -> dict[str, Any]:
    """What an export says of a win. `id, at, text, kind, hard` always, the rest only where there is some."""
    given = win.draft
    item: dict[str, Any] = {
        "id": win.record.hex(),
        "at": moment_of(given.when, given.offset).isoformat(),
        "text": given.text,
        "kind": given.kind,
        "hard": given.hard,
    }
    others = {"before": given.before, "door": given.door, "source": given.source, "beside": given.beside}
    return item | {name: value for name, value in others.items() if value}


def from_item(parts: dict[str, Any], now: datetime, repeat: int = 0) -> Item:
    """Raises BadItem. repeat: how often the same item stood in the file before: a second "Water." is a second win."""
    if not isinstance(parts, dict) or not isinstance(parts.get("text"), str):
        raise BadItem("There is no text.")
    at, identity = parts.get("at"), parts.get("id")
    try:
        moment = parse_moment(str(at), now) if at not in (None, "") else now
        given = draft(
            parts["text"],
            moment,
            kind=_word(parts.get("kind"))[:MOST_KIND_CHARACTERS],
            marks=(HARD,) if _yes(parts.get("hard")) else (),
            before=_word(parts.get("before")),
            door=_word(parts.get("door")),
            beside=_hex(parts.get("beside")),
        )
    except (CannotKeep, OverflowError) as error:
        raise BadItem(str(error)) from error
    record, source = _record(identity), _word(parts.get("source"))
    if record is None and not source:
        source = source_of(identity, at, parts["text"], repeat)
    return Item(record, given._replace(source=source), source)


def source_of(identity: object, at: object, text: str, repeat: int = 0) -> str:
    """The same for the same item in the same file, whenever it is brought in."""
    parts = json.dumps([str(identity or ""), str(at or ""), text, repeat], ensure_ascii=True)
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _record(identity: object) -> bytes | None:
    return bytes.fromhex(_hex(identity)) or None


def _hex(identity: object) -> str:
    return identity if isinstance(identity, str) and is_record(identity) else ""


def _word(value: object) -> str:
    return showable(value).strip() if isinstance(value, str) else ""


def _yes(value: object) -> bool:
    return value.strip().lower() in YES if isinstance(value, str) else bool(value)

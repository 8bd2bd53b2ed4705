"""A win as it is written down, before it is sealed and after it is opened: its text, its moment, its marks.

Pure and light: `win` imports this, so no Django and nothing slow.
"""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

MOST_CHARACTERS = 20_000
MOST_KIND_CHARACTERS = 40
MOST_MARKS = 20
# Clocks differ, and tomorrow has begun somewhere: a moment this far ahead is still believed.
AHEAD = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = int((datetime(1, 1, 1, tzinfo=UTC) - EPOCH).total_seconds())
LAST = (datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC) - EPOCH).total_seconds()
DAY_MINUTES = 24 * 60
WIN = "win"  # the record type, as the vault binds it
HARD = "hard"
HEX = set("0123456789abcdef")


class CannotKeep(ValueError):
    """Why these words cannot be kept as they are: a sentence for the person. The words are never lost with it."""


class Empty(CannotKeep):
    def __init__(self) -> None:
        super().__init__("There are no words here yet.")


class TooLong(CannotKeep):
    def __init__(self) -> None:
        super().__init__(
            f"This is longer than one win can hold ({MOST_CHARACTERS:,} letters). You could keep it in parts."
        )


class BadMoment(CannotKeep):
    pass


class Draft(NamedTuple):
    """One win. when: seconds since 1970 in UTC, to the millisecond. offset: minutes east of UTC where it happened.

    marks: "hard" today; what else a win can be marked with comes later. door: how a letter came ("win", "page"),
    empty once the person has read it. source: where an imported win came from, so that twice in gives no doubles.
    beside: the record (hex) of the win that this is another version of: of two edits at once, the second.
    """

    text: str
    when: float
    offset: int = 0
    kind: str = ""
    marks: tuple[str, ...] = ()
    before: str = ""
    door: str = ""
    source: str = ""
    beside: str = ""

    @property
    def hard(self) -> bool:
        return HARD in self.marks

    def moment(self) -> datetime:
        """The moment, at the clock of the place where it happened."""
        return moment_of(self.when, self.offset)

    def as_json(self) -> bytes:
        """What is sealed: only what is there."""
        parts = {name: value for name, value in self._asdict().items() if value or name in ("text", "when")}
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def from_parts(parts: dict[str, Any]) -> Draft:
    """The reverse of `as_json`, for what a stranger may have written too. Raises KeyError, TypeError, ValueError."""
    marks = parts.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise TypeError("marks")
    words = {name: _typed(parts.get(name, ""), str) for name in ("kind", "before", "door", "source")}
    if len(marks) > MOST_MARKS or any(len(word) > MOST_CHARACTERS for word in (*words.values(), *marks)):
        raise ValueError("too long")
    when, offset = _typed(parts["when"], int, float), _typed(parts.get("offset", 0), int)
    if not FIRST <= when <= LAST or abs(offset) >= DAY_MINUTES:
        raise ValueError("when")
    beside = _typed(parts.get("beside", ""), str)
    if beside and not is_record(beside):
        raise ValueError("beside")
    return Draft(tidy(_typed(parts["text"], str)), when, offset, marks=tuple(marks), beside=beside, **words)


def from_letter(parts: dict[str, Any]) -> bytes:
    """A stranger's win as a page: only what we know of, and always with a door. Raises as `from_parts`.

    Beside no other: no stranger may offer words of theirs as a version of the person's own.
    """
    given = from_parts(parts)
    return given._replace(door=given.door or "letter", beside="").as_json()


def is_record(written: str) -> bool:
    """Whether these are the 32 hex digits of a record, as we write them."""
    return len(written) == 32 and set(written) <= HEX


def _typed(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:  # exactly: True is not a moment
        raise TypeError(kinds[0].__name__)
    return value


def moment_of(when: float, offset: int) -> datetime:
    """Never fails: beyond the calendar it is its first or last moment; where a local clock has no name, UTC."""
    moment = EPOCH + timedelta(seconds=min(max(when, FIRST), LAST))
    try:
        return moment.astimezone(timezone(timedelta(minutes=offset)))
    except (OverflowError, ValueError):
        return moment


def draft(text: str, moment: datetime, **others: Any) -> Draft:
    """A win at an aware moment, its words tidied. Raises CannotKeep."""
    offset, when = moment.utcoffset() or timedelta(), _to_the_millisecond(_since_1970(moment))
    if not FIRST <= when <= LAST:
        raise BadMoment("No calendar has that day. Please choose another.")
    return Draft(tidy(text), when, int(offset.total_seconds() // 60), **others)


def _to_the_millisecond(seconds: float) -> float:
    """So that two wins of one second keep their order; a whole number where it is one."""
    return int(seconds) if seconds == int(seconds) else round(seconds, 3)


def tidy(text: str) -> str:
    """The words as they are kept: what no screen can show is taken out, blank edges too. Raises Empty, TooLong."""
    shown = showable(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not shown:
        raise Empty
    if len(shown) > MOST_CHARACTERS:
        raise TooLong
    return shown


def showable(text: str) -> str:
    """Without what no screen can show and no file can hold: NUL bytes, and halves of characters."""
    return (text if text.isascii() else text.encode("utf-8", "replace").decode()).replace("\x00", "")


def parse_moment(written: str, now: datetime) -> datetime:
    """A date, or a date and a time, as ISO 8601 writes them; without a zone it is the zone of `now`. Raises BadMoment.

    A date alone is noon of that day, or `now` where noon has not come yet.
    """
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise BadMoment(
            f"“{written[:40]}” is not a date we can read. Write it like 2026-03-14 or 2026-03-14 18:30."
        ) from error
    if len(written.strip()) <= len("2026-03-14"):
        moment = moment.replace(hour=12)
        if moment.date() == now.date() and moment.time() > now.time():
            return now
    return check_moment(_local(moment, now), now)


def check_moment(moment: datetime, now: datetime) -> datetime:
    """Raises BadMoment where the moment has not come yet."""
    if _since_1970(moment) > _since_1970(now + AHEAD):
        raise BadMoment("That day has not come yet. Choose today or a day before.")
    return moment


def _local(moment: datetime, now: datetime) -> datetime:
    if moment.tzinfo is not None:
        return moment
    try:
        # The zone's own rules for that day, where `now` brings a real zone; else the computer's.
        return moment.astimezone() if isinstance(now.tzinfo, timezone) else moment.replace(tzinfo=now.tzinfo)
    except (OverflowError, ValueError, OSError):
        return moment.replace(tzinfo=UTC)


def _since_1970(moment: datetime) -> float:
    # `datetime.timestamp` of an aware moment, without its trouble at the ends of the calendar.
    offset = moment.utcoffset() or timedelta()
    return (moment.replace(tzinfo=UTC) - EPOCH - offset).total_seconds()

"""The zip that takes everything away: wins.json with its schema, and a Markdown file a month."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.resources import files
from itertools import groupby
from typing import IO, Any

from smallwins.book.actions import chunks
from smallwins.portability.items import as_item
from smallwins.wins.shelf import Win

Progress = Callable[[Iterable[Win]], Iterable[Win]]
FORMAT = "smallwins wins 1"
SCHEMA = "wins.schema.json"


def write_bag(target: IO[bytes], wins: list[Win], now: datetime, progress: Progress = iter) -> None:
    """Writes the zip to a file or a stream, newest win first. Nothing in it is sealed."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bag:
        with bag.open(_entry("wins.json", now), "w") as file:
            for part in wins_json(progress(wins), now):
                file.write(part)
        bag.writestr(_entry(SCHEMA, now), schema())
        for month, text in months(wins):
            bag.writestr(_entry(f"months/{month}.md", now), text)


def wins_json(wins: Iterable[Win], now: datetime) -> Iterator[bytes]:
    """The document, one win a line, so that it can be read without a tool and written without holding it all."""
    yield f'{{"format":"{FORMAT}","exported_at":"{now.isoformat(timespec="seconds")}","wins":[\n'.encode()
    between = ""
    for batch in chunks(wins, 500):  # packing many at a time is quicker
        yield (between + ",\n".join([json.dumps(as_item(win), ensure_ascii=False) for win in batch])).encode()
        between = ",\n"
    yield b"\n]}\n"


def months(wins: list[Win]) -> Iterator[tuple[str, str]]:
    """'2026-03' and its page, oldest win first, to read or print."""
    moments = [(win.draft.moment(), win) for win in reversed(wins)]
    moments.sort(key=lambda pair: (pair[0].year, pair[0].month))
    for month, group in groupby(moments, key=lambda pair: f"{pair[0].year:04}-{pair[0].month:02}"):
        yield month, f"# {month}\n\n" + "\n".join(_paragraph(moment, win) for moment, win in group)


def schema() -> bytes:
    return files("smallwins.portability").joinpath(SCHEMA).read_bytes()


def _entry(name: str, now: datetime) -> Any:
    # A zip knows years from 1980 to 2107.
    entry = zipfile.ZipInfo(name, (max(1980, now.year), now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _paragraph(moment: datetime, win: Win) -> str:
    notes = [moment.strftime("%d %H:%M"), win.draft.kind, "this was hard" if win.draft.hard else ""]
    before = f"\nBefore, I might have… {win.draft.before}\n" if win.draft.before else ""
    return f"**{' · '.join(note for note in notes if note)}**\n\n{win.text}\n{before}"

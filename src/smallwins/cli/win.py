"""`win`: keep one small win from a terminal, locked or not.

It seals what is said into the spool with the public key, and is done. It imports no Django, opens no database and
derives no key, so that it works under any of them, quickly (`tests/test_win_imports.py` lists what it may import).
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from smallwins.home import letterbox as letterboxes
from smallwins.home import spool
from smallwins.home.letterbox import Letterbox
from smallwins.home.paths import Home, here
from smallwins.vault.letters import seal_letter
from smallwins.vault.place import ID_BYTES, Place
from smallwins.wins.draft import HARD, WIN, CannotKeep, Draft, draft, moment_of, parse_moment

if TYPE_CHECKING:
    import argparse

QUESTION = "What's one small win? "
WARM = "Kept. That counts."
NOT_KEPT, USAGE = 1, 2

EXAMPLES = """
  win                     asks, and keeps the answer. Nothing stays in your shell's history.
  win got out of bed      keeps these words. Your shell may remember what you typed.
  win - < list.txt        keeps one win a line
"""


def main(argv: list[str] | None = None) -> int:
    """Returns the exit code: 0 kept, 1 not kept (the words are handed back), 2 not understood."""
    args = _understand(sys.argv[1:] if argv is None else argv)
    try:
        return _keep_all(args, _what_was_said(args.words))
    except (KeyboardInterrupt, EOFError):
        print("\nNothing was kept.", file=sys.stderr)
        return NOT_KEPT


class Said(NamedTuple):
    """What stood on the command line."""

    words: list[str]
    at: str | None = None
    hard: bool = False
    json: bool = False


def _understand(argv: list[str]) -> Said:
    if not argv or argv[0] == "-" or not argv[0].startswith("-"):
        return Said(argv)  # only words: nothing to parse, and argparse would take longer than the sealing
    return Said(**vars(_parser().parse_args(argv)))


def _parser() -> "argparse.ArgumentParser":
    import argparse

    parser = argparse.ArgumentParser(
        prog="win",
        description="Keep one small win.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--at", metavar="WHEN", help="when it was: 2026-03-14, or 2026-03-14T18:30")
    parser.add_argument("--hard", action="store_true", help="this was hard")
    parser.add_argument("--json", action="store_true", help="print what was kept as JSON")
    # Everything after the first word is part of the win, also what looks like an option.
    parser.add_argument("words", nargs=argparse.REMAINDER, help="the win; “-” reads one a line")
    return parser


def _what_was_said(words: list[str]) -> Iterable[str]:
    if words == ["-"]:
        return (line for line in _stdin() if line.strip())
    if words:
        return [" ".join(words[1:] if words[0] == "--" else words)]
    return [_ask()]


def _ask() -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        return "".join(_stdin())
    import readline  # noqa: F401  only here: it lets people correct what they type

    return input(QUESTION)


def _stdin() -> Iterable[str]:
    if sys.stdin is None:  # closed by whoever started us
        return []
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    return sys.stdin


def _keep_all(args: Said, said: Iterable[str]) -> int:
    home, code = here(), 0
    kept: list[tuple[bytes, Draft]] = []
    for text in _until_interrupted(said, kept):
        try:
            kept.append(_keep(home, text, args))
        except (CannotKeep, NoLetterbox, letterboxes.KeyChanged, letterboxes.Damaged, OSError) as error:
            code = _hand_back(text, error)
    _answer(kept, args)
    return code


def _until_interrupted(said: Iterable[str], kept: list[tuple[bytes, Draft]]) -> Iterable[str]:
    """What is said until somebody stops saying it; what was kept before that is answered like any other."""
    try:
        yield from said
    except (KeyboardInterrupt, EOFError):
        if not kept:
            raise


def _keep(home: Home, text: str, args: Said) -> tuple[bytes, Draft]:
    now = datetime.now().astimezone()
    moment = parse_moment(args.at, now) if args.at else now
    win = draft(text, moment, marks=(HARD,) if args.hard else (), door="win")
    box = _letterbox(home)
    record = os.urandom(ID_BYTES)
    place = Place(box.vault, record, WIN, 0, box.generation)
    sealed = seal_letter(box.public_key, place, win.as_json())
    spool.post(home, spool.SpooledLetter(box.vault, record, box.generation, sealed))
    return record, win


class NoLetterbox(Exception):
    """The first run did not come to its end."""


def _letterbox(home: Home) -> Letterbox:
    box = letterboxes.read(home) or _first_run(home)
    try:
        letterboxes.check_pin(home, box)
    except letterboxes.KeyChanged:
        # A new key may have been published between the two looks; an exchanged one fails again.
        box = letterboxes.read(home) or box
        letterboxes.check_pin(home, box)
    return box


def _first_run(home: Home) -> Letterbox:
    """Lets another process make the keys, so that none ever is in this one."""
    import subprocess

    subprocess.run([sys.executable, "-P", "-m", "smallwins.cli.first_run"], check=False)
    box = letterboxes.read(home)
    if box is None:
        raise NoLetterbox
    return box


def _answer(kept: list[tuple[bytes, Draft]], args: Said) -> None:
    if args.json:
        for record, win in kept:
            at = moment_of(win.when, win.offset).isoformat()
            print(json.dumps({"id": record.hex(), "at": at, "kept": True}))
    elif kept:
        print(WARM)


def _hand_back(text: str, error: Exception) -> int:
    print(_why(error), file=sys.stderr)
    if text.strip():
        print(f"Not kept. Your words:\n{text}", file=sys.stderr)
    return USAGE if isinstance(error, CannotKeep) else NOT_KEPT


def _why(error: Exception) -> str:
    if isinstance(error, letterboxes.KeyChanged):
        return "The key of your letterbox is not the one this computer remembers. Please run: smallwins doctor"
    if isinstance(error, letterboxes.Damaged | NoLetterbox):
        return "The letterbox cannot be read. Please run: smallwins doctor"
    if isinstance(error, OSError):
        return f"It could not be written: {os.strerror(error.errno) if error.errno else 'unknown reason'}."
    return str(error)


if __name__ == "__main__":
    sys.exit(main())

"""Showing wins and reports at the terminal."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from tqdm import tqdm

from smallwins.portability.items import as_item
from smallwins.wins.shelf import Win


def print_wins(wins: Sequence[Win], as_json: bool) -> None:
    """A line a win; as JSON one array, so that scripts need no parser of ours."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if as_json:
        print(json.dumps([as_item(win) for win in wins], ensure_ascii=False, indent=1))
        return
    for win in wins:
        text = " ".join(printable(win.text).split())
        print(f"{win.draft.moment():%Y-%m-%d}  {text}{'  (this was hard)' if win.draft.hard else ''}")


def progress_bar(unit: str) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """Shows how far something has come, where somebody watches."""
    return partial(tqdm, unit=f" {unit}", disable=not sys.stderr.isatty(), leave=False)


def printable(text: str) -> str:
    """Without the control characters by which a text could drive a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)

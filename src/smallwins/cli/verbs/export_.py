"""`smallwins export`."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from tqdm import tqdm

from smallwins.cli.codes import Refused
from smallwins.cli.ground import reader
from smallwins.people import clock
from smallwins.portability.bag import write_bag
from smallwins.wins.queries import all_wins


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="where to (a .zip); without it, small-wins-DATE.zip here")


def run(args: argparse.Namespace) -> int:
    who, now = reader(), clock.now()
    target = Path(args.file or f"small-wins-{now:%Y-%m-%d}.zip")
    with whole_file(target) as file:
        progress = partial(tqdm, unit=" wins", disable=not sys.stderr.isatty(), leave=False)
        write_bag(file, all_wins(who), now, progress)
    print(f"Written: {target}. It is not sealed: anyone who opens it can read it.")
    return 0


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A private file that appears under its name only when it is whole, and never in place of another."""
    if target.exists():
        raise Refused(f"There is a file already: {target}. It was left alone.")
    part = target.with_name(target.name + ".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise Refused(f"It could not be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)

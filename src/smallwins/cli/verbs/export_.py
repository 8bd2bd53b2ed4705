"""`smallwins export`."""

import argparse
import sys
from functools import partial
from pathlib import Path

from tqdm import tqdm

from smallwins.cli.files import whole_file
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

"""`smallwins export`."""

import argparse
from pathlib import Path

from smallwins.cli.files import whole_file
from smallwins.cli.ground import reader
from smallwins.cli.printing import progress_bar
from smallwins.people import clock
from smallwins.portability.bag import write_bag
from smallwins.wins.queries import all_wins


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="where to (a .zip); without it, small-wins-DATE.zip here")


def run(args: argparse.Namespace) -> int:
    who, now = reader(), clock.now()
    target = Path(args.file or f"small-wins-{now:%Y-%m-%d}.zip")
    with whole_file(target) as file:
        write_bag(file, all_wins(who), now, progress_bar("wins"))
    print(f"Written: {target}. It is not sealed: anyone who opens it can read it.")
    return 0

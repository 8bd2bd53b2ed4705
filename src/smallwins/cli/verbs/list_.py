"""`smallwins list`."""

import argparse

from smallwins.cli.ground import reader
from smallwins.cli.printing import print_wins
from smallwins.wins.queries import all_wins


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="an array of objects: id, at, text, kind, hard")
    parser.add_argument("--most", type=int, metavar="N", help="only the newest N")


def run(args: argparse.Namespace) -> int:
    print_wins(all_wins(reader())[: args.most], args.json)
    return 0

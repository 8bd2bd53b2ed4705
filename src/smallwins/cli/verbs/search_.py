"""`smallwins search`."""

import argparse

from smallwins.cli.asking import ask
from smallwins.cli.ground import reader
from smallwins.cli.printing import print_wins
from smallwins.wins.queries import index_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", help="without any it asks, and nothing stays in your shell's history")
    parser.add_argument("--json", action="store_true", help="an array of objects: id, at, text, kind, hard")


def run(args: argparse.Namespace) -> int:
    who = reader()
    query = " ".join(args.words) or ask("Which words? ")
    print_wins(list(index_of(who).find(query)), args.json)
    return 0

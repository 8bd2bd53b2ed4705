"""`smallwins lock`."""

import argparse

from smallwins.cli.ground import home, vault
from smallwins.people import actions
from smallwins.people.ways import Kind, has


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    ours = vault()
    actions.lock(ours, home())
    print("Locked. Keeping still works.")
    if has(ours, Kind.LATCH):
        print("There is no passphrase yet, so unlock asks for none. To set one: smallwins passphrase")
    return 0

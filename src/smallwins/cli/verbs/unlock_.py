"""`smallwins unlock`."""

import argparse

from smallwins.book.actions import catch_up
from smallwins.cli.asking import ask_secret
from smallwins.cli.codes import LOCKED, Refused
from smallwins.cli.ground import begin_terminal_session, by_latch, home, unlock_with, vault
from smallwins.people import actions
from smallwins.people.ways import Kind, Reader, has


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    ours = vault()
    root = by_latch(ours)
    if root is None:
        if not (has(ours, Kind.PASSPHRASE) or has(ours, Kind.RECOVERY)):
            raise Refused("Nothing on this computer opens it: no latch, no passphrase, no recovery sheet.", LOCKED)
        root = unlock_with(ours, ask_secret("Passphrase (or recovery code): "))
    if not actions.verify_keys(ours, root, home()):
        print("Someone had changed the keys kept here. Yours are back now. Please make a new recovery sheet.")
    actions.unlocked(ours)
    begin_terminal_session(root)
    catch_up(Reader(vault(), root), home())
    print("Unlocked in this terminal. To lock: smallwins lock")
    return 0

"""`smallwins delete-everything`."""

import argparse

from django.db import connection

from smallwins.cli.asking import ask
from smallwins.cli.codes import FAILED, Refused
from smallwins.cli.ground import home, vault
from smallwins.home.paths import remove_if_there
from smallwins.portability.actions import delete_everything
from smallwins.portability.forms import WORDS


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Asks for no passphrase: whoever can run this can delete the files too, and a forgotten one must not keep them."""
    if not args.yes:
        print("This destroys every win kept here, for good. Backups and exports elsewhere stay where they are.")
        if ask(f"To go on, type: {WORDS}\n> ").strip().lower() != WORDS:
            raise Refused("Nothing was deleted.", FAILED)
    delete_everything(vault(), home())
    if connection.vendor == "sqlite":
        connection.close()
        for ending in ("", "-wal", "-shm"):
            remove_if_there(home().database + ending)
    print("Everything is deleted.")
    return 0

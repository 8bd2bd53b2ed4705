"""`smallwins move`: to another database, such as PostgreSQL. The address has a password, so it is no argument."""

import argparse
import os
from pathlib import Path

from django.conf import settings
from django.db import connection

from smallwins.book.actions import take_in_spool
from smallwins.cli.asking import ask_secret
from smallwins.cli.codes import FAILED, USAGE, Refused
from smallwins.cli.ground import home, ready_database
from smallwins.cli.printing import progress_bar
from smallwins.cli.verbs.open_ import is_running
from smallwins.people import clock
from smallwins.portability.backup import NotEmpty
from smallwins.portability.move import move_to


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: it is asked for, or read from SMALLWINS_MOVE_TO."""


def run(args: argparse.Namespace) -> int:
    if is_running():
        raise Refused("Small Wins is running. Please stop it first, so that nothing is kept in the old place.", FAILED)
    ready_database()
    take_in_spool(home())
    address = os.environ.get("SMALLWINS_MOVE_TO") or ask_secret("Address of the new database (postgresql://…): ")
    try:
        rows = move_to(address, progress_bar("rows"))
    except NotEmpty as error:
        raise Refused("There is something in that database already. Nothing was changed.") from error
    except ValueError as error:
        raise Refused("That is not the address of a database. Nothing was changed.", USAGE) from error
    print(f"Moved: {rows} rows. From now on set DATABASE_URL to that address, for every command but win.")
    _set_aside()
    return 0


def _set_aside() -> None:
    """So that nothing is ever kept in the old place by mistake. Deleting it is the person's to do."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    old = Path(settings.DATABASES["default"]["NAME"])
    aside = old.with_name(f"{old.stem}-moved-{clock.now():%Y%m%d-%H%M%S}{old.suffix}")
    old.rename(aside)
    print(f"The old database is set aside, as {aside.name}. Delete it when you have seen that all is well.")

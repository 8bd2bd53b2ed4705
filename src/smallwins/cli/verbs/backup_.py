"""`smallwins backup`."""

import argparse
from pathlib import Path

from django.conf import settings

from smallwins.book.actions import take_in_spool
from smallwins.cli.codes import USAGE, Refused
from smallwins.cli.files import whole_file
from smallwins.cli.ground import home, ready_database, vault
from smallwins.cli.printing import progress_bar
from smallwins.people import clock
from smallwins.people.ways import Kind, has
from smallwins.portability.backup import write_backup


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="where to (a .zip); without it, small-wins-backup-DATE.zip here")


def run(args: argparse.Namespace) -> int:
    ready_database()
    if not settings.HOSTED and not has(vault(), Kind.RECOVERY):  # on a host everybody has been given one
        raise Refused(
            "Make a recovery sheet first: smallwins recovery. Without one, nobody could open this backup elsewhere.",
            USAGE,
        )
    take_in_spool(home())
    target = Path(args.file or f"small-wins-backup-{clock.now():%Y-%m-%d}.zip")
    with whole_file(target) as file:
        write_backup(file, clock.now(), progress_bar("rows"))
    whose = "Each person's" if settings.HOSTED else "Your"
    print(f"Written: {target}. It is sealed. {whose} passphrase or recovery sheet opens it.")
    if settings.HOSTED:
        print(f"Names are found with {home().keys}/server-key. Keep a copy of that file apart from this one.")
    return 0

"""`smallwins restore`."""

import argparse
from pathlib import Path

from smallwins.book.models import Letter, Page
from smallwins.cli.codes import Refused
from smallwins.cli.ground import home, ready_database
from smallwins.home import letterbox as letterboxes
from smallwins.home.letterbox import Letterbox
from smallwins.home.spool import waiting
from smallwins.people.models import Vault
from smallwins.people.ways import Kind, has
from smallwins.portability.actions import delete_everything
from smallwins.portability.backup import NotABackup, NotEmpty, read_backup

OCCUPIED = "There is something here already, and it was left alone. Choose an empty place: SMALLWINS_HOME=folder"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a backup")


def run(args: argparse.Namespace) -> int:
    ready_database()
    _make_way()
    try:
        with Path(args.file).open("rb") as file:
            read_backup(file)
    except NotEmpty as error:
        raise Refused(OCCUPIED) from error
    except NotABackup as error:
        raise Refused(f"{error} Nothing was brought back.") from error
    except OSError as error:
        raise Refused(f"The file cannot be read: {error.strerror}.") from error
    _publish()
    print("Brought back. To read: smallwins unlock, with the passphrase or the code of the recovery sheet.")
    return 0


def _make_way() -> None:
    """A first run that nobody has kept anything in is no reason to refuse. Raises Refused."""
    if Letter.objects.exists() or Page.objects.exists() or any(waiting(home())):
        raise Refused(OCCUPIED)
    for vault in Vault.objects.all():
        if has(vault, Kind.PASSPHRASE) or has(vault, Kind.RECOVERY):
            raise Refused(OCCUPIED)
        delete_everything(vault, home())
    for path in (home().letterbox, home().founding):
        Path(path).unlink(missing_ok=True)


def _publish() -> None:
    """So that `win` knows where to write; the next unlock checks this key against the root."""
    vaults = list(Vault.objects.all()[:2])
    if len(vaults) == 1:
        vault = vaults[0]
        letterboxes.publish(home(), Letterbox(vault.id, vault.generation, bytes(vault.public_key)))

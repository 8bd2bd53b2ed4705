"""What most verbs stand on: the database as this version needs it, the vault of this home, its reader."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from filelock import FileLock

from smallwins.book.actions import destroy_deleted
from smallwins.cli.asking import ask_secret, at_a_terminal
from smallwins.cli.codes import LOCKED, Refused
from smallwins.home import letterbox as letterboxes
from smallwins.home.letterbox import Damaged
from smallwins.home.paths import Home, make_folder, remove_if_there, write_private
from smallwins.people import actions, clock
from smallwins.people.access import is_over
from smallwins.people.limits import of_known
from smallwins.people.models import Vault, WayIn
from smallwins.people.unlocking import TooManyAttempts, open_with
from smallwins.people.ways import Kind, Reader, add_way, open_way
from smallwins.vault.errors import VaultError, WrongSecret
from smallwins.vault.root import Root
from smallwins.vault.ways import new_token
from smallwins.web.tables import applied, on_disk

TERMINAL_HOURS = 12
ASKS = "Locked. To read, run: smallwins unlock. Keeping with win still works."


def home() -> Home:
    found: Home = settings.HOME
    return found


def vault() -> Vault:
    """The vault of this home; made, and its database too, where this is the first run. Raises Refused on a host."""
    ready_database()
    destroy_deleted(clock.now())
    if settings.HOSTED and not _is_somebodys():
        raise Refused("Several people live here, so this is for their own browsers. Nobody lives at this terminal.")
    try:
        return actions.set_up(home(), clock.now())
    except Damaged as error:
        raise Refused(f"This file is damaged, or belongs to another database: {error}. Nothing was changed.") from error


def _is_somebodys() -> bool:
    """Whether this home has the letterbox of somebody who lived here before it was shared."""
    try:
        box = letterboxes.read(home())
    except Damaged:
        return False
    return box is not None and Vault.objects.filter(id=box.vault).exists()


def ready_database() -> None:
    """Brings the tables to this version, one process at a time."""
    make_folder(home().data)
    try:
        with FileLock(os.path.join(home().data, ".upgrade.lock"), timeout=120):
            if on_disk() - applied():
                call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise Refused(
            f"The database cannot be opened ({type(error).__name__}). What was kept is still there."
        ) from error


def reader() -> Reader:
    """Who reads in this terminal: by `unlock`, or by the latch; else asked for here. Raises Refused where locked."""
    ours = vault()
    root = _by_terminal_session(ours) or (None if ours.locked else by_latch(ours)) or _asked(ours)
    if not actions.verify_keys(ours, root, home()):
        print("Someone had changed the keys kept here. Yours are back now. Please make a new recovery sheet.")
    return Reader(Vault.objects.get(id=ours.id), root)


def by_latch(ours: Vault) -> Root | None:
    """The root, where this computer account has the latch."""
    try:
        secret = Path(home().latch(ours.id)).read_bytes()
        return open_way(WayIn.objects.get(vault=ours, kind=Kind.LATCH), secret)
    except (OSError, WayIn.DoesNotExist, VaultError):
        return None


def unlock_with(ours: Vault, typed: str) -> Root:
    """Raises Refused."""
    try:
        return open_with(ours, typed, clock.now(), of_known(ours.id, b"terminal"))
    except WrongSecret as error:
        raise Refused("This does not open it.", LOCKED) from error
    except TooManyAttempts as error:
        raise Refused("There were many tries. Please wait ten minutes.", LOCKED) from error


def begin_terminal_session(root: Root) -> None:
    """What `unlock` leaves behind: a file that opens until it has idled too long."""
    secret, now = new_token(), clock.now()
    way = add_way(root, Kind.TERMINAL, secret, now, expires_at=now + timedelta(hours=TERMINAL_HOURS))
    write_private(home().terminal_session(root.vault), bytes(way.id) + secret)


def _by_terminal_session(ours: Vault) -> Root | None:
    try:
        content = Path(home().terminal_session(ours.id)).read_bytes()
    except OSError:
        return None
    way = WayIn.objects.select_related("vault").filter(vault=ours, id=content[:16], kind=Kind.TERMINAL).first()
    now: datetime = clock.now()
    if way is None or is_over(way, now):
        remove_if_there(home().terminal_session(ours.id))
        return None
    WayIn.objects.filter(vault=ours, id=way.id).update(seen_at=now)
    try:
        return open_way(way, content[16:])
    except VaultError:
        return None


def _asked(ours: Vault) -> Root:
    has_passphrase = WayIn.objects.filter(vault=ours, kind=Kind.PASSPHRASE).exists()
    if not has_passphrase or not at_a_terminal():
        raise Refused(ASKS, LOCKED)
    return unlock_with(ours, ask_secret("Passphrase (or recovery code): "))

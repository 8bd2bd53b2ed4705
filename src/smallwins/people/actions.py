"""What changes who may read: setting up, locking, and every way in."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from smallwins.home import founding as foundings
from smallwins.home import letterbox as letterboxes
from smallwins.home.letterbox import Letterbox
from smallwins.home.paths import Home, remove_if_there, write_private
from smallwins.people.models import OlderRoot, Person, Vault, WayIn
from smallwins.people.ways import Kind, Reader, add_way, foreign_ways, hand_on, has, was_replaced
from smallwins.vault.pages import seal_older_root
from smallwins.vault.root import Root
from smallwins.vault.ways import new_recovery_code, new_token, passphrase_secret, recovery_secret

PASSING = (Kind.SESSION, Kind.TERMINAL, Kind.OPENING)  # ways that a lock ends
OPENING_MINUTES = 10
IDLE_WITH_PASSPHRASE = 15


def set_up(home: Home, now: datetime) -> Vault:
    """The vault of this home: made on a first run, taken into the database where only the files are there.

    Raises Damaged.
    """
    box = _letterbox(home) or foundings.complete(home)
    vault = Vault.objects.filter(id=box.vault).first()
    if vault is None:
        founding = foundings.read(home)
        if founding is None or founding.letterbox.vault != box.vault:
            raise letterboxes.Damaged(home.founding)
        vault = _take_in(founding, now)
    remove_if_there(home.founding)
    return vault


def _letterbox(home: Home) -> Letterbox | None:
    """What the file says; where it is lost or damaged, what the database says, which the next unlock checks."""
    try:
        box = letterboxes.read(home)
    except letterboxes.Damaged:
        box = None
    if box is None and not os.path.exists(home.founding):
        vaults = list(Vault.objects.all()[:2])
        if len(vaults) == 1:
            box = Letterbox(vaults[0].id, vaults[0].generation, bytes(vaults[0].public_key))
            letterboxes.publish(home, box)
    return box


@transaction.atomic
def _take_in(founding: foundings.Founding, now: datetime) -> Vault:
    box, lock = founding.letterbox, founding.lock
    person = Person.objects.create(created_at=now)
    vault = Vault.objects.create(id=box.vault, person=person, public_key=box.public_key)
    WayIn.objects.create(
        vault=vault,
        id=founding.way,
        kind=Kind.LATCH,
        generation=box.generation,
        public_key=lock.public_key,
        salt=lock.salt,
        sealed_root=founding.sealed_root,
        proof=founding.proof,
        proof_key=founding.proof_key,
        created_at=now,
        seen_at=now,
    )
    return vault


class OutOfDate(Exception):
    """This root has been replaced since it was opened: unlock again."""


@transaction.atomic
def verify_keys(vault: Vault, root: Root, home: Home) -> bool:
    """Whether the keys that others could have exchanged are our own. Raises OutOfDate.

    False means: what was kept since then may be readable to somebody else and not to us, or a way in is not ours. The
    published key is put right. A foreign way in is left, to be named by `doctor`; no new root is ever sealed to it.
    """
    _check_newest(vault, root)
    published = _verify_published(vault, root, home)
    return published and not foreign_ways(root)


def _check_newest(vault: Vault, root: Root) -> Vault:
    """The vault, locked until the end of the transaction. Under a replaced root every newer key would look foreign."""
    newest = Vault.objects.select_for_update().get(id=vault.id)
    if was_replaced(newest, root.generation):
        raise OutOfDate
    return newest


def _verify_published(vault: Vault, root: Root, home: Home) -> bool:
    right = Letterbox(vault.id, root.generation, root.public_key)
    in_database = bytes(vault.public_key) == right.public_key and vault.generation == right.generation
    if not in_database:
        Vault.objects.filter(id=vault.id).update(public_key=right.public_key, generation=right.generation)
    published = None if settings.HOSTED and _is_damaged(home) else letterboxes.read(home)
    if published is None or published.vault != vault.id:
        return in_database  # a vault that `win` on this computer does not write to
    if published != right:
        letterboxes.publish(home, right)
    # An older generation is our own, left by a change that was killed before it published the new key.
    return in_database and (published == right or published.generation < root.generation)


def _is_damaged(home: Home) -> bool:
    """On a host the file is one person's from before, if any: it must not stand in everybody's way."""
    try:
        letterboxes.read(home)
    except letterboxes.Damaged:
        return True
    return False


at_lock: list[Callable[[bytes], None]] = []  # what rooms above do in this process when a vault is locked


def lock(vault: Vault, home: Home) -> None:
    """Ends every session, in every process. Keeping goes on."""
    with transaction.atomic():
        WayIn.objects.filter(vault=vault, kind__in=PASSING).delete()
        Vault.objects.filter(id=vault.id).update(epoch=F("epoch") + 1, locked=True)
    remove_if_there(home.terminal_session(vault.id))
    for close in at_lock:
        close(vault.id)


def unlocked(vault: Vault) -> None:
    Vault.objects.filter(id=vault.id, locked=True).update(locked=False)


def opening_link(root: Root, now: datetime) -> str:
    """A secret that opens a browser session once, within ten minutes."""
    secret = new_token()
    expires = now + timedelta(minutes=OPENING_MINUTES)
    way = add_way(root, Kind.OPENING, secret, now, expires_at=expires)
    return f"{way.id.hex()}{secret.hex()}"


def set_passphrase(reader: Reader, passphrase: str, home: Home, now: datetime) -> Reader:
    """From now on only this passphrase, the recovery sheet and this session open; what else opened does no more."""
    new = _new_root(reader, now, (Kind.PASSPHRASE, passphrase_secret(passphrase)), home, keep=[Kind.RECOVERY])
    remove_if_there(home.latch(reader.vault.id))
    Vault.objects.filter(id=reader.vault.id, idle_minutes=None).update(idle_minutes=IDLE_WITH_PASSPHRASE)
    return new


def remove_passphrase(reader: Reader, home: Home, now: datetime) -> Reader:
    """Back to a latch: from now on this computer account opens without being asked."""
    secret = new_token()

    def write_latch() -> None:
        write_private(home.latch(reader.vault.id), secret)

    new = _new_root(reader, now, (Kind.LATCH, secret), home, keep=[Kind.RECOVERY], last=write_latch)
    # Idling would now lock out only who cannot type `smallwins open`, and nobody else.
    Vault.objects.filter(id=reader.vault.id).update(idle_minutes=None)
    return new


def new_recovery_sheet(reader: Reader, home: Home, now: datetime) -> tuple[Reader, str]:
    """A new code. Where there was one before, the root changes too, so that the older sheet opens only older copies."""
    code = new_recovery_code()
    if not has(reader.vault, Kind.RECOVERY):
        add_way(reader.root, Kind.RECOVERY, recovery_secret(code), now)
        return reader, code
    keep = [Kind.LATCH, Kind.PASSPHRASE, *PASSING]
    return _new_root(reader, now, (Kind.RECOVERY, recovery_secret(code)), home, keep), code


def end_sessions(ways: Iterable[WayIn]) -> None:
    for way in ways:
        WayIn.objects.filter(vault_id=way.vault_id, id=way.id, kind__in=PASSING).delete()


def _new_root(
    reader: Reader,
    now: datetime,
    new: tuple[Kind, bytes],
    home: Home,
    keep: Sequence[Kind],
    last: Callable[[], None] = lambda: None,
) -> Reader:
    """A root of the next generation, for the ways of the kinds in `keep`, this session, and one new way.

    What else opened the old root (a latch, a passphrase in an old backup) opens only that. The pages are sealed anew
    afterwards, a batch at a time (`book.actions.reseal`); until then the old root is kept under the new one.
    last: done when nothing else can fail any more but the commit. Raises OutOfDate.
    """
    with transaction.atomic():
        vault = _check_newest(reader.vault, reader.root)
        root = Root.new(vault.id, reader.root.generation + 1)
        _replace_ways(reader, root, keep)
        add_way(root, *new, now)
        older = seal_older_root(root, reader.root)
        OlderRoot.objects.create(vault=vault, generation=reader.root.generation, sealed=older)
        vault.generation, vault.public_key, vault.epoch = root.generation, root.public_key, vault.epoch + 1
        vault.save(update_fields=["generation", "public_key", "epoch"])
        last()
    published = letterboxes.read(home)
    if published is not None and published.vault == vault.id:
        letterboxes.publish(home, Letterbox(vault.id, root.generation, root.public_key))
    return Reader(vault, root, reader.way)


def _replace_ways(reader: Reader, root: Root, keep: Sequence[Kind]) -> None:
    """Hands the new root on to the ways that stay, and takes the others away."""
    foreign = {way.id for way in foreign_ways(reader.root)}
    ours = [way for way in WayIn.objects.filter(vault=reader.vault) if way.id not in foreign]
    kept = [way for way in ours if way.kind in keep or way == reader.way]
    WayIn.objects.filter(vault=reader.vault).exclude(id__in=[way.id for way in kept]).delete()
    hand_on(reader.root, root, kept)

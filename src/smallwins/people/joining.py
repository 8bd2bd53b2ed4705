"""How somebody new comes to live on a host: an invitation, a name, a passphrase, a vault of their own."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from smallwins.people.actions import IDLE_WITH_PASSPHRASE
from smallwins.people.models import Invitation, Person, Vault, WayIn, new_id
from smallwins.people.names import tag_of
from smallwins.people.ways import Kind, make_way, save_way
from smallwins.vault.place import ID_BYTES
from smallwins.vault.root import Root
from smallwins.vault.ways import new_recovery_code, new_token, passphrase_secret, recovery_secret


class NotInvited(Exception):
    """The invitation was used, is over, or never was."""


class NameTaken(Exception):
    """Somebody here signs in with this name."""


def invite(now: datetime, days: int) -> str:
    """A code for one person, which works once and for so many days."""
    secret = new_token()
    digest = hashlib.sha256(secret).digest()
    invitation = Invitation.objects.create(digest=digest, expires_at=now + timedelta(days=days))
    return base64.urlsafe_b64encode(bytes(invitation.id) + secret).decode().rstrip("=")


def invitation_of(code: str, now: datetime) -> Invitation:
    """Raises NotInvited."""
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise NotInvited from error
    invitation = Invitation.objects.filter(id=raw[:ID_BYTES], expires_at__gt=now).first()
    if not invitation or not secrets.compare_digest(bytes(invitation.digest), hashlib.sha256(raw[ID_BYTES:]).digest()):
        raise NotInvited
    return invitation


def join(invitation: Invitation | None, name: str, passphrase: str, now: datetime) -> tuple[Root, str]:
    """A new person's root, and the code for their recovery sheet. invitation: None only where sign-up is open.

    Raises NotInvited where somebody else was quicker, NameTaken.
    """
    root, code = Root.new(new_id()), new_recovery_code()
    ways = [
        make_way(root, Kind.PASSPHRASE, passphrase_secret(passphrase), now),
        make_way(root, Kind.RECOVERY, recovery_secret(code), now),
    ]
    with transaction.atomic():
        if invitation is not None and not Invitation.objects.filter(id=invitation.id).delete()[0]:
            raise NotInvited
        _move_in(root, _new_person(name, now), ways)
    return root, code


def _move_in(root: Root, person: Person, ways: list[WayIn]) -> None:
    Vault.objects.create(id=root.vault, person=person, public_key=root.public_key, idle_minutes=IDLE_WITH_PASSPHRASE)
    for way in ways:
        save_way(way)


def _new_person(name: str, now: datetime) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create(created_at=now, tag=tag_of(name))
    except IntegrityError as error:
        raise NameTaken from error


def rename(vault: Vault, name: str) -> None:
    """From now on this name signs in. Raises NameTaken."""
    try:
        with transaction.atomic():
            Person.objects.filter(id=vault.person_id).update(tag=tag_of(name))
    except IntegrityError as error:
        raise NameTaken from error


def vault_named(name: str) -> Vault | None:
    return Vault.objects.filter(person__tag=tag_of(name)).first()

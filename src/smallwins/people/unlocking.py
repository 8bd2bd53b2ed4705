"""Checking what a person types: a passphrase, or the code of a recovery sheet. With a limit on guessing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from smallwins.people import limits
from smallwins.people.limits import Limit, TooManyAttempts
from smallwins.people.models import Attempt, Vault, WayIn
from smallwins.people.ways import Kind, open_way
from smallwins.vault.errors import VaultError, WrongSecret
from smallwins.vault.place import ID_BYTES
from smallwins.vault.root import Root
from smallwins.vault.ways import open_for_nothing, passphrase_secret, recovery_secret, stretch_for_nothing

__all__ = ["TooManyAttempts", "open_with", "why_not"]
LEAST_CHARACTERS, ADVISED_CHARACTERS, MOST_CHARACTERS = 8, 15, 1024
NOBODY = bytes(ID_BYTES)
# What a person types as a secret, and what takes as long where there is no such way in.
TRIED: dict[Kind, tuple[Callable[[str], bytes], Callable[[bytes], None]]] = {
    Kind.PASSPHRASE: (passphrase_secret, stretch_for_nothing),
    Kind.RECOVERY: (recovery_secret, open_for_nothing),
}


def open_with(vault: Vault | None, typed: str, now: datetime, limited_by: Sequence[Limit]) -> Root:
    """The root, if `typed` is the passphrase or the recovery code. Raises WrongSecret, TooManyAttempts.

    vault: None where there is no such account; that takes as long, and fails as a wrong passphrase does.
    """
    root, tries = _open(Kind.RECOVERY, vault, typed), list[Attempt]()
    if root is None:
        tries = limits.take(limited_by, now)
        root = _open(Kind.PASSPHRASE, vault, typed)
    if root is None:
        raise WrongSecret
    limits.give_back(tries)
    limits.forgive(limited_by)
    return root


def _open(kind: Kind, vault: Vault | None, typed: str) -> Root | None:
    """The same work, whether or not there is anything to open: one derivation for a passphrase, none for a sheet."""
    secret_of, open_none = TRIED[kind]
    way = WayIn.objects.select_related("vault").filter(vault=vault or NOBODY, kind=kind).first()
    try:
        secret = secret_of(typed)
        if way is not None:
            return open_way(way, secret)
        open_none(secret)
    except VaultError:
        pass
    return None


def why_not(passphrase: str, again: str) -> str | None:
    """Why this cannot be a passphrase, as a sentence; None where it can."""
    if len(passphrase) < LEAST_CHARACTERS:
        return f"Please use {LEAST_CHARACTERS} characters or more. {ADVISED_CHARACTERS} or more is good."
    if len(passphrase) > MOST_CHARACTERS:
        return f"Please use at most {MOST_CHARACTERS:,} characters."
    if _is_common(passphrase):
        return "Many people use this one, so it is easily guessed. A few random words work well."
    if passphrase != again:
        return "The two are not the same. Nothing was changed."
    return None


def _is_common(passphrase: str) -> bool:
    # Django carries the 20,000 most common ones (Royce Williams' list), and the test for them.
    from django.contrib.auth.password_validation import CommonPasswordValidator
    from django.core.exceptions import ValidationError

    try:
        CommonPasswordValidator().validate(passphrase)
    except ValidationError:
        return True
    return len(set(passphrase)) < 4

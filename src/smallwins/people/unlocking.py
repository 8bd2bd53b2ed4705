"""Checking what a person types: a passphrase, or the code of a recovery sheet. With a limit on guessing."""

from datetime import datetime, timedelta

from smallwins.people.models import Attempt, Vault, WayIn
from smallwins.people.ways import Kind, open_way
from smallwins.vault.errors import VaultError, WrongSecret
from smallwins.vault.root import Root
from smallwins.vault.ways import passphrase_secret, recovery_secret

# A person tries a handful of spellings; a machine would need thousands for the weakest passphrase we accept.
MOST_ATTEMPTS = 10
WITHIN = timedelta(minutes=10)
LEAST_CHARACTERS, ADVISED_CHARACTERS, MOST_CHARACTERS = 8, 15, 1024


class TooManyAttempts(Exception):
    """Wait a few minutes."""


def open_with(vault: Vault, typed: str, now: datetime) -> Root:
    """The root, if `typed` is the passphrase or the recovery code. Raises WrongSecret, TooManyAttempts."""
    attempts = Attempt.objects.filter(vault=vault, at__gt=now - WITHIN)
    if attempts.count() >= MOST_ATTEMPTS:
        raise TooManyAttempts
    root = _try_all(vault, typed)
    if root is None:
        Attempt.objects.create(vault=vault, at=now)
        raise WrongSecret
    Attempt.objects.filter(vault=vault).delete()
    return root


def _try_all(vault: Vault, typed: str) -> Root | None:
    for way in WayIn.objects.filter(vault=vault, kind__in=(Kind.PASSPHRASE, Kind.RECOVERY)).order_by("kind"):
        try:
            secret = recovery_secret(typed) if way.kind == Kind.RECOVERY else passphrase_secret(typed)
            return open_way(way, secret)
        except VaultError:
            continue
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

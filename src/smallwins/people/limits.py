"""Limits on guessing passphrases that never lock the owner out.

A browser that has been signed in to a vault is counted by itself, so a stranger's guesses elsewhere cost it nothing.
Strangers are counted by account and network, by network, and by account. The code of a recovery sheet is not limited:
160 random bits are beyond guessing. An account that is not there is counted like one that is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from smallwins.people.models import Attempt
from smallwins.people.names import keyed

# A person tries a handful of spellings; a machine would need thousands for the weakest passphrase we accept.
SOON, LATER = timedelta(minutes=10), timedelta(hours=1)
OWN, NETWORK, ACCOUNT = 10, 30, 100


class TooManyAttempts(Exception):
    """Wait a few minutes."""


class Limit(NamedTuple):
    """At most so many wrong tries within a time, by whoever or on whatever the bucket stands for (16 bytes)."""

    bucket: bytes
    most: int
    within: timedelta


def of_known(vault: bytes, holder: bytes) -> tuple[Limit, ...]:
    """For a browser or terminal that has been let in before. holder: an id of its own."""
    return (_limit("known", vault + holder, OWN, SOON),)


def of_stranger(account: bytes, address: str) -> tuple[Limit, ...]:
    """account: what its name is found by, whether or not there is one."""
    network = network_of(address)
    return (
        _limit("account and network", account + network, OWN, SOON),
        _limit("network", network, NETWORK, SOON),
        _limit("account", account, ACCOUNT, LATER),
    )


def of_network(label: str, address: str) -> tuple[Limit, ...]:
    """For what has no account yet."""
    return (_limit(label, network_of(address), NETWORK, SOON),)


def network_of(address: str) -> bytes:
    """Who shares an address: of IPv6 the /56 that one line is given at least (RIPE-690), of IPv4 the address."""
    try:
        found = ip_address(address)
    except ValueError:
        return b"unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.packed[:7] if found.version == 6 else found.packed


def take(limits: Iterable[Limit], now: datetime) -> list[Attempt]:
    """Counts one try, before it is made: so that many at once are counted right. Raises TooManyAttempts."""
    taken = [(limit, Attempt(bucket=limit.bucket, at=now)) for limit in limits]
    tries = Attempt.objects.bulk_create([attempt for _, attempt in taken])
    for limit, _ in taken:
        if Attempt.objects.filter(bucket=limit.bucket, at__gt=now - limit.within).count() > limit.most:
            give_back(tries)
            raise TooManyAttempts
    return tries


def give_back(tries: Iterable[Attempt]) -> None:
    """These were no wrong tries."""
    for attempt in tries:
        Attempt.objects.filter(bucket=attempt.bucket, id=attempt.id).delete()


def forgive(limits: Iterable[Limit]) -> None:
    """The first of the limits counted whoever has now shown to be right."""
    for limit in list(limits)[:1]:
        Attempt.objects.filter(bucket=limit.bucket).delete()


def forget_old(now: datetime) -> None:
    Attempt.objects.filter(at__lte=now - LATER).delete()


def _limit(label: str, content: bytes, most: int, within: timedelta) -> Limit:
    return Limit(keyed(label, content)[:16], most, within)

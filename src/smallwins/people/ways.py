"""Ways in, as rows: adding one, opening one, handing a root on to them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smallwins.people.models import OlderRoot, Vault, WayIn, new_id
from smallwins.vault.errors import CannotOpen, UnknownFormat, WrongSecret
from smallwins.vault.pages import open_older_root
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import Lock, new_lock, open_proof_key, open_root, proof_key, prove, seal_proof_key, seal_root

Kind = WayIn.Kind


@dataclass(frozen=True)
class Reader:
    """Somebody who may read a vault now: they have shown a secret that opens its root."""

    vault: Vault
    root: Root
    way: WayIn | None = None

    def roots(self) -> list[Root]:
        """The root and every older one, newest first; up to one that is damaged, whose pages then are unreadable."""
        found = [self.root]
        with suppress(CannotOpen):
            for older in OlderRoot.objects.filter(vault=self.vault).order_by("-generation"):
                found.append(open_older_root(found[-1], older.generation, bytes(older.sealed)))
        return found


def add_way(root: Root, kind: Kind, secret: bytes, now: datetime, **others: Any) -> WayIn:
    """Lets `secret` open `root` from now on. A passphrase is stretched first."""
    return save_way(make_way(root, kind, secret, now, **others))


def make_way(root: Root, kind: Kind, secret: bytes, now: datetime, **others: Any) -> WayIn:
    """The row, not yet saved: stretching takes a fifth of a second, for which no transaction should wait."""
    lock = new_lock(kind, secret, guessable=kind == Kind.PASSPHRASE)
    way = WayIn(vault_id=root.vault, id=new_id(), kind=kind, created_at=now, seen_at=now, **others)
    way.public_key, way.salt, way.cost = lock.public_key, lock.salt, lock.cost
    _seal_to(way, root, proof_key(lock, kind, secret))
    return way


def save_way(way: WayIn) -> WayIn:
    return WayIn.objects.create(**{field.attname: getattr(way, field.attname) for field in WayIn._meta.concrete_fields})


def open_way(way: WayIn, secret: bytes) -> Root:
    """Raises WrongSecret, CannotOpen, UnknownFormat."""
    if way.generation != way.vault.generation and was_replaced(way.vault, way.generation):
        raise WrongSecret  # a row of an earlier root, put back by somebody
    return open_root(_lock_of(way), _place_of(way), bytes(way.sealed_root), secret, bytes(way.proof))


def was_replaced(vault: Vault, generation: int) -> bool:
    """Whether there is a newer root. Not asked of the vault's own number, which proves nothing by itself."""
    return OlderRoot.objects.filter(vault=vault, generation=generation).exists()


def hand_on(older: Root, root: Root, ways: Iterable[WayIn]) -> None:
    """Seals a new root to ways that exist, without knowing their secrets. They must be our own: see `foreign_ways`."""
    for way in ways:
        _seal_to(way, root, _proof_key_of(way, older))
        WayIn.objects.filter(vault_id=way.vault_id, id=way.id).update(
            generation=way.generation, sealed_root=way.sealed_root, proof=way.proof, proof_key=way.proof_key
        )


def foreign_ways(root: Root) -> list[WayIn]:
    """Ways in that nobody who has the root put there: somebody else wrote or changed them."""
    return [way for way in WayIn.objects.filter(vault_id=root.vault) if not _is_ours(way, root)]


def has(vault: Vault, kind: Kind) -> bool:
    return WayIn.objects.filter(vault=vault, kind=kind).exists()


def _is_ours(way: WayIn, root: Root) -> bool:
    try:
        return bool(_proof_key_of(way, root))
    except (CannotOpen, UnknownFormat):
        return False


def _proof_key_of(way: WayIn, root: Root) -> bytes:
    return open_proof_key(root, _lock_of(way), _place_of(way), bytes(way.proof_key))


def _seal_to(way: WayIn, root: Root, key: bytes) -> None:
    way.generation = root.generation
    lock, place = _lock_of(way), _place_of(way)
    way.sealed_root = seal_root(lock, place, root)
    way.proof = prove(key, lock, place, way.sealed_root)
    way.proof_key = seal_proof_key(root, lock, place, key)


def _lock_of(way: WayIn) -> Lock:
    return Lock(bytes(way.public_key), bytes(way.salt), way.cost)


def _place_of(way: WayIn) -> Place:
    return Place(way.vault_id, bytes(way.id), str(way.kind), 0, way.generation)

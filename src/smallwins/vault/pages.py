"""Pages of the book: AES-256-GCM under the book key, with the place as associated data."""

import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from smallwins.vault.errors import CannotOpen
from smallwins.vault.letters import check_format
from smallwins.vault.padding import pad
from smallwins.vault.place import FORMAT, Place, after_record, before_record
from smallwins.vault.root import Root

# Random nonces of 96 bits: safe up to 2^32 pages under one key (NIST SP 800-38D 8.3). A vault holds far fewer, and a
# new root starts anew.
NONCE_BYTES = 12
FORMAT_BYTE = bytes((FORMAT,))


def seal_page(root: Root, place: Place, text: bytes) -> bytes:
    """`text`, a JSON document, padded and sealed for one place."""
    nonce = os.urandom(NONCE_BYTES)
    return bytes((FORMAT,)) + nonce + AESGCM(root.book_key).encrypt(nonce, pad(text), place.bound("page"))


def open_page(root: Root, place: Place, sealed: bytes) -> bytes:
    """The JSON document (with spaces behind it). Raises CannotOpen, UnknownFormat."""
    return Opener([root]).open(place, sealed)


def seal_older_root(root: Root, older: Root) -> bytes:
    """An earlier root, kept under the one that replaced it, so that what was sealed before can still be read."""
    nonce = os.urandom(NONCE_BYTES)
    return bytes((FORMAT,)) + nonce + AESGCM(root.book_key).encrypt(nonce, older.secret, _older(root, older.generation))


def open_older_root(root: Root, generation: int, sealed: bytes) -> Root:
    """Raises CannotOpen, UnknownFormat."""
    check_format(sealed)
    try:
        secret = AESGCM(root.book_key).decrypt(sealed[1:13], sealed[13:], _older(root, generation))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
    return Root(root.vault, generation, secret)


def _older(root: Root, generation: int) -> bytes:
    record = generation.to_bytes(16, "big")
    return Place(root.vault, record, "older root", 0, root.generation).bound("older root")


class Opener:
    """Opens many pages of one vault quickly: keys are set up once, and what pages have in common is bound once."""

    def __init__(self, roots: Iterable[Root]) -> None:
        self._ciphers = {root.generation: AESGCM(root.book_key) for root in roots}
        self._around: dict[tuple[bytes, str, int, int], tuple[AESGCM, bytes, bytes]] = {}

    def open(self, place: Place, sealed: bytes) -> bytes:
        """As `open_page`. Raises CannotOpen also where no root of that generation is known."""
        return self.open_record(place.record, sealed, (place.vault, place.kind, place.revision, place.generation))

    def open_record(self, record: bytes, sealed: bytes, alike: tuple[bytes, str, int, int]) -> bytes:
        """As `open`, without making a place for each page. alike: vault, kind, revision and generation."""
        cipher, before, after = self._around.get(alike) or self._look_up(alike)
        if sealed[:1] != FORMAT_BYTE:
            check_format(sealed)
        try:
            return cipher.decrypt(sealed[1:13], sealed[13:], before + record + after)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error

    def _look_up(self, alike: tuple[bytes, str, int, int]) -> tuple[AESGCM, bytes, bytes]:
        vault, kind, revision, generation = alike
        cipher = self._ciphers.get(generation)
        if cipher is None:
            raise CannotOpen
        self._around[alike] = cipher, before_record("page", vault), after_record(kind, revision, generation)
        return self._around[alike]

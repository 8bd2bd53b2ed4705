"""Where a sealed thing belongs: ciphertext is bound to its place, so that moving or swapping it is noticed."""

from functools import lru_cache
from typing import NamedTuple

ID_BYTES = 16
FORMAT = 1  # the first byte of everything sealed; a new way of sealing gets a new number


class Place(NamedTuple):
    """The place of one sealed thing.

    vault, record: 16 bytes each. kind: what is sealed there ("win", "passphrase", …). revision counts edits from 1;
    a letter, a way in and an older root have revision 0. generation: that of the root it is sealed under.
    """

    vault: bytes
    record: bytes
    kind: str
    revision: int
    generation: int

    def bound(self, sealing: str) -> bytes:
        """The place as unambiguous bytes: each part after its own length (2 bytes, big-endian)."""
        after = after_record(self.kind, self.revision, self.generation)
        return before_record(sealing, self.vault) + self.record + after


# Cached, because 100,000 pages of one book differ in hardly anything but the record.
@lru_cache(maxsize=64)
def before_record(sealing: str, vault: bytes) -> bytes:
    """The part of what is bound that stands before the record."""
    parts = (b"smallwins", sealing.encode(), FORMAT.to_bytes(1, "big"), vault)
    return _measured(parts) + ID_BYTES.to_bytes(2, "big")


@lru_cache(maxsize=1024)
def after_record(kind: str, revision: int, generation: int) -> bytes:
    """The part that stands behind it."""
    return _measured((kind.encode(), revision.to_bytes(8, "big"), generation.to_bytes(4, "big")))


def _measured(parts: tuple[bytes, ...]) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)

"""The root: 32 random bytes from which everything else of a vault is derived."""

import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from smallwins.vault.letters import PrivateKey

ROOT_BYTES = 32


@dataclass(frozen=True)
class Root:
    """The root of one vault in one generation. Never printed: `secret` is kept out of its repr."""

    vault: bytes
    generation: int
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls, vault: bytes, generation: int = 1) -> "Root":
        return cls(vault, generation, secrets.token_bytes(ROOT_BYTES))

    @cached_property
    def book_key(self) -> bytes:
        """The 32 bytes that seal the pages of the book."""
        return derive(self.secret, self.vault, b"smallwins book key", 32)

    @cached_property
    def letterbox(self) -> PrivateKey:
        """The private half of the letterbox."""
        return keypair(self.secret, self.vault, b"smallwins letterbox")

    @cached_property
    def public_key(self) -> bytes:
        """The published half of the letterbox: 1,216 bytes."""
        return public_bytes(self.secret, self.vault, b"smallwins letterbox")


def derive(secret: bytes, salt: bytes, label: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869). `secret` must already be hard to guess."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=label).derive(secret)


def keypair(secret: bytes, salt: bytes, label: bytes) -> PrivateKey:
    """The hybrid private key that belongs to a secret, a salt and a label: always the same one."""
    return MLKEM768X25519PrivateKey(*_halves(secret, salt, label))


def public_bytes(secret: bytes, salt: bytes, label: bytes) -> bytes:
    """The public half of `keypair`: ML-KEM-768 (1,184 bytes), then X25519 (32)."""
    mlkem, x25519 = _halves(secret, salt, label)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _halves(secret: bytes, salt: bytes, label: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    # The hybrid key cannot be written down, so its two halves are derived: a 64-byte seed (FIPS 203), and 32 bytes.
    material = derive(secret, salt, label, 96)
    return MLKEM768PrivateKey.from_seed_bytes(material[:64]), X25519PrivateKey.from_private_bytes(material[64:])

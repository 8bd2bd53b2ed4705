"""Letters: sealed with the public key alone, so that a win can be kept while everything is locked.

HPKE (RFC 9180) in base mode with the hybrid KEM ML-KEM-768 + X25519 of draft-ietf-hpke-pq, HKDF-SHA256 and
AES-256-GCM. The library's one-shot call has no associated data, so the place goes into `info`, as RFC 9180 8.1 advises.
A letter proves nothing about who wrote it: everybody may write to a public key.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from smallwins.vault.errors import CannotOpen, UnknownFormat
from smallwins.vault.padding import pad
from smallwins.vault.place import FORMAT, Place

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32

PrivateKey = MLKEM768X25519PrivateKey


def load_public_key(public_key: bytes) -> MLKEM768X25519PublicKey:
    """Raises ValueError where the 1,216 bytes are not a key."""
    if len(public_key) != PUBLIC_BYTES:
        raise ValueError(f"A public key has {PUBLIC_BYTES} bytes, this one has {len(public_key)}.")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public_key[:MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public_key[MLKEM_PUBLIC_BYTES:]),
    )


def seal_letter(public_key: bytes, place: Place, text: bytes) -> bytes:
    """`text`, a JSON document, padded and sealed so that only the owner of `public_key` opens it, and only there."""
    sealed = SUITE.encrypt(pad(text), load_public_key(public_key), info=place.bound("letter"))
    return bytes((FORMAT,)) + sealed


def open_letter(private_key: PrivateKey, place: Place, sealed: bytes) -> bytes:
    """The JSON document (with spaces behind it). Raises CannotOpen, UnknownFormat."""
    check_format(sealed)
    try:
        return SUITE.decrypt(sealed[1:], private_key, info=place.bound("letter"))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def check_format(sealed: bytes) -> None:
    if not sealed:
        raise CannotOpen
    if sealed[0] != FORMAT:
        raise UnknownFormat

"""Ways in: how a person gets at the root.

Each way is a key pair whose private half is derived from a secret the person holds: a latch file, a passphrase, the
code on a recovery sheet, a browser's cookie. The root is sealed to the public half. So the same root can be sealed
again, or a new one handed on, without asking for every secret (`docs/decisions/0003-ways-in-are-key-pairs.md`).

Anybody can seal something to a public key, and whoever writes to the database can put another one in its place. So
what is sealed is proven with a second key from the same secret, and that key is kept under the root, bound to the lock.
"""

import base64
import json
import os
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from smallwins.vault.errors import CannotOpen, WrongSecret
from smallwins.vault.letters import SUITE, PrivateKey, check_format, load_public_key
from smallwins.vault.pages import NONCE_BYTES
from smallwins.vault.place import FORMAT, Place
from smallwins.vault.root import Root, derive, keypair, public_bytes

SALT_BYTES = 16
TOKEN_BYTES = 32
RECOVERY_BYTES = 20  # 160 bits: 32 letters and digits, beyond guessing without a slow derivation
# RFC 9106, second recommended option, which OWASP's cheat sheet exceeds nowhere: 64 MiB, 3 passes, 4 lanes.
ARGON2 = {"memory_cost": 64 * 1024, "iterations": 3, "lanes": 4}
# A stored cost beyond this (KiB, and KiB times passes) is not of our making: refused, before it exhausts the machine.
MOST_MEMORY = 1024 * 1024
MOST_WORK = 1024 * 1024 * 10
# Two derivations at once can wait for each other for ever in the library's own pool of threads, which four lanes take.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Lock:
    """The open half of a way in: what is stored to seal a root to it. cost: Argon2id's, as JSON, or empty."""

    public_key: bytes
    salt: bytes
    cost: str


def new_token() -> bytes:
    """A secret for a latch, a session or an opening link: 256 random bits."""
    return secrets.token_bytes(TOKEN_BYTES)


def new_recovery_code() -> str:
    """160 random bits in groups of four, easy to copy by hand: 'ABCD EFGH …'."""
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def recovery_secret(code: str) -> bytes:
    """The secret behind a code as somebody typed it: any case, spaces or dashes, 0 1 8 read as O I B.

    Raises WrongSecret where it cannot be a code at all.
    """
    letters = "".join(code.split()).replace("-", "").upper().translate(str.maketrans("018", "OIB"))
    try:
        secret = base64.b32decode(letters)
    except ValueError as error:
        raise WrongSecret from error
    if len(secret) != RECOVERY_BYTES:
        raise WrongSecret
    return secret


def passphrase_secret(passphrase: str) -> bytes:
    """A passphrase as bytes, alike from every keyboard (NFKC, as NIST SP 800-63B 5.1.1.2 advises)."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def new_lock(kind: str, secret: bytes, *, guessable: bool = False) -> Lock:
    """A lock that `secret` opens. A guessable secret, one a person made up, goes through Argon2id first."""
    salt, cost = secrets.token_bytes(SALT_BYTES), json.dumps(ARGON2) if guessable else ""
    return Lock(public_bytes(_stretched(secret, salt, cost), salt, _label(kind)), salt, cost)


def seal_root(lock: Lock, place: Place, root: Root) -> bytes:
    """`root` for whoever holds the secret of `lock`. `place.generation` must be the root's."""
    return bytes((FORMAT,)) + SUITE.encrypt(root.secret, load_public_key(lock.public_key), info=place.bound("way"))


def open_root(lock: Lock, place: Place, sealed: bytes, secret: bytes, proof: bytes) -> Root:
    """Raises WrongSecret, CannotOpen, UnknownFormat. Takes a tenth of a second where the secret is guessable."""
    check_format(sealed)
    stretched = _stretched(secret, lock.salt, lock.cost)
    key: PrivateKey = keypair(stretched, lock.salt, _label(place.kind))
    try:
        root = Root(place.vault, place.generation, SUITE.decrypt(sealed[1:], key, info=place.bound("way")))
        _hmac(_proof_key(stretched, lock, place.kind), lock, place, sealed).verify(proof)
    except (InvalidTag, InvalidSignature, ValueError) as error:
        raise WrongSecret from error
    return root


def proof_key(lock: Lock, kind: str, secret: bytes) -> bytes:
    """The 32 bytes that prove what is sealed to a lock. Only who has the secret, or has been given this, can."""
    return _proof_key(_stretched(secret, lock.salt, lock.cost), lock, kind)


def prove(key: bytes, lock: Lock, place: Place, sealed: bytes) -> bytes:
    """The proof that goes with a sealed root."""
    return _hmac(key, lock, place, sealed).finalize()


def seal_proof_key(root: Root, lock: Lock, place: Place, key: bytes) -> bytes:
    """For whoever has the root: so that it can prove the next root to this lock, and to no other."""
    nonce = os.urandom(NONCE_BYTES)
    return bytes((FORMAT,)) + nonce + AESGCM(root.book_key).encrypt(nonce, key, _bound(lock, place, "proof key"))


def open_proof_key(root: Root, lock: Lock, place: Place, sealed: bytes) -> bytes:
    """Raises CannotOpen where this lock is not the one that was sealed: somebody put another in its place."""
    check_format(sealed)
    try:
        return AESGCM(root.book_key).decrypt(sealed[1:13], sealed[13:], _bound(lock, place, "proof key"))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def _proof_key(stretched: bytes, lock: Lock, kind: str) -> bytes:
    return derive(stretched, lock.salt, b"smallwins proof: " + kind.encode(), 32)


def _hmac(key: bytes, lock: Lock, place: Place, sealed: bytes) -> HMAC:
    hmac = HMAC(key, SHA256())
    hmac.update(_bound(lock, place, "proof"))
    hmac.update(sealed)
    return hmac


def _bound(lock: Lock, place: Place, sealing: str) -> bytes:
    parts = (lock.public_key, lock.salt, lock.cost.encode())
    return place.bound(sealing) + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def _label(kind: str) -> bytes:
    return b"smallwins way in: " + kind.encode()


def stretch_for_nothing(secret: bytes) -> None:
    """Takes as long as trying a passphrase does: for where there is none to try, and nobody should be able to tell."""
    _stretched(secret, secrets.token_bytes(SALT_BYTES), json.dumps(ARGON2))


def open_for_nothing(secret: bytes) -> None:
    """The same for a secret that needs no stretching. Raises WrongSecret."""
    lock, place, sealed, proof = _decoy()
    open_root(lock, place, sealed, secret, proof)


@cache
def _decoy() -> tuple[Lock, Place, bytes, bytes]:
    """A way in that nobody has the secret of."""
    lock, place = new_lock("recovery", new_token()), Place(bytes(16), bytes(16), "recovery", 0, 1)
    return lock, place, seal_root(lock, place, Root.new(bytes(16))), bytes(32)


def _stretched(secret: bytes, salt: bytes, cost: str) -> bytes:
    if not cost:
        return secret
    try:
        figures: dict[str, int] = json.loads(cost)
        memory, iterations, lanes = figures["memory_cost"], figures["iterations"], figures["lanes"]
        if memory > MOST_MEMORY or memory * iterations > MOST_WORK:
            raise CannotOpen
        argon2 = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise CannotOpen from error
    with _one_at_a_time:
        return argon2.derive(secret)

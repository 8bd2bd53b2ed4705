"""Ways in: how a person gets at the root.

Each way is a key pair whose private half is derived from a secret the person holds: a latch file, a passphrase, the
code on a recovery sheet, a browser's cookie. The root is sealed to the public half. So the same root can be sealed
again, or a new one handed on, without asking for every secret (`docs/decisions/0003-ways-in-are-key-pairs.md`).
"""

import base64
import json
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from smallwins.vault.errors import CannotOpen, WrongSecret
from smallwins.vault.letters import SUITE, PrivateKey, check_format, load_public_key
from smallwins.vault.place import FORMAT, Place
from smallwins.vault.root import Root, keypair, public_bytes

SALT_BYTES = 16
TOKEN_BYTES = 32
RECOVERY_BYTES = 20  # 160 bits: 32 letters and digits, beyond guessing without a slow derivation
# RFC 9106, second recommended option, which OWASP's cheat sheet exceeds nowhere: 64 MiB, 3 passes, 4 lanes.
ARGON2 = {"memory_cost": 64 * 1024, "iterations": 3, "lanes": 4}
# A stored cost beyond this is not of our making: refused, rather than exhausting the machine. KiB times passes.
MOST_WORK = 1024 * 1024 * 10


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


def open_root(lock: Lock, place: Place, sealed: bytes, secret: bytes) -> Root:
    """Raises WrongSecret, CannotOpen, UnknownFormat. Takes a tenth of a second where the secret is guessable."""
    check_format(sealed)
    key: PrivateKey = keypair(_stretched(secret, lock.salt, lock.cost), lock.salt, _label(place.kind))
    try:
        return Root(place.vault, place.generation, SUITE.decrypt(sealed[1:], key, info=place.bound("way")))
    except (InvalidTag, ValueError) as error:
        raise WrongSecret from error


def _label(kind: str) -> bytes:
    return b"smallwins way in: " + kind.encode()


def _stretched(secret: bytes, salt: bytes, cost: str) -> bytes:
    if not cost:
        return secret
    try:
        figures: dict[str, int] = json.loads(cost)
        memory, iterations, lanes = figures["memory_cost"], figures["iterations"], figures["lanes"]
        if memory * iterations > MOST_WORK:
            raise CannotOpen
        argon2 = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise CannotOpen from error
    return argon2.derive(secret)

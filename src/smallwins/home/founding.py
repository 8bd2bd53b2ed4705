"""The first run: a vault comes into being as files, so that a win can be kept before there is a database."""

import base64
import json
import os
from dataclasses import dataclass

from smallwins.home import letterbox as letterboxes
from smallwins.home.letterbox import Damaged, Letterbox
from smallwins.home.paths import Home, create_private, remove_if_there, write_private
from smallwins.vault.place import ID_BYTES, Place
from smallwins.vault.root import Root
from smallwins.vault.ways import Lock, new_lock, new_token, proof_key, prove, seal_proof_key, seal_root

LATCH = "latch"


@dataclass(frozen=True, slots=True)
class Founding:
    """The first way in, for the database to take in."""

    letterbox: Letterbox
    way: bytes
    lock: Lock
    sealed_root: bytes
    proof: bytes
    proof_key: bytes  # sealed under the root


def found(home: Home) -> Letterbox:
    """Sets a vault up and returns its letterbox; where another process was quicker, that one's."""
    root = Root.new(os.urandom(ID_BYTES))
    founding, secret = _new_founding(root)
    content = _as_json(founding)
    # One file holds the whole founding and appears whole: whoever links it first is the founder.
    write_private(home.latch(root.vault), secret)
    if not create_private(home.founding, content):
        remove_if_there(home.latch(root.vault))
    return complete(home)


def complete(home: Home) -> Letterbox:
    """Publishes what the founding file says; also mends a first run that was killed half-way."""
    existing = letterboxes.read(home)
    if existing is not None:
        return existing
    founding = read(home)
    if founding is None:
        return found(home)
    letterboxes.publish(home, founding.letterbox)
    return founding.letterbox


def read(home: Home) -> Founding | None:
    """What a first run left for the database, or None. Raises Damaged."""
    try:
        with open(home.founding, "rb") as file:
            parts = json.load(file)
        raw = {name: base64.b64decode(value) for name, value in parts["bytes"].items()}
        letterbox, lock = Letterbox(raw["vault"], 1, raw["letterbox"]), Lock(raw["lock"], raw["salt"], "")
        return Founding(letterbox, raw["way"], lock, raw["sealed_root"], raw["proof"], raw["proof_key"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(home.founding) from error


def _new_founding(root: Root) -> tuple[Founding, bytes]:
    secret, way = new_token(), os.urandom(ID_BYTES)
    lock, place = new_lock(LATCH, secret), Place(root.vault, way, LATCH, 0, root.generation)
    sealed_root, key = seal_root(lock, place, root), proof_key(lock, LATCH, secret)
    proof, sealed_key = prove(key, lock, place, sealed_root), seal_proof_key(root, lock, place, key)
    letterbox = Letterbox(root.vault, root.generation, root.public_key)
    return Founding(letterbox, way, lock, sealed_root, proof, sealed_key), secret


def _as_json(founding: Founding) -> bytes:
    raw = {
        "vault": founding.letterbox.vault,
        "letterbox": founding.letterbox.public_key,
        "way": founding.way,
        "lock": founding.lock.public_key,
        "salt": founding.lock.salt,
        "sealed_root": founding.sealed_root,
        "proof": founding.proof,
        "proof_key": founding.proof_key,
    }
    parts = {"format": "smallwins founding 1", "bytes": {k: base64.b64encode(v).decode() for k, v in raw.items()}}
    return json.dumps(parts, indent=1).encode() + b"\n"

"""Writes the frozen vectors of the present format, once. What an old vector holds must open for ever, so it is never
written again: a new way of sealing gets a new number and a new file.
"""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from smallwins.home.spool import SpooledLetter
from smallwins.vault.letters import seal_letter
from smallwins.vault.pages import seal_older_root, seal_page
from smallwins.vault.place import FORMAT, Place
from smallwins.vault.root import Root
from smallwins.vault.ways import Lock, new_lock, new_recovery_code, new_token, passphrase_secret, recovery_secret
from smallwins.vault.ways import seal_root as seal_to

VECTORS = Path(__file__).parents[1] / "tests" / "vectors"
VAULT, RECORD = bytes(range(16)), bytes(range(16, 32))
WIN = '{"text":"Got out of bed. ☀️","when":1773513000,"offset":60,"marks":["hard"]}'
PASSPHRASE = "ﬁve small stones, one path"  # its first letter is one that NFKC changes


def make_vectors(path: Path) -> None:
    """Raises FileExistsError rather than replace a vector."""
    older = Root.new(VAULT, 1)
    root = Root.new(VAULT, 2)
    content = {
        "format": FORMAT,
        "roots": [_root(older), _root(root)],
        "text": WIN,
        "letter": _sealed(letter := Place(VAULT, RECORD, "win", 0, 2), seal_letter(root.public_key, letter, _text())),
        "pages": [_sealed(place, seal_page(root, place, _text())) for place in _pages()],
        "older_root": {"generation": 1, "under": 2, "sealed": _b64(seal_older_root(root, older))},
        "ways": list(_ways(root)),
        "spool": _spool(root),
        "bound": [{"sealing": sealing, **_place(letter), "bytes": letter.bound(sealing).hex()} for sealing in SEALINGS],
    }
    with path.open("x", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")


SEALINGS = ("letter", "page", "way", "older root")


def _text() -> bytes:
    return WIN.encode()


def _pages() -> list[Place]:
    return [Place(VAULT, RECORD, "win", revision, 2) for revision in (1, 3)]


def _root(root: Root) -> dict[str, Any]:
    return {
        "vault": root.vault.hex(),
        "generation": root.generation,
        "secret": root.secret.hex(),
        "book_key": root.book_key.hex(),
        "public_key": _b64(root.public_key),
        "fingerprint": sha256(root.public_key).hexdigest(),
    }


def _ways(root: Root) -> Any:
    code = new_recovery_code()
    secrets = {
        "latch": new_token(),
        "passphrase": passphrase_secret(PASSPHRASE),
        "recovery": recovery_secret(code),
    }
    typed = {"passphrase": PASSPHRASE, "recovery": code}
    for number, (kind, secret) in enumerate(secrets.items(), 1):
        lock = new_lock(kind, secret, guessable=kind == "passphrase")
        place = Place(VAULT, bytes((number,)) * 16, kind, 0, root.generation)
        yield {**_sealed(place, seal_to(lock, place, root)), **_lock(lock), "secret": secret.hex()} | (
            {"typed": typed[kind]} if kind in typed else {}
        )


def _lock(lock: Lock) -> dict[str, str]:
    return {"public_key": _b64(lock.public_key), "salt": lock.salt.hex(), "cost": lock.cost}


def _spool(root: Root) -> dict[str, Any]:
    place = Place(VAULT, bytes(range(32, 48)), "win", 0, root.generation)
    sealed = seal_letter(root.public_key, place, _text())
    letter = SpooledLetter(VAULT, place.record, root.generation, sealed)
    return {**_place(place), "file": _b64(letter.as_bytes())}


def _sealed(place: Place, sealed: bytes) -> dict[str, Any]:
    return {**_place(place), "sealed": _b64(sealed)}


def _place(place: Place) -> dict[str, Any]:
    return place._asdict() | {"vault": place.vault.hex(), "record": place.record.hex()}


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


if __name__ == "__main__":
    make_vectors(VECTORS / f"v{FORMAT}.json")

"""The published half of the letterbox, as a file: all that `win` needs to keep something."""

import json
from binascii import a2b_base64, b2a_base64
from typing import NamedTuple

from smallwins.home.paths import Home, sha256, write_private
from smallwins.vault.letters import PUBLIC_BYTES
from smallwins.vault.place import ID_BYTES

FORMAT = "smallwins letterbox 1"


class KeyChanged(Exception):
    """The published key is not the one this computer remembers."""


class Damaged(Exception):
    """The file that names the letterbox cannot be read."""


class Letterbox(NamedTuple):
    """vault: 16 bytes. public_key: 1,216 bytes. generation: that of the root the key was derived from."""

    vault: bytes
    generation: int
    public_key: bytes

    def as_json(self) -> bytes:
        parts = {
            "format": FORMAT,
            "vault": self.vault.hex(),
            "generation": self.generation,
            "public_key": b2a_base64(self.public_key, newline=False).decode(),
        }
        return json.dumps(parts, indent=1).encode() + b"\n"

    @property
    def fingerprint(self) -> bytes:
        return sha256(self.as_json()).encode()


def read(home: Home) -> Letterbox | None:
    """The letterbox of this home, or None before a first run. Raises Damaged."""
    try:
        with open(home.letterbox, "rb") as file:
            parts = json.load(file)
        box = Letterbox(bytes.fromhex(parts["vault"]), parts["generation"], a2b_base64(parts["public_key"]))
        whole = len(box.vault) == ID_BYTES and len(box.public_key) == PUBLIC_BYTES
        if parts["format"] != FORMAT or not whole or not _is_generation(box.generation):
            raise Damaged(home.letterbox)
        return box
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged(home.letterbox) from error


def _is_generation(number: object) -> bool:
    return type(number) is int and 1 <= number < 2**32


def publish(home: Home, letterbox: Letterbox) -> None:
    """Makes this the letterbox of the home, and remembers its key. Only for who has just held the root."""
    # The pin comes second: killed in between, `win` refuses and says what to run, and nothing goes to a wrong key.
    write_private(home.letterbox, letterbox.as_json())
    pin(home, letterbox)


def pin(home: Home, letterbox: Letterbox) -> None:
    write_private(home.pin, letterbox.fingerprint)


def check_pin(home: Home, letterbox: Letterbox) -> None:
    """Raises KeyChanged where another key was remembered; remembers this one where none was."""
    try:
        with open(home.pin, "rb") as file:
            remembered = file.read().strip()
    except FileNotFoundError:
        return pin(home, letterbox)
    if remembered != letterbox.fingerprint:
        raise KeyChanged

"""The spool: letters as files, one each, written by `win` and taken in by whatever runs next."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from smallwins.home.paths import Home, make_folder, write_private

MAGIC = b"smallwins letter 1\n"
ENDING = ".letter"
MOST_BYTES = 64 * 1024 * 1024


class NotALetter(Exception):
    """The file is damaged or something else."""


class SpooledLetter(NamedTuple):
    """vault, record: 16 bytes each. sealed: what `vault.letters` made of a win."""

    vault: bytes
    record: bytes
    generation: int
    sealed: bytes

    def as_bytes(self) -> bytes:
        return MAGIC + self.vault + self.record + self.generation.to_bytes(4, "big") + self.sealed

    @classmethod
    def from_bytes(cls, content: bytes) -> "SpooledLetter":
        """Raises NotALetter."""
        if not content.startswith(MAGIC) or len(content) <= len(MAGIC) + 36:
            raise NotALetter
        body = content[len(MAGIC) :]
        letter = cls(body[:16], body[16:32], int.from_bytes(body[32:36], "big"), body[36:])
        if not 1 <= letter.generation < 2**31:  # what a column of the database holds
            raise NotALetter
        return letter


def post(home: Home, letter: SpooledLetter) -> None:
    """Puts a letter into the spool; it is on disk when this returns. Raises OSError where it cannot be."""
    write_private(os.path.join(home.spool, letter.record.hex() + ENDING), letter.as_bytes())


def waiting(home: Home) -> Iterator[str]:
    """The paths of the letters in the spool, oldest name first."""
    make_folder(home.spool)
    for name in sorted(os.listdir(home.spool)):
        if name.endswith(ENDING) and not name.startswith("."):
            yield os.path.join(home.spool, name)


def read(path: str) -> SpooledLetter:
    """Raises NotALetter, OSError."""
    if os.path.getsize(path) > MOST_BYTES:
        raise NotALetter
    with open(path, "rb") as file:
        return SpooledLetter.from_bytes(file.read())

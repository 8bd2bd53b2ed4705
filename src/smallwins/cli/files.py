"""Writing a file for the person: private, and whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from smallwins.cli.codes import Refused


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is whole, and never in place of another. Raises Refused."""
    taken = Refused(f"There is a file already: {target}. It was left alone.")
    if target.exists():
        raise taken
    part = target.with_name(f".{target.name}.{os.urandom(8).hex()}.part")  # nobody can have put something there before
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(part, target)
    except FileExistsError as error:
        raise taken from error
    except OSError as error:
        raise Refused(f"It could not be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a memory stick knows no second name for a file
        os.rename(part, target)

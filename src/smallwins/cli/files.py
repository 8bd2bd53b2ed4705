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
    if target.exists():
        raise Refused(f"There is a file already: {target}. It was left alone.")
    part = target.with_name(target.name + ".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise Refused(f"It could not be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)

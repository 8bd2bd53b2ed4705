"""Reading what `win` put into the spool, with the latch, and without the half second that `smallwins` takes."""

import json
from typing import Any

from smallwins.home import founding, spool
from smallwins.home.paths import Home
from smallwins.vault.letters import open_letter
from smallwins.vault.place import Place
from smallwins.vault.ways import open_root
from tests.cli.commands import Commands


def spooled(commands: Commands) -> list[dict[str, Any]]:
    """The wins in the spool of a home that no `smallwins` has run in yet, in the order they were written."""
    home = Home(str(commands.data), str(commands.keys))
    first = founding.read(home)
    assert first is not None
    vault = first.letterbox.vault
    with open(home.latch(vault), "rb") as file:
        root = open_root(
            first.lock, Place(vault, first.way, "latch", 0, 1), first.sealed_root, file.read(), first.proof
        )
    paths = sorted((commands.data / "spool").glob("*.letter"), key=lambda path: path.stat().st_mtime_ns)
    letters = [spool.read(str(path)) for path in paths]
    return [
        json.loads(open_letter(root.letterbox, Place(vault, letter.record, "win", 0, 1), letter.sealed))
        for letter in letters
    ]

"""The real commands, as processes of their own, in a home of one test."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TIMEOUT = 60  # only so that a hanging command fails the test


class Commands:
    """`win` and `smallwins` in one home. Nothing of this process's own home reaches them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.data, self.keys = folder, folder / "data", folder / "keys"
        self.environment = os.environ | {
            "SMALLWINS_HOME": str(self.data),
            "SMALLWINS_KEYS": str(self.keys),
            "TZ": "Europe/Lisbon",
            "SMALLWINS_TIME_ZONE": "Europe/Lisbon",
        }
        self.environment.pop("DATABASE_URL", None)  # the database of these tests is a file in their own folder

    def win(self, *words: str | bytes, **others: Any) -> subprocess.CompletedProcess[str]:
        return self._run("smallwins.cli.win", words, **others)

    def smallwins(self, *words: str, **others: Any) -> subprocess.CompletedProcess[str]:
        return self._run("smallwins.cli.main", words, **others)

    def _run(
        self, module: str, words: tuple[str | bytes, ...], said: str | bytes = b"", **others: Any
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, *words],
            input=said.encode() if isinstance(said, str) else said,
            capture_output=True,
            timeout=TIMEOUT,
            env=self.environment | others.pop("environment", {}),
            **{"cwd": self.folder} | others,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def wins(self) -> list[dict[str, Any]]:
        """What `smallwins list --json` says."""
        listed = self.smallwins("list", "--json")
        assert listed.returncode == 0, listed.stderr
        found: list[dict[str, Any]] = json.loads(listed.stdout)
        return found

    @property
    def texts(self) -> list[str]:
        return sorted(win["text"] for win in self.wins)

    @property
    def spooled(self) -> int:
        return len(list((self.data / "spool").glob("*.letter"))) if (self.data / "spool").is_dir() else 0

"""A PostgreSQL of the measurement's own, as durable as anybody's, which can be stopped and started."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.serving import free_port
from scripts.services import USER, postgresql


def why_not() -> str:
    """Why there is none here, or nothing."""
    return "" if postgresql() else "there is no PostgreSQL here (apt install postgresql)"


class Postgres:
    """Made anew in a folder, and running once this has returned."""

    def __init__(self, folder: Path) -> None:
        binaries = postgresql()
        assert binaries
        self.port, self._data, self._log = free_port(), folder / "data", folder / "log"
        self._control = (binaries / "pg_ctl", "--pgdata", self._data, "--wait", "--silent")
        made = ("--auth", "trust", "--username", "smallwins", "--encoding", "UTF8", "--no-sync")
        _as_user(binaries / "initdb", "--pgdata", self._data, *made)
        self._options = f"-p {self.port} -k {folder} -c listen_addresses=127.0.0.1"
        self.start()

    @property
    def address(self) -> str:
        return f"postgres://smallwins@127.0.0.1:{self.port}/postgres"

    @property
    def process(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        _as_user(*self._control, "--log", self._log, "--options", self._options, "start")

    def stop(self, mode: str = "fast") -> None:
        """fast: what is under way is rolled back, every connection is cut."""
        _as_user(*self._control, "--mode", mode, "stop")


@contextmanager
def running() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="smallwins-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    try:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

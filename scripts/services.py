"""What the tests need besides Python: a Chromium and a PostgreSQL.

Uses what is installed; as root on Debian it installs them; elsewhere it says which one command is missing.
"""

import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGES = ("chromium", "postgresql")
USER = "nobody"  # PostgreSQL refuses to run as root


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def postgresql() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version first."""
    on_path = shutil.which("initdb")
    found = sorted(
        glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]), reverse=True
    )
    candidates = [Path(path).parent for path in ([on_path] if on_path else []) + found]
    return next((folder for folder in candidates if (folder / "pg_ctl").exists()), None)


def ensure() -> None:
    """Installs what is missing where it can, or ends the program with exit code 2 and the command to run."""
    if chromium() and postgresql():
        return
    command = f"apt-get install --yes --no-install-recommends {' '.join(PACKAGES)}"
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing what the tests need:", *PACKAGES, flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in ("apt-get update --quiet --quiet", command + " --quiet --quiet"):
            subprocess.run(step.split(), check=True, env=environment, stdout=subprocess.DEVNULL)
    if not (chromium() and postgresql()):
        print(f"The tests need Chromium and PostgreSQL. Please run: sudo {command}", file=sys.stderr)
        sys.exit(2)


@contextmanager
def running_postgresql() -> Iterator[str]:
    """A new, empty server on a free port of this computer; gives its address as DATABASE_URL wants it."""
    folder = Path(tempfile.mkdtemp(prefix="smallwins-pg-"))
    port, binaries = _free_port(), postgresql()
    assert binaries
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    _as_user(
        binaries / "initdb",
        "--pgdata",
        folder / "data",
        "--auth",
        "trust",
        "--username",
        "smallwins",
        "--encoding",
        "UTF8",
        "--no-sync",
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = (binaries / "pg_ctl", "--pgdata", folder / "data", "--wait", "--silent")
    _as_user(*control, "--log", folder / "log", "--options", options, "start")
    try:
        yield f"postgres://smallwins@127.0.0.1:{port}/postgres"
    finally:
        _as_user(*control, "--mode", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(*command: str | Path) -> None:
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

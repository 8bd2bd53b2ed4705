"""`make test`: lint, then what speaks to the database on PostgreSQL, then everything on SQLite with a real Chromium."""

import os
import subprocess
import sys

import services
from lint import lint

PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    services.ensure()
    if not lint():
        return 1
    environment = os.environ | {"CHROMIUM": services.chromium() or ""}
    with services.running_postgresql() as address:
        print("On PostgreSQL:", flush=True)
        done = subprocess.run([*PYTEST, "-m", "database"], env=environment | {"DATABASE_URL": address})
        if done.returncode:
            return done.returncode
        print("On SQLite, and everything else:", flush=True)
    return subprocess.run(PYTEST, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

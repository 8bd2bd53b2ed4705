"""`make lint`: style, types, layers. Each tool's own settings are in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = ("ruff check .", "ruff format --check --quiet .", "mypy", "lint-imports")


def lint() -> bool:
    """Whether everything is clean. Each check says what is not."""
    clean = True
    for check in CHECKS:
        tool, *arguments = check.split()
        done = subprocess.run([BIN / tool, *arguments], capture_output=True, text=True)
        if done.returncode:
            print(f"{check}: not clean\n{done.stdout}{done.stderr}")
            clean = False
    return clean


if __name__ == "__main__":
    sys.exit(not lint())

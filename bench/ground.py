"""What every measurement stands on: a home of its own, the real commands, and the few figures we take of times."""

import json
import math
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
OURS = ("SMALLWINS_", "DATABASE_URL", "DJANGO_")


@dataclass(frozen=True)
class Installation:
    """One home with its keys, apart from every other."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database(self) -> Path:
        return self.data / "smallwins.sqlite3"

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the person's own installation is in it."""
        others = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        own = {"SMALLWINS_HOME": str(self.data), "SMALLWINS_KEYS": str(self.folder / "keys"), "SMALLWINS_OPEN": "0"}
        return others | own | more

    def smallwins(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return run([BIN / "smallwins", *arguments], self.environment(), typed)

    def win(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run([BIN / "win", *words], self.environment())

    def wins(self) -> list[dict[str, Any]]:
        """Everything kept, as `smallwins list --json` says it."""
        return list(json.loads(must(self.smallwins("list", "--json")).stdout))

    def integrity(self) -> str:
        """ "ok", or what SQLite finds wrong with the database."""
        connection = sqlite3.connect(self.database)
        try:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        finally:
            connection.close()

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.data.rglob("*") if file.is_file())


def run(
    command: Sequence[str | Path], environment: dict[str, str], typed: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), env=environment, input=typed, capture_output=True, text=True, cwd=ROOT
    )


def must(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """Ends everything with what was said, where a command did not succeed."""
    if done.returncode:
        raise SystemExit(f"{done.args} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done


def child(module: str, place: Installation, *arguments: str) -> dict[str, Any]:
    """Runs a module of this folder in a new process over a home, and returns the JSON object it prints last."""
    done = must(run([sys.executable, "-m", f"bench.{module}", *arguments], place.environment()))
    return dict(json.loads(done.stdout.splitlines()[-1]))


def seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def alternate(rounds: int, acts: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Each act in turn, round after round, so that what else the machine does falls on all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            times[name].append(seconds(act))
    return times


def p95(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ms(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value * 1000:.0f} ms"

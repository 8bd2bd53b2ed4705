"""What was measured, as a page that a person can check: docs/benchmarks.md."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("django", "cryptography", "waitress", "rapidfuzz", "whitenoise")
SIZES = (1_000, 10_000, 100_000)
WORDS = {True: "yes", False: "**no**", None: ""}


@dataclass(frozen=True)
class Line:
    """One row of the table. holds: None where nothing was promised."""

    what: str
    must: str
    measured: str
    floor: str = "–"
    ratio: str = "–"
    holds: bool | None = None

    def cells(self) -> tuple[str, ...]:
        return self.what, self.must, self.measured, self.floor, self.ratio, WORDS[self.holds]


@dataclass
class Report:
    """Grows while measuring. costs: what it takes with so many wins there."""

    lines: list[Line] = field(default_factory=list)
    costs: dict[str, dict[int, str]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        print(" · ".join(cell for cell in line.cells() if cell), flush=True)

    def cost(self, what: str, size: int, value: str) -> None:
        self.costs.setdefault(what, {})[size] = value

    @property
    def holds(self) -> bool:
        return all(line.holds is not False for line in self.lines)

    def as_markdown(self, command: str) -> str:
        head = ("what", "must be", "measured", "floor", "ratio", "holds")
        costs = ([what, *(by_size.get(size, "–") for size in SIZES)] for what, by_size in self.costs.items())
        return "\n".join(
            [
                "# Benchmarks",
                "",
                "Written by `make bench`, all in one run. Each figure stands beside its floor: the shortest program we",
                "could write for the same job, measured in turn with ours. So a busy machine slows both alike.",
                "Memory is PSS, from `/proc`. Times over HTTP are of the whole answer on a connection that stays open.",
                "",
                *(f"- {part}" for part in machine()),
                f"- command: `{command}`",
                "",
                *table(head, (line.cells() for line in self.lines)),
                "",
                "## What it costs with more wins",
                "",
                *table(("", *(f"{size:,} wins" for size in SIZES)), costs),
                "",
            ]
        )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(head)
    body = (f"| {' | '.join(row)} |" for row in rows)
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|", *body]


def machine() -> list[str]:
    libraries = " · ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"processor: {_from_proc('cpuinfo', 'model name')}, {os.cpu_count()} cores",
        f"memory: {int(_from_proc('meminfo', 'MemTotal').split()[0]) / 1024 / 1024:.0f} GiB",
        f"system: {platform.system()} {platform.release().split('-')[0]}",
        f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · {libraries}",
    ]


def _from_proc(file: str, name: str) -> str:
    """Empty figures where the platform has no /proc; most of the figures need it anyway."""
    path = Path("/proc", file)
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "0")

"""The homes that are measured: each prepared once, by the real import."""

from dataclasses import dataclass, field
from pathlib import Path

from bench.ground import Installation, must, seconds
from bench.report import SIZES, Report

FILES = {1_000: "wins-1k.jsonl", 10_000: "wins-10k.jsonl", 100_000: "wins-100k.jsonl"}
LARGEST = max(SIZES)


@dataclass
class Bench:
    """One run. corpora: the folder with the files. folder: where everything is made, and removed afterwards."""

    corpora: Path
    folder: Path
    quick: bool
    report: Report = field(default_factory=Report)
    _homes: dict[int, Installation] = field(default_factory=dict)
    _made: int = 0

    def corpus(self, size: int) -> Path:
        return self.corpora / FILES[size]

    def rounds(self, many: int) -> int:
        return max(3, many // 10) if self.quick else many

    def file(self, name: str) -> Path:
        """A name that nobody has used in this run."""
        self._made += 1
        return self.folder / f"{self._made}-{name}"

    def fresh(self) -> Installation:
        """A home after its first run, with nothing kept."""
        folder = self.file("home")
        folder.mkdir()
        place = Installation(folder)
        must(place.smallwins("list"))
        return place

    def home(self, size: int) -> Installation:
        """The home with so many wins: the same one for the whole run."""
        if size not in self._homes:
            place = self.fresh()
            if size:
                took = seconds(lambda: must(place.smallwins("import", str(self.corpus(size)))))
                self.report.cost("import, whole process", size, f"{took:.2f} s")
                self.report.cost("on disk", size, f"{place.size() / 2**20:.1f} MiB")
            self._homes[size] = place
        return self._homes[size]

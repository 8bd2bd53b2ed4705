"""Running the bare programs that ours are measured against."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.benches import Bench
from bench.ground import ROOT, Installation, must, run
from bench.serving import Browser, free_port


def bare_book(bench: Bench, *arguments: str | Path) -> float:
    """Seconds in process. arguments: those of bare_book.py."""
    command = [sys.executable, ROOT / "bench" / "bare_book.py", *arguments]
    return float(json.loads(must(run(command, Installation(bench.folder).environment())).stdout)["seconds"])


class BareDjango:
    """The bare view under waitress, listening when this returns."""

    def __init__(self, bench: Bench, database: Path) -> None:
        self.port = free_port()
        command = [sys.executable, str(ROOT / "bench" / "bare_django.py"), str(self.port), str(database)]
        environment = Installation(bench.folder).environment()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        assert self.process.stdout
        if not self.process.stdout.readline():
            raise SystemExit("The bare view did not start.")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def bare_django(bench: Bench) -> Iterator[Browser]:
    server = BareDjango(bench, bench.file("bare.sqlite3"))
    browser = Browser(server.port)
    try:
        yield browser
    finally:
        browser.close()
        server.stop()

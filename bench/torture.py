"""`make torture`: kill -9 at random moments under eight writers, a thousand times. Nothing acknowledged may be missing.

Also `--full-disk` (a small disk is filled to the brim) and `--reseal` (a passphrase is set, and killed half-way).
Exit codes: 0 nothing was lost · 1 something was.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # run as a file; `bench` is a package of the checkout

from bench.ground import BIN, Installation, must  # noqa: E402
from bench.serving import Browser, Server, free_port  # noqa: E402

AT_THE_PAGE, AT_THE_TERMINAL = 6, 2  # writers; a `win` takes longer than many requests
CHECK_EVERY = 50


@dataclass
class Result:
    """What became of what was acknowledged. damage: "ok", or what is wrong with the database."""

    rounds: int = 0
    acknowledged: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    damage: str = "ok"

    @property
    def clean(self) -> bool:
        return not self.lost and not self.doubled and self.damage == "ok"

    def __str__(self) -> str:
        counts = f"{len(self.acknowledged)} acknowledged, {len(self.lost)} lost, {len(self.doubled)} doubled"
        said = f"{self.rounds} rounds, {counts}"
        return said if self.damage == "ok" else f"{said}, database damaged: {self.damage}"


class Round:
    """Eight writers at one server, until it is killed. `kept` grows by what was acknowledged."""

    def __init__(self, place: Installation, server: Server, browsers: Sequence[Browser], name: str) -> None:
        self.place, self.server, self.name = place, server, name
        self.kept: list[str] = []
        self._over = threading.Event()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._turn = threading.Lock()
        self._first = browsers[0]
        self._writers = [
            threading.Thread(target=self._at_the_page, args=(browser.twin(), n)) for n, browser in enumerate(browsers)
        ]
        self._writers += [threading.Thread(target=self._at_the_terminal, args=(n,)) for n in range(AT_THE_TERMINAL)]

    def write_for(self, seconds: float) -> None:
        self._warm_up()
        for writer in self._writers:
            writer.start()
        time.sleep(seconds)
        self.end()

    def end(self) -> None:
        """Kills the server first, in the middle of whatever it was doing, then every `win`."""
        self.server.process.kill()
        self._over.set()
        with self._turn:
            for process in self._processes:
                process.kill()
        for writer in self._writers:
            writer.join()
        self.server.kill()

    def _warm_up(self) -> None:
        """The first page takes longer than the whole round; without this hardly anything would be written."""
        browser = self._first.twin()
        browser.get("/")
        browser.close()

    def _at_the_page(self, browser: Browser, writer: int) -> None:
        with suppress(OSError, HTTPException):
            for n in range(100_000):
                text = f"{self.name} page {writer} win {n}"
                answer = browser.keep(text)
                if answer.status == 200 and f">{text}<".encode() in answer.body and b"Kept" in answer.body:
                    self.kept.append(text)
        browser.close()

    def _at_the_terminal(self, writer: int) -> None:
        n = 0
        while not self._over.is_set():
            text = f"{self.name} terminal {writer} win {n}"
            process = self._start_win(text)
            if process and process.wait() == 0:
                self.kept.append(text)
            n += 1

    def _start_win(self, text: str) -> subprocess.Popen[bytes] | None:
        with self._turn:
            if self._over.is_set():
                return None
            quiet = subprocess.DEVNULL
            command = [str(BIN / "win"), *text.split()]
            process = subprocess.Popen(command, env=self.place.environment(), stdin=quiet, stdout=quiet, stderr=quiet)
            self._processes.append(process)
            return process


def kill_at_random(folder: Path, rounds: int, seconds: float | None = None, seed: int | None = None) -> Result:
    """Starts, writes, kills, again and again, in a new home under `folder`; then looks for everything acknowledged."""
    place, port, chance = Installation(folder), free_port(), random.Random(seed)
    must(place.smallwins("list"))
    browsers, result, begin = _browsers(place, port), Result(), time.monotonic()
    for number in range(rounds):
        if seconds is not None and time.monotonic() - begin > seconds:
            break
        one = Round(place, Server(place, port), browsers, f"round {number}")
        one.write_for(chance.uniform(0.005, 0.150))
        result.acknowledged.update(one.kept)
        result.rounds += 1
        if result.rounds % CHECK_EVERY == 0:
            look(place, result)
            print(f"{result} ({time.monotonic() - begin:.0f} s)", flush=True)
            if not result.clean:
                break
    look(place, result)
    return result


def _browsers(place: Installation, port: int) -> list[Browser]:
    """Half of them read, half are locked. Their cookies outlive every kill, as they would in a real browser."""
    server = Server(place, port)
    reads, locked = server.browser(unlocked=True), server.browser(unlocked=False)
    server.stop()
    for browser in (reads, locked):
        browser.close()
    return [reads, locked] * (AT_THE_PAGE // 2)


def look(place: Installation, result: Result) -> None:
    """Whether the database is whole, and every acknowledged win there exactly once."""
    result.damage = place.integrity()
    there = Counter(str(win["text"]) for win in place.wins())
    result.lost = {text for text in result.acknowledged if not there[text]}
    result.doubled = {text for text, count in there.items() if count > 1}


def main() -> int:
    args = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was made is removed then too
    with tempfile.TemporaryDirectory(prefix="smallwins-torture-") as folder:
        if args.full_disk:
            from bench.full_disk import fill_the_disk, why_not

            refused = why_not()
            if refused:
                print(f"Skipped: {refused}")
                return 0
            return _say(fill_the_disk(Path(folder)))
        if args.reseal:
            from bench.resealing import kill_resealing

            return _say(kill_resealing(Path(folder), args.wins))
        result = kill_at_random(Path(folder), args.rounds, args.seconds, args.seed)
    print(result)
    return 0 if result.clean else 1


def _say(troubles: list[str]) -> int:
    print("\n".join(troubles) or "Nothing was lost.")
    return 1 if troubles else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, metavar="N")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--seed", type=int, help="kill at the same moments again")
    parser.add_argument("--full-disk", action="store_true", help="fill a small disk instead (root on Linux only)")
    parser.add_argument("--reseal", action="store_true", help="kill while a passphrase is being set instead")
    parser.add_argument("--wins", type=int, default=20_000, metavar="N", help="with --reseal: how many wins")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""People on a host: a real PostgreSQL, the real server, and so many people who keep, read and think at once.

With --restart, PostgreSQL is stopped for some seconds meanwhile. Exit codes: 0 all was as it must be · 1 it was not.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # run as a file; `bench` is a package of the checkout

from bench import postgres  # noqa: E402
from bench.ground import median, ms, p95  # noqa: E402
from bench.host import HostInstallation, Listening, Visitor, hosting  # noqa: E402
from bench.person import KEEPS, REFUSED, SHARES, Person, Request  # noqa: E402
from bench.postgres import Postgres  # noqa: E402
from bench.serving import memory, processor  # noqa: E402

THINKS = 5.0  # seconds between two acts, on average: who writes a line or reads a page takes that and more
AWAY = 5.0  # seconds that PostgreSQL is stopped
LATEST_KEEP = 0.060  # seconds, p95
FLAT = 1.1  # the last third of the memory beside the middle one
JOIN_AT_ONCE = 4  # each takes 64 MiB and a core for a tenth of a second


@dataclass
class Outage:
    """Moments. PostgreSQL was surely away from `down` to `back`; from `begin` to `up` it may have been."""

    begin: float = 0.0
    down: float = 0.0
    back: float = 0.0
    up: float = 0.0

    def excuses(self, request: Request) -> bool:
        return request.begin <= self.up and request.end >= self.begin

    def covers(self, request: Request) -> bool:
        return self.down < request.begin and request.end < self.back


@dataclass
class Report:
    """What became of a run. processors: how much of a core each part used."""

    people: int
    seconds: float
    thinks: float = THINKS
    workers: int = 1
    requests: list[Request] = field(default_factory=list)
    outage: Outage = field(default_factory=Outage)
    memory: list[float] = field(default_factory=list)
    processors: dict[str, float] = field(default_factory=dict)
    acknowledged: int = 0
    troubles: list[str] = field(default_factory=list)  # lost, doubled, unknown, never acknowledged

    @property
    def errors(self) -> list[str]:
        """Everything but what was expected; a 503 is expected while the database is away."""
        excused = [one for one in self.requests if one.fault == REFUSED and self.outage.excuses(one)]
        wrong = [f"{one.what}: {one.fault}" for one in self.requests if one.fault]
        return list((Counter(wrong) - Counter(f"{one.what}: {REFUSED}" for one in excused)).elements())

    @property
    def meanwhile(self) -> list[Request]:
        """The keeps while the database was away."""
        return [one for one in self.requests if one.what in KEEPS and self.outage.covers(one)]

    def times(self, *whats: str) -> list[float]:
        """Of what was answered as it should be."""
        return [one.seconds for one in self.requests if not one.fault and (not whats or one.what in whats)]

    @property
    def growth(self) -> float:
        """The last third of the memory beside the middle third."""
        third = len(self.memory) // 3
        return sum(self.memory[-third:]) / sum(self.memory[third : 2 * third]) if third else 1.0

    @property
    def clean(self) -> bool:
        return not self.errors and not self.troubles

    @property
    def on_target(self) -> bool:
        return self.clean and p95(self.times(*KEEPS)) <= LATEST_KEEP and self.growth <= FLAT

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def run(folder: Path, report: Report, away: float = 0.0) -> Report:
    """Everything in a new home under `folder`. away: for how many seconds PostgreSQL is stopped meanwhile."""
    with postgres.running() as database:
        place = HostInstallation(folder, database.address)
        invitations = place.invitations(report.people)
        with hosting(place, report.workers) as server, _crowd(server, invitations) as crowd:
            return _watch(crowd, server, database, report, away)


@contextmanager
def _crowd(server: Listening, invitations: Sequence[str]) -> Iterator[list[Person]]:
    """Everybody has joined by their own invitation."""
    begin, browsers = time.monotonic(), [Visitor(server.port, number) for number in range(len(invitations))]
    try:
        with ThreadPoolExecutor(JOIN_AT_ONCE) as together:
            crowd = list(together.map(Person, range(len(invitations)), browsers, invitations))
        print(f"{len(crowd)} people have joined in {time.monotonic() - begin:.0f} s.", flush=True)
        yield crowd
    finally:
        for browser in browsers:
            browser.close()


def _watch(crowd: list[Person], server: Listening, database: Postgres, report: Report, away: float) -> Report:
    processes = {"server": server.process.pid, "generator": os.getpid()}
    begin, before = time.monotonic(), {name: _used(process) for name, process in processes.items()}
    lives = [threading.Thread(target=one.live, args=(begin + report.seconds, report.thinks)) for one in crowd]
    if away:
        lives.append(threading.Thread(target=_be_away, args=(database, report.outage, report.seconds / 3, away)))
    for life in lives:
        life.start()
    _look_at_memory(server, report, begin)
    for life in lives:
        life.join()
    took = time.monotonic() - begin
    report.processors = {name: (_used(process) - before[name]) / took for name, process in processes.items()}
    report.requests = [request for one in crowd for request in one.requests]
    for one in crowd:
        _look(one, report)
    return report


def _used(process: int) -> float:
    """Seconds of a core. Of ourselves without our children, which are the server."""
    return time.process_time() if process == os.getpid() else processor(process)


def _be_away(database: Postgres, outage: Outage, after: float, away: float) -> None:
    time.sleep(after)
    outage.begin = time.monotonic()
    outage.up = float("inf")
    database.stop()
    outage.down = time.monotonic()
    time.sleep(away)
    outage.back = time.monotonic()
    database.start()
    outage.up = time.monotonic()


def _look_at_memory(server: Listening, report: Report, begin: float) -> None:
    """Every 30 s, in a short run more often."""
    every = min(30.0, report.seconds / 12)
    while (now := time.monotonic() - begin) < report.seconds:
        time.sleep(min(every, report.seconds - now))
        report.memory.append(memory(server.process.pid))
        if every == 30:
            print(f"{time.monotonic() - begin:.0f} s: {report.memory[-1]:.0f} MiB", flush=True)


def _look(person: Person, report: Report) -> None:
    """Whether everything this person was told is kept is on their pages, exactly once, and nothing else."""
    if not person.finish():
        report.troubles.append(f"person {person.number}: what was refused could not be sent again")
    there, name = person.there(), f"person {person.number}"
    report.acknowledged += len(person.kept)
    report.troubles += [f"{name}: lost “{text}”" for text in person.kept - set(there)]
    report.troubles += [f"{name}: unknown “{text}”" for text in set(there) - person.kept]
    report.troubles += [f"{name}: {count} times “{text}”" for text, count in there.items() if count > 1]


def _lines(report: Report) -> Iterator[str]:
    acts = [one for one in report.requests if one.what in SHARES]
    rate, thinking = f"{len(acts) / report.seconds:.0f} a second", f"thinking {report.thinks:.1f} s on average"
    yield f"{report.people} people for {report.seconds:.0f} s, each {thinking} before an act; workers: {report.workers}"
    yield f"{len(acts)} acts ({rate}), {len(report.requests)} requests, {len(report.errors)} errors"
    yield from (f"  error, {count} times: {error}" for error, count in Counter(report.errors).most_common(10))
    yield f"{'':14}{'p50':>10}{'p95':>10}{'max':>10}"
    whats = sorted({one.what for one in report.requests})
    rows = [("every keep", KEEPS), ("all", ())] + [(what, (what,)) for what in whats]
    yield from (f"{name:14}{_row(times)}" for name, of in rows if (times := report.times(*of)))
    yield from _outage_lines(report)
    readings = ", ".join(f"{one:.0f}" for one in report.memory)
    yield f"memory (PSS): {readings} MiB; last third / middle third {report.growth:.2f}"
    yield "processor: " + ", ".join(f"{name} {share:.0%} of a core" for name, share in report.processors.items())
    yield f"{report.acknowledged} wins acknowledged, and looked for on the pages: {len(report.troubles)} troubles"
    yield from (f"  {trouble}" for trouble in report.troubles[:20])
    yield f"0 errors, p95 of a keep ≤ {ms(LATEST_KEEP)}, memory flat: {'yes' if report.on_target else 'NO'}"


def _row(times: list[float]) -> str:
    return "".join(f"{ms(value):>10}" for value in (median(times), p95(times), max(times)))


def _outage_lines(report: Report) -> Iterator[str]:
    if report.outage.down:
        outage, refused = report.outage, sum(one.fault == REFUSED for one in report.requests)
        yield f"PostgreSQL was away for {outage.up - outage.begin:.1f} s: {refused} requests were refused with 503"
        told = sum(one.fault == REFUSED for one in report.meanwhile)
        yield f"of {len(report.meanwhile)} keeps meanwhile, {told} were handed their words back"


def main() -> int:
    args = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended then too
    sys.setswitchinterval(0.001)  # so that a thread that waits for an answer notices it at once
    if refused := postgres.why_not():
        print(f"Skipped: {refused}")
        return 0
    with tempfile.TemporaryDirectory(prefix="smallwins-crowd-") as folder:
        report = Report(args.people, args.seconds, workers=args.workers)
        run(Path(folder), report, AWAY if args.restart else 0.0)
    print(f"{report}\nload average {os.getloadavg()[0]:.1f}")
    return 0 if report.clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crowd", description=__doc__)
    parser.add_argument("--people", type=int, default=200, metavar="N")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes of the server (1)")
    parser.add_argument("--restart", action="store_true", help="stop PostgreSQL for five seconds meanwhile")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

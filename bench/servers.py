"""Our own application under each server we considered: what docs/decisions/0013-servers.md stands on.

Keeping and reading in turn, by sixteen people at once on connections that stay open, over PostgreSQL and over SQLite.
"""

import argparse
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # run as a file; `bench` is a package of the checkout

from bench import postgres  # noqa: E402
from bench.ground import BIN, median, p95  # noqa: E402
from bench.host import HostInstallation, Listening, Visitor, expect  # noqa: E402
from bench.serving import free_port, memory  # noqa: E402

APPLICATION = "smallwins.web.wsgi:application"
CLIENTS, STARTS = 16, 3
Act = Callable[[Visitor], None]


def commands(port: int) -> dict[str, list[str | Path]]:
    listen = f"127.0.0.1:{port}"
    gthread: list[str | Path] = [BIN / "gunicorn", APPLICATION, "--bind", listen, "--worker-class", "gthread"]
    gthread += ["--keep-alive", "130", "--no-control-socket", "--log-level", "warning"]
    granian: list[str | Path] = [BIN / "granian", APPLICATION, "--interface", "wsgi", "--port", str(port)]
    # Waitress would take away what the proxy says, which is `BehindProxy`'s business.
    waitress: list[str | Path] = [BIN / "waitress-serve", "--no-clear-untrusted-proxy-headers", f"--listen={listen}"]
    return {
        "waitress, 8 threads": [*waitress, "--threads=8", APPLICATION],
        "gunicorn gthread, 1 × 16": [*gthread, "--workers", "1", "--threads", "16"],
        "gunicorn gthread, 2 × 8": [*gthread, "--workers", "2", "--threads", "8"],
        "granian WSGI, 1 × 16": [*granian, "--workers", "1", "--blocking-threads", "16", "--log-level", "warning"],
    }


def main() -> int:
    args = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended then too
    sys.setswitchinterval(0.001)
    print("| database | server | first answer after | memory (PSS) | p95 of a keep | keeps a second | reads a second |")
    print("|---|---|---|---|---|---|---|")
    with _postgresql() as address:
        for name, url in (("PostgreSQL", address), ("SQLite", "")):
            if url or name == "SQLite":
                _compare(name, url, args.seconds)
    print(f"load average {os.getloadavg()[0]:.1f}")
    return 0


@contextmanager
def _postgresql() -> Iterator[str]:
    """Its address; nothing where there is none."""
    if postgres.why_not():
        yield ""
    else:
        with postgres.running() as database:
            yield database.address


def _compare(database: str, url: str, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="smallwins-servers-") as folder:
        place, port = HostInstallation(Path(folder), url), free_port()
        visitors = [Visitor(port, number) for number in range(CLIENTS)]
        _join(place, port, visitors)
        for name, command in commands(port).items():
            print(f"| {database} | {name} | {_measure(place, port, command, visitors, seconds)} |", flush=True)


def _join(place: HostInstallation, port: int, visitors: Sequence[Visitor]) -> None:
    """Under the first server, one after another; their cookies hold under the others."""
    invitations = place.invitations(len(visitors))
    server = Listening(commands(port)["gunicorn gthread, 1 × 16"], place, port)
    try:
        for number, (visitor, invitation) in enumerate(zip(visitors, invitations, strict=True)):
            visitor.join(invitation, f"person {number}")
            visitor.close()
    finally:
        server.stop()


def _measure(
    place: HostInstallation, port: int, command: Sequence[str | Path], visitors: Sequence[Visitor], seconds: float
) -> str:
    starts = [_start(place, port, command) for _ in range(STARTS)]
    server = Listening(command, place, port)
    try:
        _together(visitors, _read, 1)  # every thread has loaded what it needs, every book is open
        kept, read = _together(visitors, _keep, seconds), _together(visitors, _read, seconds)
        figures = f"{memory(server.process.pid):.0f} MB | {p95(kept) * 1000:.0f} ms | {len(kept) / seconds:.0f}"
        return f"{median(starts):.2f} s | {figures} | {len(read) / seconds:.0f}"
    finally:
        for visitor in visitors:
            visitor.close()
        server.stop()


def _start(place: HostInstallation, port: int, command: Sequence[str | Path]) -> float:
    server = Listening(command, place, port)
    server.stop()
    return server.started


def _together(visitors: Sequence[Visitor], act: Act, seconds: float) -> list[float]:
    """How long each act took, by all of them at once."""
    times: list[float] = []
    until = time.monotonic() + seconds
    everybody = [threading.Thread(target=_again_and_again, args=(one, act, until, times)) for one in visitors]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    return times


def _again_and_again(visitor: Visitor, act: Act, until: float, times: list[float]) -> None:
    while (begin := time.monotonic()) < until:
        act(visitor)
        times.append(time.monotonic() - begin)


def _keep(visitor: Visitor) -> None:
    expect(visitor.keep(f"Drank a glass of water {secrets.token_hex(4)}"), 200, b">Kept<")


def _read(visitor: Visitor) -> None:
    expect(visitor.get("/wins/"), 200, b"Your path")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="servers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="for each figure")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

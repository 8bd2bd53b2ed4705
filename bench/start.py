"""From nothing to the first page, and the memory it takes: locked, and with a large book open."""

from functools import partial
from typing import TypeVar

from bench.benches import LARGEST, Bench
from bench.floors import BareDjango
from bench.ground import Installation, alternate, median, ms, seconds
from bench.report import SIZES, Line
from bench.serving import Browser, Server, memory, serving

T = TypeVar("T", Server, BareDjango)


def measure(bench: Bench) -> None:
    _cold(bench)
    _first_ever(bench)
    _memory(bench)


def _cold(bench: Bench) -> None:
    """Each time on a port and in a process of its own; stopping is not timed."""
    place, bare = bench.fresh(), bench.file("bare.sqlite3")
    floors, ours = [], []
    for _ in range(bench.rounds(15)):
        servers: list[Server | BareDjango] = []
        floors.append(seconds(lambda: servers.append(_first_answer(BareDjango(bench, bare)))))  # noqa: B023
        ours.append(seconds(lambda: servers.append(_first_answer(Server(place)))))  # noqa: B023
        for server in servers:
            server.stop()
    floor, cold = median(floors), median(ours)
    bench.report.add(
        Line("cold start to the first 200", "≤ 0.6 s", ms(cold), ms(floor), f"{cold / floor:.2f}", cold <= 0.6)
    )


def _first_ever(bench: Bench) -> None:
    """The very first one makes the keys and the database too."""
    times = []
    for _ in range(bench.rounds(5)):
        place = Installation(bench.file("home"))
        place.folder.mkdir()
        servers: list[Server] = []
        times.append(seconds(lambda: servers.append(_first_answer(Server(place)))))  # noqa: B023
        servers[0].stop()
    bench.report.add(Line("the very first start, with keys and database made", "–", ms(median(times))))


def _first_answer(server: T) -> T:
    browser = Browser(server.port)
    if browser.get("/").status != 200:
        raise SystemExit("The first answer was not a page.")
    browser.close()
    return server


def _memory(bench: Bench) -> None:
    add = bench.report.add
    bare = BareDjango(bench, bench.file("bare.sqlite3"))
    _first_answer(bare)
    floor = memory(bare.process.pid)
    bare.stop()
    for size in SIZES:
        locked, listed, searched = _of_book(bench, size)
        bench.report.cost("memory, locked", size, f"{locked:.0f} MiB")
        bench.report.cost("memory an open book adds", size, f"{searched - locked:.0f} MiB")
    what = "memory of all processes, locked, after some pages and wins"
    add(Line(what, "≤ 80 MiB", f"{locked:.0f} MiB", f"{floor:.0f} MiB", f"{locked / floor:.2f}", locked <= 80))
    shown = f"{listed - locked:.0f} MiB after the list, {searched - locked:.0f} MiB after a search"
    add(Line(f"an open book of {LARGEST:,} adds", "≤ 100 MiB", shown, holds=searched - locked <= 100))


def _of_book(bench: Bench, size: int) -> tuple[float, float, float]:
    """PSS locked, then with the book open, then after the first search."""
    with serving(bench.home(size)) as server:
        measured = partial(memory, server.process.pid)
        stranger = server.browser(unlocked=False)
        alternate(10, {"page": lambda: stranger.get("/"), "keep": lambda: stranger.keep("a slow walk")})
        locked = measured()
        owner = server.browser(unlocked=True)
        owner.get("/wins/")
        listed = measured()
        owner.search("water")
        searched = measured()
        stranger.close()
        owner.close()
    return locked, listed, searched

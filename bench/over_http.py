"""Keeping and reading over HTTP, from the real server, beside a bare Django view with one durable insert."""

import random
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle

from bench.benches import LARGEST, Bench
from bench.floors import bare_django
from bench.ground import alternate, median, ms, p95
from bench.report import SIZES, Line
from bench.serving import Answer, Browser, serving

OLDER = re.compile(rb'rel="next" href="([^"]+)"')
WORDS = "drank a glass of water and looked out of the window"
QUERIES = ("water", "friend", "slept well", '"my sister"', "wal", "watre", "zyzzyva")
Times = dict[str, list[float]]


def measure(bench: Bench) -> None:
    with ExitStack() as stack:
        bare = stack.enter_context(bare_django(bench))
        browsers = {size: stack.enter_context(_browsers(bench, size)) for size in (0, *SIZES)}
        _keeping(bench, bare, browsers)
        _reading(bench, bare, {size: browsers[size][1] for size in SIZES})


@contextmanager
def _browsers(bench: Bench, size: int) -> Iterator[tuple[Browser, Browser]]:
    """A locked and an unlocked browser at a server over so many wins."""
    with serving(bench.home(size)) as server:
        pair = server.browser(unlocked=False), server.browser(unlocked=True)
        yield pair
        for browser in pair:
            browser.close()


def _keeping(bench: Bench, bare: Browser, browsers: dict[int, tuple[Browser, Browser]]) -> None:
    acts: dict[str, Callable[[], object]] = {"bare": lambda: _ok(bare.post("/", text=_words()))}
    for size, pair in browsers.items():
        for state, browser in zip(("locked", "unlocked"), pair, strict=True):
            acts[f"{size} {state}"] = partial(_keep, browser)
    alternate(5, acts)
    times = alternate(bench.rounds(300), acts)
    floor = p95(times["bare"])
    for state in ("locked", "unlocked"):
        for size in (0, LARGEST):
            late = p95(times[f"{size} {state}"])
            what = f"keep over HTTP, p95, {state}, {size:,} wins there"
            bench.report.add(Line(what, "≤ 3.5 ×", ms(late), ms(floor), f"{late / floor:.2f}", late <= 3.5 * floor))
        change = median(times[f"{LARGEST} {state}"]) / median(times[f"0 {state}"]) - 1
        what = f"the same, {state}, median, from 0 to {LARGEST:,} wins"
        bench.report.add(Line(what, "flat (within 10 %)", f"{change:+.1%}", holds=change <= 0.1))
        for size in SIZES:
            bench.report.cost(f"keep over HTTP, {state}, p95", size, ms(p95(times[f"{size} {state}"])))


def _reading(bench: Bench, bare: Browser, browsers: dict[int, Browser]) -> None:
    acts: dict[str, Callable[[], object]] = {"bare": lambda: _ok(bare.get("/"))}
    for size, browser in browsers.items():
        acts[f"{size} list"] = partial(_turn, browser, cycle(_pages(browser)))
        acts[f"{size} search"] = partial(_search, browser, cycle(QUERIES))
    alternate(2, acts)
    times = alternate(bench.rounds(300), acts)
    _list_lines(bench, times)
    _after_keeping(bench, browsers[LARGEST])
    for size in SIZES:
        bench.report.cost("list page, p95", size, ms(p95(times[f"{size} list"])))
        bench.report.cost("search page, p95", size, ms(p95(times[f"{size} search"])))


def _list_lines(bench: Bench, times: Times) -> None:
    floor = p95(times["bare"])
    late = p95(times[f"{LARGEST} list"])
    what, beside = f"list page, p95, {LARGEST:,}, book open", f"{ms(floor)} (bare view, read)"
    bench.report.add(Line(what, "≤ 25 ms", ms(late), beside, f"{late / floor:.1f}", late <= 0.025))
    found = times[f"{LARGEST} search"]
    bench.report.add(Line("search page over HTTP", "–", f"{ms(median(found))} median, {ms(p95(found))} p95"))


def _after_keeping(bench: Bench, browser: Browser) -> None:
    """What a person meets right after keeping one more: the book in memory has to take it in."""
    listed, searched = [], []
    for _ in range(bench.rounds(40)):
        _keep(browser)
        listed += alternate(1, {"list": lambda: _ok(browser.get("/wins/"))})["list"]
        searched += alternate(1, {"search": lambda: _ok(browser.search("water"))})["search"]
    what = f"right after keeping one, {LARGEST:,}, p95: "
    bench.report.add(Line(what + "list page", "≤ 25 ms", ms(p95(listed)), holds=p95(listed) <= 0.025))
    bench.report.add(Line(what + "search page", "–", ms(p95(searched))))


def _pages(browser: Browser) -> list[str]:
    """The newest page and some older ones."""
    pages = ["/wins/"]
    while len(pages) < 8 and (older := OLDER.search(browser.get(pages[-1]).body)):
        pages.append(older[1].decode())
    return random.Random(7).sample(pages, len(pages))


def _turn(browser: Browser, pages: Iterator[str]) -> None:
    _ok(browser.get(next(pages)))


def _search(browser: Browser, queries: Iterator[str]) -> None:
    _ok(browser.search(next(queries)))


def _keep(browser: Browser) -> None:
    _ok(browser.keep(_words()))


def _words() -> str:
    return f"{WORDS} {secrets.token_hex(4)}"


def _ok(answer: Answer) -> None:
    if answer.status != 200:
        raise SystemExit(f"An answer with status {answer.status}: {answer.body[:500]!r}")

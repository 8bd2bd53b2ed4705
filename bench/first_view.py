"""What a first visit to Today fetches: the page, its style sheets and its scripts, as they come over the wire."""

import gzip
import re
from urllib.parse import urljoin, urlsplit

from bench.benches import Bench
from bench.report import Line
from bench.serving import Answer, Browser, serving

TAGS = re.compile(r"<(link|script|img|source|iframe|use)\b[^>]*?\b(?:href|src)=\"([^\"]+)\"[^>]*>")
INSIDE = re.compile(r"""(?:url\(|@import\s|\bimport\s|\bfrom\s|\bimport\()\s*["']?([^"')\s;]+\.\w+[^"')\s;]*)""")
MOST = 14 * 1024


def measure(bench: Bench) -> None:
    with serving(bench.fresh()) as server:
        for unlocked, state in ((False, "locked"), (True, "unlocked")):
            browser = server.browser(unlocked=unlocked)
            _line(bench, browser, state)
            browser.close()


def _line(bench: Bench, browser: Browser, state: str) -> None:
    fetched, origins = _fetch_all(browser)
    on_the_wire = sum(answer.sent for answer in fetched.values())
    smallest = sum(len(gzip.compress(answer.body, 9)) for answer in fetched.values())
    parts = " + ".join(f"{name} {answer.sent}" for name, answer in fetched.items())
    shown = f"{on_the_wire / 1024:.1f} KB ({parts} bytes), {len(origins)} origin"
    what, holds = f"Today, first view, {state}, over the wire", on_the_wire <= MOST and len(origins) == 1
    floor = f"{smallest / 1024:.1f} KB (each part gzip -9)"
    bench.report.add(Line(what, "≤ 14 KB, 1 origin", shown, floor, f"{on_the_wire / smallest:.2f}", holds))


def _fetch_all(browser: Browser) -> tuple[dict[str, Answer], set[str]]:
    """Every part by a short name, and every origin that any part names to be fetched."""
    base = f"http://localhost:{browser.port}/"
    waiting, fetched, origins = [("HTML", base)], {}, {base}
    while waiting:
        name, address = waiting.pop(0)
        parts = urlsplit(address)
        answer = browser.get(
            f"{parts.path}?{parts.query}" if parts.query else parts.path, **{"Accept-Encoding": "gzip"}
        )
        if answer.status != 200:
            raise SystemExit(f"{address} answered {answer.status}.")
        fetched[name] = answer
        for kind, further in _named(answer.body.decode(), name):
            whole = urljoin(address, further)
            origins.add(f"{urlsplit(whole).scheme}://{urlsplit(whole).netloc}/")
            if kind and kind not in fetched and whole.startswith(base):
                waiting.append((kind, whole))
    return fetched, origins


def _named(text: str, part: str) -> list[tuple[str, str]]:
    """What this part names: ("" for what does not count here, such as an icon), and its address."""
    if part != "HTML":
        return [(address.rsplit("/", 1)[-1].split("?")[0], address) for address in INSIDE.findall(text)]
    found = []
    for match in TAGS.finditer(text):
        counted = match[1] == "script" or "stylesheet" in match[0] or "modulepreload" in match[0]
        found.append((match[2].rsplit("/", 1)[-1].split("?")[0] if counted else "", match[2]))
    return found

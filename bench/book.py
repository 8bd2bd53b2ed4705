"""Opening the book from cold, and searching it, in process; beside rows fetched, decrypted, parsed and sorted."""

from typing import Any

from bench.benches import LARGEST, Bench
from bench.floors import bare_book
from bench.ground import child, median, ms, p95
from bench.report import SIZES, Line


def measure(bench: Bench) -> None:
    for size in SIZES[:-1]:
        _costs(bench, size, [child("book_child", bench.home(size))])
    database = bench.file("bare.sqlite3")
    bare_book(bench, "import", bench.corpus(LARGEST), database)
    floors, ours = [], []
    for _ in range(2 if bench.quick else 7):
        floors.append(bare_book(bench, "open", database))
        ours.append(child("book_child", bench.home(LARGEST)))
    _lines(bench, median(floors), ours)
    _costs(bench, LARGEST, ours)


def _lines(bench: Bench, floor: float, ours: list[dict[str, Any]]) -> None:
    add = bench.report.add
    opened = median([found["open"] for found in ours])
    what = f"open the book of {LARGEST:,}, from cold, in process"
    add(Line(what, "≤ 0.6 s", f"{opened:.2f} s", f"{floor:.2f} s", f"{opened / floor:.2f}", opened <= 0.6))
    first, scan = median([found["first"] for found in ours]), median([found["scan"] for found in ours])
    add(Line("the first search after it, which folds all texts", "–", ms(first)))
    pages = [time for found in ours for times in found["pages"].values() for time in times]
    middle, late = median(pages), p95(pages)
    shown = f"{ms(middle)} median, {ms(late)} p95"
    what = f"search {LARGEST:,}, one page of what is found"
    add(Line(what, "≤ 20 ms", shown, f"{ms(scan)} (plain scan)", f"{late / scan:.2f} (p95)", late <= 0.02))
    every = [time for found in ours for times in found["everything"].values() for time in times]
    add(Line("search, all that is found", "–", f"{ms(median(every))} median, {ms(p95(every))} p95"))
    for kind in ours[0]["pages"]:
        times = [time for found in ours for time in found["pages"][kind]]
        add(Line(f"search, one page: {kind}", "–", f"{ms(median(times))} median, {ms(p95(times))} p95"))


def _costs(bench: Bench, size: int, ours: list[dict[str, Any]]) -> None:
    pages = [time for found in ours for times in found["pages"].values() for time in times]
    bench.report.cost("open the book", size, ms(median([found["open"] for found in ours])))
    bench.report.cost("first search", size, ms(median([found["first"] for found in ours])))
    bench.report.cost("search, p95", size, ms(p95(pages)))

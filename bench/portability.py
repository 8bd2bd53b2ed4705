"""Bringing in and taking out, as whole processes and in process, beside the shortest way there is."""

from bench.benches import LARGEST, Bench
from bench.floors import bare_book
from bench.ground import child, median, must, seconds
from bench.report import SIZES, Line


def measure(bench: Bench) -> None:
    _import(bench)
    _export(bench)


def _import(bench: Bench) -> None:
    file, floors, whole, inside = bench.corpus(LARGEST), [], [], []
    for _ in range(1 if bench.quick else 3):
        floors.append(seconds(lambda: bare_book(bench, "import", file, bench.file("bare.sqlite3"))))
        place = bench.fresh()
        whole.append(seconds(lambda: must(place.smallwins("import", str(file)))))  # noqa: B023
        inside.append(child("portability_child", bench.fresh(), "import", str(file))["seconds"])
    _lines(bench, "import", 10_000, floors, whole, inside)


def _export(bench: Bench) -> None:
    database, floors, whole, inside = bench.file("bare.sqlite3"), [], [], []
    bare_book(bench, "import", bench.corpus(LARGEST), database)
    for size in SIZES:
        place = bench.home(size)
        took = seconds(lambda: must(place.smallwins("export", str(bench.file("out.zip")))))  # noqa: B023
        bench.report.cost("export, whole process", size, f"{took:.2f} s")
    for _ in range(1 if bench.quick else 5):
        floors.append(seconds(lambda: bare_book(bench, "export", database, bench.file("bare.zip"))))
        whole.append(seconds(lambda: must(place.smallwins("export", str(bench.file("out.zip"))))))
        inside.append(child("portability_child", place, "export", str(bench.file("in.zip")))["seconds"])
    _lines(bench, "export", 20_000, floors, whole, inside)


def _lines(bench: Bench, what: str, least: int, floors: list[float], whole: list[float], inside: list[float]) -> None:
    floor = median(floors)
    for how, times in (("whole process", whole), ("in process", inside)):
        took = median(times)
        rate = LARGEST / took
        shown = f"{rate / 1000:.1f}k/s ({took:.2f} s)"
        beside = f"{LARGEST / floor / 1000:.0f}k/s ({floor:.2f} s)"
        ratio = f"{took / floor:.2f}"
        line = Line(f"{what} {LARGEST:,}, {how}", f"≥ {least // 1000}k/s", shown, beside, ratio, rate >= least)
        bench.report.add(line)

"""`win …` as a whole process, beside a bare script that imports, seals and writes durably."""

import json
import sys
from binascii import a2b_base64
from functools import partial

from bench.benches import LARGEST, Bench
from bench.ground import ROOT, Installation, alternate, median, ms, must, run
from bench.report import Line

WORDS = ("got", "out", "of", "bed", "after", "a", "hard", "night")


def measure(bench: Bench) -> None:
    homes = {size: bench.home(size) for size in (0, LARGEST)}
    acts = {"bare": partial(_bare, *_key_and_folder(bench, homes[0]), homes[0])}
    acts |= {str(size): partial(_win, place) for size, place in homes.items()}
    alternate(2, acts)
    times = {name: median(found) for name, found in alternate(bench.rounds(40), acts).items()}
    bare, empty, full = times["bare"], times["0"], times[str(LARGEST)]
    for size, time in ((0, empty), (LARGEST, full)):
        what = f"`win …`, whole process, {size:,} wins there"
        ratio = time / bare
        bench.report.add(Line(what, "≤ 1.4 ×", ms(time), ms(bare), f"{ratio:.2f}", ratio <= 1.4))
    change = full / empty - 1
    what = f"the same, from 0 to {LARGEST:,} wins"
    bench.report.add(Line(what, "within 10 %", f"{change:+.1%}", "–", "–", abs(change) <= 0.1))


def _win(place: Installation) -> None:
    must(place.win(*WORDS))


def _bare(key: str, folder: str, place: Installation) -> None:
    must(run([sys.executable, ROOT / "bench" / "bare_win.py", key, folder, *WORDS], place.environment()))


def _key_and_folder(bench: Bench, place: Installation) -> tuple[str, str]:
    key, folder = bench.file("key"), bench.file("bare")
    key.write_bytes(a2b_base64(json.loads((place.data / "letterbox.json").read_text())["public_key"]))
    folder.mkdir()
    return str(key), str(folder)

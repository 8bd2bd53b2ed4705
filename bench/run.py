"""`make bench`: measures every figure we promise, each beside its floor, in one run, and writes docs/benchmarks.md.

Exit codes: 0 all hold · 1 some do not · 2 the data to measure with are not there.
"""

import argparse
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # run as a file; `bench` is a package of the checkout

from bench.benches import FILES, Bench  # noqa: E402

PARTS = ("win_command", "book", "over_http", "first_view", "start", "portability")


def main() -> int:
    args = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was made is removed then too
    missing = [name for name in FILES.values() if not (args.data / name).exists()]
    if missing:
        print(f"Not found in {args.data}: {', '.join(missing)}. Name their folder with --data.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="smallwins-bench-") as folder:
        bench = Bench(args.data.resolve(), Path(folder), args.quick)
        for part in [args.only] if args.only else PARTS:
            print(f"— {part}", flush=True)
            import_module(f"bench.{part}").measure(bench)
    page = bench.report.as_markdown("make bench")
    if args.quick or args.only:
        print(f"\n{page}\nNot written to docs/benchmarks.md: that takes a whole run.")
    else:
        (ROOT / "docs" / "benchmarks.md").write_text(page)
    return 0 if bench.report.holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder with wins-*.jsonl"
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the rounds; written nowhere")
    parser.add_argument("--only", choices=PARTS, metavar="NAME", help=f"one of {', '.join(PARTS)}; written nowhere")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""`smallwins import`."""

import argparse
import json
import sys
from pathlib import Path

from smallwins.cli.codes import FAILED, Refused
from smallwins.cli.ground import reader
from smallwins.cli.printing import printable, progress_bar
from smallwins.people import clock
from smallwins.portability.actions import Report, bring_in
from smallwins.portability.reading import Unreadable, read


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        help="a zip of ours, .jsonl, .csv (text, and optionally at, id, kind, hard), or text; - reads standard input",
    )
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(args: argparse.Namespace) -> int:
    who, content = reader(), _content(args.file)
    try:
        report = bring_in(who, progress_bar("lines")(read(content, args.file)), clock.now())
    except Unreadable as error:
        raise Refused(f"{error} Nothing was brought in.") from error
    _print(report, args.json)
    return FAILED if report.bad else 0


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Refused(f"The file cannot be read: {error.strerror}.") from error


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        bad = [{"line": number, "why": why} for number, why in report.bad]
        print(json.dumps({"added": report.added, "already": report.already, "bad": bad}))
        return
    for number, why in report.bad:
        print(f"Line {number} was left out. {printable(why)}", file=sys.stderr)
    print(f"Brought in: {report.added}. There already: {report.already}. Left out: {report.left_out}.")

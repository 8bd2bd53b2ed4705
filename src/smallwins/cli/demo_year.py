"""`python -m smallwins.cli.demo_year`: fills a new home with the made-up year in demo_year.tsv."""

import csv
import os
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from importlib.resources import files

import django

from smallwins.portability.reading import Line


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smallwins.web.settings")
    django.setup()
    from smallwins.cli.ground import reader
    from smallwins.people import clock
    from smallwins.portability.actions import bring_in

    report = bring_in(reader(), lines(clock.now()), clock.now())
    return 1 if report.bad else 0


def lines(now: datetime) -> Iterator[Line]:
    """The year, ending now."""
    table = files("smallwins.cli").joinpath("demo_year.tsv").read_text("utf-8").splitlines()
    for number, row in enumerate(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        moment = min(_moment(row, now), now)
        yield Line(number, {**row, "at": moment.isoformat()})


def _moment(row: dict[str, str], now: datetime) -> datetime:
    day = now.date() - timedelta(days=int(row["day"]))
    return datetime.combine(day, time.fromisoformat(row["time"]), tzinfo=now.tzinfo)


if __name__ == "__main__":
    sys.exit(main())

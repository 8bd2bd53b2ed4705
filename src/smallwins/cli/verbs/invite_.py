"""`smallwins invite`."""

import argparse

from django.conf import settings
from django.urls import reverse

from smallwins.cli.codes import Refused
from smallwins.cli.ground import ready_database
from smallwins.people import clock
from smallwins.people.joining import invite


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=7, help="for how many days the link works (7)")


def run(args: argparse.Namespace) -> int:
    if not settings.HOSTED:
        raise Refused("Only a host has room for others. Say its address first: SMALLWINS_ORIGIN=https://…")
    if not 1 <= args.days <= 90:
        raise Refused("Please choose from 1 to 90 days.")
    ready_database()
    print("This link lets one person in, once. Give it to them alone:")
    print(settings.ORIGIN + reverse("people:join", args=[invite(clock.now(), args.days)]))
    return 0

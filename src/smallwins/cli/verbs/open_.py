"""`smallwins open`."""

import argparse
import socket

from django.conf import settings

from smallwins.cli.codes import FAILED, Refused
from smallwins.cli.ground import by_latch, vault
from smallwins.cli.opening import invite, plain_address


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    ours = vault()
    if not _is_running():
        raise Refused("Small Wins is not running. Start it with: smallwins serve", FAILED)
    root = by_latch(ours)
    if root is None:
        print(f"Small Wins is at {plain_address()} and asks for your passphrase there.")
    else:
        invite(root)
    return 0


def _is_running() -> bool:
    try:
        socket.create_connection(("localhost", settings.PORT), timeout=2).close()
    except OSError:
        return False
    return True

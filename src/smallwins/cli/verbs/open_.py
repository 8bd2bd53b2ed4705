"""`smallwins open`."""

import argparse
import secrets
from http.client import HTTPException
from urllib.request import Request, urlopen

from django.conf import settings

from smallwins.cli.codes import FAILED, Refused
from smallwins.cli.ground import by_latch, vault
from smallwins.cli.opening import invite, plain_address
from smallwins.web.system_urls import proof_of_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    ours = vault()
    if not is_running():
        raise Refused("Small Wins is not running. Start it with: smallwins serve", FAILED)
    root = by_latch(ours)
    if root is None:
        print(f"Small Wins is at {plain_address()} and asks for your passphrase there.")
    else:
        invite(root)
    return 0


def is_running() -> bool:
    """Whether it is our own program that listens there: anybody on this computer may take a free port."""
    challenge = secrets.token_hex(16)
    try:
        asked = Request(f"{_here()}/health?challenge={challenge}", headers={"Host": "localhost"})  # noqa: S310  ourselves
        with urlopen(asked, timeout=3) as answer:  # noqa: S310
            said: bytes = answer.read(100)
    except (OSError, ValueError, HTTPException):
        return False
    return secrets.compare_digest(said, proof_of_home(challenge).encode())


def _here() -> str:
    """Where the program listens; on a host that can be another address than loopback's."""
    everywhere = settings.BIND in ("0.0.0.0", "::", "127.0.0.1")  # noqa: S104  compared, not bound
    named = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
    return f"http://{'localhost' if everywhere else named}:{settings.PORT}"

"""Handing a one-time link to the person's browser: in a private file, since arguments can be seen by other accounts."""

import os
import webbrowser
from pathlib import Path

from django.conf import settings

from smallwins.cli.ground import home
from smallwins.home.paths import write_private
from smallwins.people import clock
from smallwins.people.actions import opening_link
from smallwins.vault.root import Root

PAGE = """<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={link}"><title>Opening</title><p><a href="{link}">Open</a></p>
"""


def plain_address() -> str:
    return f"{settings.ORIGIN}/"


def invite(root: Root) -> None:
    """Opens the browser with a link that works once, within ten minutes; without a browser, prints it."""
    link = f"{settings.ORIGIN}/open/{opening_link(root, clock.now())}/"
    if os.environ.get("SMALLWINS_OPEN", "1") != "0" and _open_browser(link):
        print(f"Small Wins is open in your browser, at {plain_address()}", flush=True)
        print("To open it again: smallwins open", flush=True)
    else:
        print(f"Open this link once, within ten minutes: {link}", flush=True)


def _open_browser(link: str) -> bool:
    path = Path(home().opening)
    write_private(str(path), PAGE.format(link=link).encode())
    try:
        return webbrowser.open(path.as_uri())
    except webbrowser.Error:
        return False

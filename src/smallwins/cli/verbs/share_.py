"""`smallwins share`: one person's installation becomes one for several. Nothing is moved, and nothing is lost."""

import argparse

from smallwins.book.actions import catch_up, reseal
from smallwins.cli.asking import ask, ask_secret
from smallwins.cli.codes import FAILED, Refused
from smallwins.cli.ground import home, reader
from smallwins.people import actions, clock
from smallwins.people.forms import NameForm
from smallwins.people.joining import NameTaken, rename
from smallwins.people.unlocking import why_not
from smallwins.people.ways import Kind, Reader, has

NEXT = """Done. You sign in with this name and your passphrase from now on.
Start it behind a proxy that brings TLS (docs/hosting.md):
  SMALLWINS_ORIGIN=https://your.address SMALLWINS_PROXY=127.0.0.1 smallwins serve --host
Let others in with: smallwins invite"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    who = reader()
    catch_up(who, home())
    form = NameForm({"name": ask("A name for you to sign in with: ")})
    if not form.is_valid():
        raise Refused(" ".join(str(error) for error in form.errors["name"]))
    chosen = None if has(who.vault, Kind.PASSPHRASE) else _new_passphrase()
    try:
        rename(who.vault, form.cleaned_data["name"])
    except NameTaken as error:
        raise Refused("Somebody here signs in with this name. Nothing was changed.") from error
    if chosen:
        _set(who, chosen)
    print(NEXT)
    return 0


def _new_passphrase() -> str:
    print("On a host every person has a passphrase. This computer account will then open your wins no more.")
    chosen = ask_secret("New passphrase (15 characters or more is good): ")
    refused = why_not(chosen, ask_secret("Once more: "))
    if refused:
        raise Refused(refused, FAILED)
    return chosen


def _set(who: Reader, chosen: str) -> None:
    reseal(actions.set_passphrase(who, chosen, home(), clock.now()))
    if not has(who.vault, Kind.RECOVERY):
        print("There is no recovery sheet yet. Please make one: smallwins recovery")

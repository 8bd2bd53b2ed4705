"""`smallwins token`: add, list, end."""

import argparse

from django.conf import settings

from smallwins.cli.codes import Refused
from smallwins.cli.ground import reader
from smallwins.people import clock
from smallwins.people.ways import Reader
from smallwins.pocket import tokens
from smallwins.pocket.forms import TokenForm


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["add", "list", "end"], help="what to do")
    parser.add_argument("name", nargs="?", default="", help="what you call it (for add), or its mark (for end)")


def run(args: argparse.Namespace) -> int:
    ours = reader()
    if args.act == "add":
        _add(ours, args.name)
    elif args.act == "end":
        _end(ours, args.name)
    else:
        for token in tokens.tokens_of(ours, clock.now()):
            used = f"last used {token.seen_label}" if token.seen_label else "not used yet"
            print(f"{token.id_hex[:8]}  {token.name}  ({used})")
    return 0


def _add(ours: Reader, name: str) -> None:
    form = TokenForm({"name": name})
    if not form.is_valid():
        raise Refused(" ".join(str(error) for error in form.errors["name"]))
    try:
        written = tokens.add_token(ours, form.cleaned_data["name"], clock.now())
    except tokens.TooManyTokens as error:
        raise Refused("There are many already. Please end one first.") from error
    print("This token can only add. It is shown only now:")
    print(written)
    print(f"It goes to {settings.ORIGIN}/api/v1/wins (see docs/anywhere.md).")


def _end(ours: Reader, mark: str) -> None:
    found = [token for token in tokens.tokens_of(ours, clock.now()) if mark and token.id_hex.startswith(mark)]
    if len(found) != 1:
        raise Refused("No token has that mark. See them with: smallwins token list")
    tokens.end_token(ours, found[0].id_hex)
    print("That token adds nothing any more.")

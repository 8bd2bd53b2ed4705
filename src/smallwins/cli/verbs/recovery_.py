"""`smallwins recovery`."""

import argparse

from smallwins.book.actions import reseal
from smallwins.cli.asking import ask_secret
from smallwins.cli.ground import home, reader, unlock_with
from smallwins.people import actions, clock
from smallwins.people.ways import Kind, has

SHEET = """
  Small Wins: recovery sheet, made on {day}

      {first}
      {second}

  Keep it on paper, away from this computer. It opens everything.
  It is not shown again. To make a new one, which ends this one: smallwins recovery
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    who = reader()
    if has(who.vault, Kind.PASSPHRASE):
        unlock_with(who.vault, ask_secret("Passphrase (or the code of the sheet you have): "))
    who, code = actions.new_recovery_sheet(who, home(), clock.now())
    reseal(who)
    print_sheet(code)
    return 0


def print_sheet(code: str) -> None:
    groups = code.split()
    print(SHEET.format(day=f"{clock.now():%Y-%m-%d}", first=" ".join(groups[:4]), second=" ".join(groups[4:])))

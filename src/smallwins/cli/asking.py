"""Asking at the terminal. Secrets never come from arguments, which other people on this computer can list."""

import getpass
import sys

from smallwins.cli.codes import FAILED, Refused


def at_a_terminal() -> bool:
    return sys.stdin.isatty()


def ask_secret(prompt: str) -> str:
    """Typed unseen at a terminal; from a script, the next line of standard input."""
    if at_a_terminal():
        return getpass.getpass(prompt)
    line = sys.stdin.readline()
    if not line:
        raise Refused("Nothing was typed. Nothing was changed.", FAILED)
    return line.rstrip("\r\n")


def ask(prompt: str) -> str:
    """A line, shown as it is typed."""
    if at_a_terminal():
        return input(prompt)
    return sys.stdin.readline().rstrip("\r\n")

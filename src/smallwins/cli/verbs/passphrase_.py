"""`smallwins passphrase`."""

import argparse

from smallwins.book.actions import reseal
from smallwins.cli.asking import ask, ask_secret, at_a_terminal
from smallwins.cli.codes import FAILED, USAGE, Refused
from smallwins.cli.ground import home, reader, unlock_with
from smallwins.cli.verbs.recovery_ import print_sheet
from smallwins.people import actions, clock
from smallwins.people.unlocking import why_not
from smallwins.people.ways import Kind, Reader, has


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--remove", action="store_true", help="read without being asked again")
    parser.add_argument("--without-recovery", action="store_true", help="set it although there is no recovery sheet")


def run(args: argparse.Namespace) -> int:
    who = reader()
    if has(who.vault, Kind.PASSPHRASE):
        unlock_with(who.vault, ask_secret("The passphrase as it is now (or recovery code): "))
    if args.remove:
        return _remove(who)
    _offer_recovery(who, args.without_recovery)
    chosen = ask_secret("New passphrase (15 characters or more is good): ")
    refused = why_not(chosen, ask_secret("Once more: "))
    if refused:
        raise Refused(refused, FAILED)
    reseal(actions.set_passphrase(who, chosen, home(), clock.now()))
    print("Set. From now on reading asks for it. Keeping does not.")
    return 0


def _remove(who: Reader) -> int:
    if not has(who.vault, Kind.PASSPHRASE):
        raise Refused("There is no passphrase.", FAILED)
    reseal(actions.remove_passphrase(who, home(), clock.now()))
    print("Removed. Anyone who can use this computer account can now read.")
    return 0


def _offer_recovery(who: Reader, without: bool) -> None:
    if without or has(who.vault, Kind.RECOVERY):
        return
    if not at_a_terminal():
        raise Refused("Make a recovery sheet first: smallwins recovery. Or add --without-recovery.", USAGE)
    print("A passphrase can be forgotten. A recovery sheet on paper opens everything then.")
    if ask("Make one now? [Y/n] ").strip().lower() not in ("n", "no"):
        print_sheet(actions.new_recovery_sheet(who, home(), clock.now())[1])

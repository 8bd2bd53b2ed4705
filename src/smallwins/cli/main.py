"""`smallwins`: everything but keeping. `win` keeps."""

import argparse
import os
import sys
from importlib import import_module
from types import ModuleType

from smallwins import __version__
from smallwins.cli.codes import FAILED, LOCKED, USAGE, Refused, Stop

# The verbs in the order a person meets them. The module of a verb is read only when it is asked for.
VERBS = {
    "serve": "start Small Wins on this computer",
    "invite": "make a link that lets one new person in, on a host",
    "people": "show who lives on this host: rooms and bytes, never content",
    "share": "make this one-person installation one for several",
    "move": "move everything to another database, such as PostgreSQL",
    "token": "make, list and end tokens that may only add",
    "open": "open it in the browser, once, without asking",
    "list": "show the wins, newest first",
    "search": "find wins by words or “a phrase”; small typing errors are forgiven",
    "import": "bring wins in: our zip, JSONL, CSV, or text with one a line",
    "export": "write everything into a zip that needs no program of ours",
    "lock": "end every session; keeping goes on",
    "unlock": "read again, in this terminal",
    "passphrase": "set, change or remove the passphrase",
    "recovery": "make a recovery sheet, to keep on paper",
    "backup": "write a sealed copy of everything",
    "restore": "bring a sealed copy back, into a place with nothing in it",
    "demo": "look at a made-up year, apart from your own wins",
    "doctor": "check that everything kept can be read",
    "delete-everything": "destroy all of it, the ways in first",
}

EPILOG = f"""exit codes: 0 done · 1 not done, or not all of it (it says what) · {USAGE} not understood · {LOCKED} locked

To keep a win, use: win"""


def main(argv: list[str] | None = None) -> int:
    """Runs one verb and returns its exit code."""
    os.umask(0o077)  # what we write is for this account alone
    _no_core_dumps()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:2], "--help"]
    parser, verbs = _parser(arguments)
    args = parser.parse_args(arguments)
    if args.verb is None:
        parser.print_help()
        return USAGE
    return _run(verbs[args.verb], args)


def _parser(arguments: list[str]) -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    parser = argparse.ArgumentParser(
        prog="smallwins",
        description="Small Wins, from the command line.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"smallwins {__version__}")
    subparsers = parser.add_subparsers(dest="verb", metavar="verb")
    asked, modules = next((word for word in arguments if word in VERBS), None), {}
    for verb, summary in VERBS.items():
        child = subparsers.add_parser(verb, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if verb == asked:
            _set_up_django()
            modules[verb] = import_module(f"smallwins.cli.verbs.{verb.replace('-', '_')}_")
            modules[verb].arguments(child)
    return parser, modules


def _run(verb: ModuleType, args: argparse.Namespace) -> int:
    try:
        code: int = verb.run(args)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.code
    except Stop:
        return 0
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return FAILED
    except _trouble() as error:
        print(f"This could not be done: {_reason(error)}. What was kept is still there.", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _trouble() -> tuple[type[Exception], ...]:
    from django.db import DatabaseError

    from smallwins.people.actions import OutOfDate

    return DatabaseError, OutOfDate


def _reason(error: Exception) -> str:
    if type(error).__name__ == "OutOfDate":
        return "the keys were changed meanwhile; please try again"
    return "there is no room left on the disk" if "full" in str(error) else "the database does not answer"


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smallwins.web.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:  # a setting that cannot be right, named in the sentence
        print(error, file=sys.stderr)
        sys.exit(USAGE)


def _no_core_dumps() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())

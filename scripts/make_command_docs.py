"""Writes docs/commands.md from the commands themselves. `tests/test_docs.py` compares the two."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Written by `scripts/make_command_docs.py` from the commands themselves. Each has `--help` too.

`win` keeps. `smallwins` does everything else. Secrets are never arguments: they are asked for, unseen, or read from
standard input. Words after `win` and after `smallwins search` may stay in your shell's history and show in the list of
processes. Without words, both ask.

Exit codes of `smallwins`: 0 done · 1 not done, or not all of it (it says what) · 2 not understood · 3 locked.
Exit codes of `win`: 0 kept · 1 not kept · 2 not understood. What is not kept is handed back.
"""


def as_markdown() -> str:
    """Needs Django to be set up, since the verbs do."""
    from smallwins.cli.main import VERBS

    sections = [HEAD, *_win(), *(_verb(verb, summary) for verb, summary in VERBS.items())]
    return "\n".join(sections)


def _win() -> Iterator[str]:
    from smallwins.cli import win

    yield _section("win", "keep one small win, locked or not", win._parser())
    examples = win.EXAMPLES.strip("\n")
    yield f"```\n{examples}\n```\n"


def _verb(verb: str, summary: str) -> str:
    parser = argparse.ArgumentParser(prog=f"smallwins {verb}", add_help=False)
    import_module(f"smallwins.cli.verbs.{verb.replace('-', '_')}_").arguments(parser)
    return _section(parser.prog, summary, parser)


def _section(name: str, summary: str, parser: argparse.ArgumentParser) -> str:
    actions = [action for action in parser._actions if action.dest != "help"]
    usage = " ".join(
        [name, *(f"[{_option(action)}]" if action.option_strings else _word(action) for action in actions)]
    )
    rows = [f"| `{_option(action) or _word(action)}` | {_help(action)} |" for action in actions]
    table = ["| argument | what it does |", "|---|---|", *rows, ""] if rows else []
    return "\n".join([f"## `{name}`", "", f"{summary[0].upper()}{summary[1:]}.", "", f"    {usage}", "", *table])


def _option(action: argparse.Action) -> str:
    """'--most N', or nothing where it is not an option."""
    value = [] if action.nargs == 0 else [str(action.metavar or action.dest.upper())]
    return " ".join([*action.option_strings[-1:], *value]) if action.option_strings else ""


def _word(action: argparse.Action) -> str:
    if action.nargs in ("*", argparse.REMAINDER):
        return f"[{action.dest} …]"
    return f"[{action.dest}]" if action.nargs == "?" else action.dest.upper()


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("|", "\\|")


def _set_up() -> None:
    """Settings make a secret where there is none: not in the person's own home."""
    folder = tempfile.mkdtemp(prefix="smallwins-docs-")
    os.environ |= {"SMALLWINS_HOME": f"{folder}/data", "SMALLWINS_KEYS": f"{folder}/keys"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "smallwins.web.settings"
    import django

    django.setup()


if __name__ == "__main__":
    _set_up()
    TARGET.write_text(as_markdown(), encoding="utf-8")

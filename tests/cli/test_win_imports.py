"""What `win` may import: it has to answer in a twentieth of a second, beside any Django and any database."""

import json
import subprocess
import sys

import pytest

NEVER = {
    "django",
    "sqlite3",
    "argparse",
    "platformdirs",
    "hashlib",
    "asyncio",
    "tempfile",
    "email",
    "logging",
    "readline",
    "smallwins.vault.root",
    "smallwins.vault.ways",
    "smallwins.vault.pages",
}
# The budget. A module more is a decision: measure `make bench` before you write it down here.
OURS = [
    "smallwins",
    "smallwins.cli",
    "smallwins.cli.win",
    "smallwins.home",
    "smallwins.home.letterbox",
    "smallwins.home.paths",
    "smallwins.home.spool",
    "smallwins.vault",
    "smallwins.vault.errors",
    "smallwins.vault.letters",
    "smallwins.vault.padding",
    "smallwins.vault.place",
    "smallwins.wins",
    "smallwins.wins.draft",
]
PROGRAM = """
import json, sys
from smallwins.cli.win import main
code = main(json.loads(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
sys.exit(code)
"""


def imported(here, *words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(words)], env=here.environment, capture_output=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(params=["first run", "later"])
def home_of_win(request, here):
    if request.param == "later":
        assert here.win("the first").returncode == 0
    return here


def test_it_imports_what_is_written_here_and_nothing_else(home_of_win):
    modules = imported(home_of_win, "got", "up")
    assert home_of_win.spooled
    assert NEVER & modules == set()
    assert sorted(name for name in modules if name.split(".")[0] == "smallwins") == OURS


def test_it_starts_no_other_process_but_on_a_first_run(here):
    assert "subprocess" in imported(here, "x")
    assert "subprocess" not in imported(here, "x")


def test_it_stays_within_the_budget_with_options(here):
    here.win("the first")
    modules = imported(here, "--hard", "--at", "2024-02-29", "x")
    assert (NEVER - {"argparse"}) & modules == set()
    assert sorted(name for name in modules if name.split(".")[0] == "smallwins") == OURS

"""Everything kept can be read without this program: with Python, `cryptography`, and scripts/open_without_us.py."""

import json
import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.cli.commands import Commands

SCRIPT = Path(__file__).parents[1] / "scripts" / "open_without_us.py"
NEEDED = ("cryptography", "cffi", "pycparser")
LINES = '{"text":"Water. שלום","at":"2023-05-05T10:00:00-03:00","kind":"rest"}\n{"text":"b","hard":true}'
PASSPHRASE = "a river and two stones"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An environment that holds `cryptography` with what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    for name in NEEDED:
        for file in distribution(name).files or ():
            top = file.parts[0]
            if top != ".." and not (folder / top).exists():
                (folder / top).symlink_to(Path(distribution(name).locate_file(top)))
    return Bare(folder)


@pytest.fixture
def here(tmp_path):
    return Commands(tmp_path / "here")


class Bare:
    def __init__(self, folder: Path) -> None:
        self.environment = {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}

    def python(self, *arguments: str | Path, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            env=self.environment,
            input=said,
            capture_output=True,
            encoding="utf-8",
            cwd="/",
        )

    def opens(self, *arguments: str | Path, said: str = "") -> list[dict]:
        done = self.python(SCRIPT, *arguments, said=said)
        assert (done.returncode, done.stderr) == (0, "")
        return [json.loads(line) for line in done.stdout.splitlines()]


def latch(here: Commands) -> Path:
    (found,) = (here.keys / "latches").iterdir()
    return found


def by_id(wins: list[dict]) -> list[dict]:
    return sorted(wins, key=lambda win: win["id"])


def test_it_is_a_bare_environment(bare):
    program = "import importlib.util as u; print([bool(u.find_spec(name)) for name in %r])"
    names = ["cryptography", "django", "smallwins", "rapidfuzz"]
    assert bare.python("-c", program % names).stdout.strip() == "[True, False, False, False]"


def test_it_imports_only_the_standard_library_and_cryptography():
    imported = {
        line.split()[1].split(".")[0]
        for line in SCRIPT.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 150


def test_it_opens_the_spool_before_there_is_a_database(bare, here):
    here.win("--hard", "--at", "2024-02-29T08:15+01:00", "told the truth ☀️")
    (opened,) = bare.opens(here.data, "--latch", latch(here))
    assert opened.pop("id")
    assert opened == {
        "at": "2024-02-29T08:15:00+01:00",
        "text": "told the truth ☀️",
        "kind": "",
        "hard": True,
        "door": "win",
    }


def test_it_prints_what_list_prints(bare, here):
    here.smallwins("import", "-", said=LINES)
    here.win("--at", "2020-01-01", "still a letter")
    in_the_spool = bare.opens(here.data, "--latch", latch(here))
    listed = here.wins
    assert len(listed) == 3
    assert by_id(in_the_spool) == by_id(listed)
    assert bare.opens(here.data, "--latch", latch(here)) == listed


def test_it_opens_two_generations_and_what_waits_in_the_spool(bare, here):
    here.win("--at", "2020-01-01", "before the passphrase")
    code = recovery_code(here.smallwins("recovery").stdout)
    first_latch = latch(here).read_bytes()
    assert here.smallwins("passphrase", said=f"{PASSPHRASE}\n{PASSPHRASE}\n").returncode == 0
    here.win("--at", "2021-01-01", "while locked")
    by_passphrase = bare.opens(here.data, said=f"{PASSPHRASE}\n")
    by_code = bare.opens(here.data, said=code.lower().replace(" ", "-") + "\n")
    assert here.smallwins("unlock", said=f"{PASSPHRASE}\n").returncode == 0
    assert by_passphrase == by_code == here.wins
    assert [win["text"] for win in by_code] == ["while locked", "before the passphrase"]
    old_copy = here.folder / "old-latch"
    old_copy.write_bytes(first_latch)
    refused = bare.python(SCRIPT, here.data, "--latch", old_copy)
    assert (refused.returncode, refused.stdout) == (1, "")


def test_it_opens_pages_of_an_older_generation(bare, here):
    """As they are where sealing anew was interrupted: here, by putting the rows of before back."""
    import sqlite3

    here.win("--at", "2020-01-01", "before the passphrase")
    before = here.wins
    rows = "SELECT id, kind, revision, generation, sealed FROM book_page"
    with sqlite3.connect(here.data / "smallwins.sqlite3") as database:
        old = database.execute(rows).fetchall()
    done = here.smallwins("passphrase", "--without-recovery", said=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert done.returncode == 0
    with sqlite3.connect(here.data / "smallwins.sqlite3") as database:
        for record, _, _, generation, sealed in old:
            changed = database.execute(
                "UPDATE book_page SET generation = ?, sealed = ? WHERE id = ? AND generation > ?",
                (generation, sealed, record, generation),
            )
            assert changed.rowcount == 1
    assert bare.opens(here.data, said=f"{PASSPHRASE}\n") == before


def test_it_opens_an_export(bare, here):
    here.win("one")
    here.win("two ☀️")
    assert here.smallwins("export", "wins.zip").returncode == 0
    assert bare.opens(here.folder / "wins.zip") == here.wins


def test_it_names_what_is_damaged_and_prints_the_rest(bare, here):
    here.win("whole")
    here.win("broken")
    path = sorted((here.data / "spool").glob("*.letter"))[0]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    done = bare.python(SCRIPT, here.data, "--latch", latch(here))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == f"Cannot be opened: {path.stem}\n"


def test_it_says_so_where_the_secret_is_another(bare, here):
    here.win("mine")
    done = bare.python(SCRIPT, here.data, said="not this\n")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "This does not open it.\n")


def recovery_code(sheet: str) -> str:
    code = [word for word in sheet.split() if len(word) == 4 and set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")]
    assert len(code) == 8
    return " ".join(code)

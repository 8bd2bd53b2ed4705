"""A sealed copy and back, and the doctor that looks at what is there."""

import json
import sqlite3
import zipfile

import pytest

from tests.cli.test_smallwins import recovery_code

WORDS = "Zuckerschote in the garden"


@pytest.fixture
def backed_up(here):
    """A home with a win in the database and one in the spool, its code, and its backup."""
    here.win(WORDS)
    assert WORDS in here.texts
    code = recovery_code(here)
    here.win("still in the spool")
    done = here.smallwins("backup", "copy.zip")
    assert done.returncode == 0, done.stderr
    return code, here.folder / "copy.zip"


def test_it_wants_a_recovery_sheet_before_the_first_backup(here):
    done = here.smallwins("backup", "copy.zip")
    assert (done.returncode, list(here.folder.glob("*.zip"))) == (2, [])
    assert "recovery sheet first" in done.stderr


def test_it_writes_a_private_file_without_a_word_or_a_latch_in_it(here, backed_up):
    _, copy = backed_up
    assert copy.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(copy) as bag:
        content = {name: bag.read(name) for name in bag.namelist()}
    assert not [name for name, read in content.items() if WORDS.encode() in read]
    kinds = {json.loads(line)["kind"] for line in content["ways_in.jsonl"].splitlines()}
    assert kinds == {"recovery"}


def test_it_brings_everything_back_elsewhere(here, elsewhere, backed_up):
    code, copy = backed_up
    assert elsewhere.smallwins("restore", str(copy)).returncode == 0
    assert elsewhere.smallwins("list").returncode == 3
    assert elsewhere.smallwins("unlock", said=f"{code}\n").returncode == 0
    assert elsewhere.wins == here.wins
    assert elsewhere.win("kept afterwards").returncode == 0
    assert "kept afterwards" in elsewhere.texts


@pytest.mark.parametrize("first", [lambda other: other.win("Mine"), lambda other: recovery_code(other)])
def test_it_never_writes_over_what_is_there(elsewhere, backed_up, first):
    first(elsewhere)
    before = elsewhere.wins
    done = elsewhere.smallwins("restore", str(backed_up[1]))
    assert (done.returncode, "left alone" in done.stderr) == (1, True)
    assert elsewhere.wins == before


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[: len(raw) // 2], lambda raw: b"", lambda raw: b"PK\x05\x06" + bytes(18)]
)
def test_it_brings_nothing_back_from_a_damaged_file(elsewhere, backed_up, damage):
    bad = elsewhere.folder / "bad.zip"
    bad.write_bytes(damage(backed_up[1].read_bytes()))
    done = elsewhere.smallwins("restore", str(bad))
    assert (done.returncode, "Nothing was brought back" in done.stderr) == (1, True)
    assert elsewhere.smallwins("restore", str(backed_up[1])).returncode == 0


def test_the_doctor_finds_nothing_to_say(here):
    here.win(WORDS)
    done = here.smallwins("doctor", "--json")
    assert done.returncode == 0
    assert all(finding["good"] for finding in json.loads(done.stdout))
    assert WORDS not in done.stdout


def test_the_doctor_names_what_cannot_be_opened_and_the_rest_is_shown(here):
    here.win(WORDS)
    here.win("Another one")
    bad = next(win["id"] for win in here.wins if win["text"] == WORDS)
    with sqlite3.connect(here.data / "smallwins.sqlite3") as database:
        sealed = bytearray(
            database.execute("SELECT sealed FROM book_page WHERE id = ?", [bytes.fromhex(bad)]).fetchone()[0]
        )
        sealed[40] ^= 1
        database.execute("UPDATE book_page SET sealed = ? WHERE id = ?", [bytes(sealed), bytes.fromhex(bad)])
    done = here.smallwins("doctor")
    assert (done.returncode, bad in done.stdout) == (1, True)
    assert here.texts == ["Another one"]


def test_the_doctor_names_a_letter_that_cannot_be_taken_in_and_a_file_that_others_can_read(here):
    here.win(WORDS)
    (here.data / "spool" / f"{'0' * 32}.letter").write_bytes(b"smallwins letter 1\n" + b"x" * 100)
    (here.data / "letterbox.json").chmod(0o644)
    done = here.smallwins("doctor")
    assert done.returncode == 1
    assert f"{'0' * 32}.letter" in done.stdout
    assert "other accounts may read" in done.stdout
    assert here.texts == [WORDS]

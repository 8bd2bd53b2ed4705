"""`smallwins`, as a person or a script runs it."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from smallwins.cli.main import VERBS

PASSPHRASE = "a river and two stones"
LOCKED = 3

HELP = """
import contextlib, io, json
from smallwins.cli import main
said = {}
for verb in main.VERBS:
    screen = io.StringIO()
    with contextlib.redirect_stdout(screen):
        try:
            code = main.main([verb, "--help"])
        except SystemExit as end:
            code = end.code
    said[verb] = [code, screen.getvalue()]
print(json.dumps(said))
"""


def recovery_code(here) -> str:
    done = here.smallwins("recovery")
    assert done.returncode == 0, done.stderr
    groups = re.findall(r"\b[A-Z2-7]{4}\b", done.stdout.split("Keep it on paper")[0])
    assert len(groups) == 8
    return " ".join(groups)


def set_passphrase(here, *options: str, said: str = f"{PASSPHRASE}\n{PASSPHRASE}\n"):
    return here.smallwins("passphrase", *options, said=said)


def at_once(here, *commands: list[str], **others: str):
    """Runs several commands beside each other, as a person with two windows might."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda words: here.smallwins(*words, **others), commands))


# --- Verbs and their help -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def helped(tmp_path_factory):
    """What each verb says of itself; all in one process, since Django takes its time to start."""
    from tests.cli.commands import Commands

    environment = Commands(tmp_path_factory.mktemp("help") / "here").environment | {"COLUMNS": "200"}
    done = subprocess.run([sys.executable, "-c", HELP], env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("verb", VERBS)
def test_it_helps_with_each_verb(helped, verb):
    code, said = helped[verb]
    assert code == 0
    assert said.startswith(f"usage: smallwins {verb}")
    assert VERBS[verb][1:] + "." in said
    for line in said.split("options:")[1].strip().splitlines():
        assert len(line.split()) > 2 or not line.strip().startswith("-"), f"{line!r} says nothing"


@pytest.mark.parametrize("verb", ["list", "search", "import"])
def test_it_reads_as_json(helped, verb):
    assert "--json" in helped[verb][1]


def test_it_names_every_verb_and_every_exit_code(here):
    done = here.smallwins("--help")
    assert done.returncode == 0
    for verb, summary in VERBS.items():
        assert re.search(rf"^\s+{verb}\s", done.stdout, re.MULTILINE)
        assert " ".join(summary.split()) in " ".join(done.stdout.split())
    assert "exit codes" in done.stdout


@pytest.mark.parametrize("words", [[], ["streak"]], ids=["nothing", "verb"])
def test_it_says_how_it_is_used(here, words):
    done = here.smallwins(*words)
    assert done.returncode == 2
    assert "usage: smallwins" in done.stdout + done.stderr


# --- Reading ------------------------------------------------------------------------------------------------------


def test_it_lists_newest_first(here):
    here.win("--at", "2024-05-02", "second")
    here.win("--at", "2024-05-01", "first")
    here.win("--hard", "--at", "2024-05-03", "third\nwith \x1b[31ma second line")
    assert here.smallwins("list").stdout.splitlines() == [
        "2024-05-03  third with \ufffd[31ma second line  (this was hard)",
        "2024-05-02  second",
        "2024-05-01  first",
    ]
    newest = here.wins[0]
    assert newest.pop("id")
    assert newest == {
        "at": "2024-05-03T12:00:00+01:00",
        "text": "third\nwith \x1b[31ma second line",
        "kind": "",
        "hard": True,
        "door": "win",
    }


def test_it_searches(here):
    here.win("-", said="Walked to the river\nSaid no to him\nCafé with Ana\n")
    found = here.smallwins("search", "--json", "RIVRE", '"walked to"')
    assert [win["text"] for win in json.loads(found.stdout)] == ["Walked to the river"]
    asked = here.smallwins("search", said="cafe\n")
    assert (asked.returncode, "Café with Ana" in asked.stdout) == (0, True)
    assert json.loads(here.smallwins("search", "--json", "nothing like it").stdout) == []


def test_it_still_reads_where_a_letter_is_no_win(here):
    """Anybody who knows the public key can write one."""
    from smallwins.home import letterbox, spool
    from smallwins.home.paths import Home
    from smallwins.vault.letters import seal_letter
    from smallwins.vault.place import Place

    here.win("mine")
    home = Home(str(here.data), str(here.keys))
    box = letterbox.read(home)
    hostile = [
        '{"text":"x","when":"soon"}',
        '{"text":5,"when":1}',
        '{"text":"x","when":1e999}',
        '{"text":"x","when":NaN}',
    ]
    hostile += [
        '{"text":"x","when":999999999999999999999}',
        '{"text":"x","when":1,"offset":"a"}',
        "[]",
        "5",
        '{"text":1',
    ]
    hostile += ['{"text":"x","when":1,"marks":[[]]}', '{"text":"x","when":1,"kind":[]}', "[" * 100_000]
    for number, text in enumerate(hostile):
        record = bytes((number,)) * 16
        sealed = seal_letter(box.public_key, Place(box.vault, record, "win", 0, 1), text.encode())
        spool.post(home, spool.SpooledLetter(box.vault, record, 1, sealed))
    assert "mine" in here.texts
    assert "mine" in here.smallwins("list").stdout


# --- Bringing in and taking away ----------------------------------------------------------------------------------


LINES = [
    '{"text":"Drank water ☀️","at":"2024-05-01T10:00:00+02:00","id":1,"kind":"rest"}',
    '{"text":"Said no","at":"2024-05-02","hard":true,"before":"gone along"}',
    '{"text":"Said no","at":"2024-05-02","hard":true,"before":"gone along"}',
    '{"text":"קמתי\\nwith a second line"}',
]


def bring(here, name: str, content: str | bytes, *options: str):
    path = here.folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return here.smallwins("import", name, *options)


def test_it_brings_in_once(here):
    first = bring(here, "wins.jsonl", "\n".join(LINES), "--json")
    assert (first.returncode, json.loads(first.stdout)) == (0, {"added": 4, "already": 0, "bad": []})
    again = bring(here, "wins.jsonl", "\n".join(LINES), "--json")
    assert (again.returncode, json.loads(again.stdout)) == (0, {"added": 0, "already": 4, "bad": []})
    assert here.texts == ["Drank water ☀️", "Said no", "Said no", "קמתי\nwith a second line"]


def test_it_names_each_bad_line_and_brings_in_the_rest(here):
    bad = [
        "not json",
        '{"at":"2024-05-01"}',
        '{"text":""}',
        '{"text":"x","at":"9999-12-31"}',
        '{"text":"x","at":"soon"}',
        "[1]",
    ]
    said = "\n".join([LINES[0], *bad, "", '{"text":"' + "x" * 20_001 + '"}', LINES[1]])
    done = bring(here, "wins.jsonl", said)
    assert done.returncode == 1
    assert [int(number) for number in re.findall(r"^Line (\d+) ", done.stderr, re.MULTILINE)] == [2, 3, 4, 5, 6, 7, 9]
    assert here.texts == ["Drank water ☀️", "Said no"]


def test_it_brings_in_a_moment_at_the_ends_of_the_calendar_or_says_no(here):
    ends = ["0001-01-01T00:00:00+14:00", "0001-01-01", "0001-01-01T00:00:00-14:00"]
    done = bring(
        here, "wins.jsonl", "\n".join(json.dumps({"text": "long ago", "at": at}) for at in ends) + "\n" + LINES[0]
    )
    assert done.returncode in (0, 1)
    assert "Drank water ☀️" in here.texts
    assert here.smallwins("export", "all.zip").returncode == 0


def test_it_brings_in_a_table(here):
    table = io.StringIO()
    rows = [["text", "at", "id", "kind", "hard"], ['one, with “quotes” and "more"', "2024-05-01", "a", "rest", "yes"]]
    csv.writer(table).writerows([*rows, ["two\nlines", "", "b", "", "no"]])
    done = bring(here, "wins.csv", table.getvalue())
    assert done.returncode == 0, done.stderr
    wins = {win["text"]: win for win in here.wins}
    assert wins.keys() == {'one, with “quotes” and "more"', "two\nlines"}
    assert [win["hard"] for win in wins.values()].count(True) == 1


def test_it_brings_in_nothing_of_a_file_that_cannot_be_read(here):
    here.win("the first")
    files = {"cut.zip": b"PK\x03\x04 and no more", "cut.json": b'{"wins":[{"text":"x"}', "no-text.csv": b"a,b\n1,2\n"}
    for name, content in files.items():
        (here.folder / name).write_bytes(content)
    for done in at_once(here, *(["import", name] for name in [*files, "missing.jsonl"])):
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1, done.stderr


def test_it_takes_everything_elsewhere(here, elsewhere):
    here.win("--hard", "kept by win ☀️")
    bring(here, "wins.jsonl", "\n".join(LINES))
    done = here.smallwins("export", "all.zip")
    assert done.returncode == 0, done.stderr
    assert elsewhere.smallwins("import", str(here.folder / "all.zip")).returncode == 0
    assert elsewhere.wins == here.wins
    again = elsewhere.smallwins("import", "--json", str(here.folder / "all.zip"))
    assert json.loads(again.stdout) == {"added": 0, "already": 5, "bad": []}


def test_it_exports_for_this_account_alone_and_over_nothing(here):
    here.win("--at", "2024-05-01", "kept")
    assert here.smallwins("export", "all.zip").returncode == 0
    path = here.folder / "all.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as bag:
        assert sorted(bag.namelist()) == ["months/2024-05.md", "wins.json", "wins.schema.json"]
    before = path.read_bytes()
    again, nowhere = at_once(here, ["export", "all.zip"], ["export", "no/such/folder/all.zip"])
    assert again.returncode == 1
    assert "left alone" in again.stderr
    assert path.read_bytes() == before
    assert nowhere.returncode == 1
    assert "Traceback" not in nowhere.stderr
    assert sorted(path.name for path in here.folder.iterdir()) == ["all.zip", "data", "keys"]


# --- Locking ------------------------------------------------------------------------------------------------------


def test_it_locks_and_unlocks_without_a_passphrase(here):
    here.win("mine")
    assert here.smallwins("lock").returncode == 0
    locked = here.smallwins("list")
    assert (locked.returncode, locked.stdout) == (LOCKED, "")
    assert here.win("while locked").returncode == 0
    assert here.smallwins("unlock").returncode == 0
    assert here.texts == ["mine", "while locked"]


def test_it_wants_a_recovery_sheet_before_a_passphrase(here):
    done = set_passphrase(here)
    assert done.returncode == 2
    assert "recovery sheet first" in done.stderr
    assert here.smallwins("list").returncode == 0


def test_it_refuses_a_poor_passphrase_and_changes_nothing(here):
    for said in ("password\npassword\n", f"{PASSPHRASE}\nanother\n", ""):
        done = set_passphrase(here, "--without-recovery", said=said)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert here.smallwins("list").returncode == 0


def test_it_goes_the_whole_way_with_a_passphrase(here):
    here.win("before")
    code = recovery_code(here)
    assert set_passphrase(here).returncode == 0
    for locked in at_once(here, ["list"], ["export", "all.zip"], ["recovery"], ["passphrase"], said=f"{PASSPHRASE}\n"):
        assert (locked.returncode, locked.stdout) == (LOCKED, ""), locked.args
    assert here.win("while locked").returncode == 0

    refused = here.smallwins("unlock", said="not this one\n")
    assert (refused.returncode, refused.stdout) == (LOCKED, "")
    assert here.smallwins("unlock", said=f"{PASSPHRASE}\n").returncode == 0
    assert here.smallwins("list").returncode == 0

    assert here.smallwins("lock").returncode == 0
    assert here.smallwins("unlock", said=code.lower().replace(" ", "-") + "\n").returncode == 0
    assert here.texts == ["before", "while locked"]

    changed = here.smallwins("passphrase", said=f"{PASSPHRASE}\nthree other stones\nthree other stones\n")
    assert changed.returncode == 0, changed.stderr
    assert here.smallwins("unlock", said=f"{PASSPHRASE}\n").returncode == LOCKED
    assert here.smallwins("unlock", said="three other stones\n").returncode == 0
    assert here.smallwins("passphrase", "--remove", said=f"{PASSPHRASE}\n").returncode == LOCKED
    removed = here.smallwins("passphrase", "--remove", said="three other stones\n")
    assert removed.returncode == 0, removed.stderr
    assert here.win("after").returncode == 0
    assert here.texts == ["after", "before", "while locked"]


# --- Deleting -----------------------------------------------------------------------------------------------------


def test_it_deletes_everything_only_where_that_was_typed(here):
    here.win("mine")
    refused = here.smallwins("delete-everything", said="yes\n")
    assert refused.returncode == 1
    assert "Nothing was deleted" in refused.stderr
    assert here.texts == ["mine"]
    here.win("waiting in the spool")
    done = here.smallwins("delete-everything", said="Delete everything\n")
    assert done.returncode == 0, done.stderr
    left = [
        path
        for path in here.folder.rglob("*")
        if path.is_file() and path.name not in (".upgrade.lock", "web-secret", "server-key")
    ]
    assert left == []
    assert here.win("anew").returncode == 0
    assert here.texts == ["anew"]


def test_it_writes_no_passphrase_down_and_deletes_what_nobody_can_open(here):
    set_passphrase(here, "--without-recovery", said="canary canary canary\n" * 2)
    for path in here.folder.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes()
    assert not any((here.keys / "latches").iterdir())
    assert here.smallwins("delete-everything", "--yes").returncode == 0
    assert here.wins == []

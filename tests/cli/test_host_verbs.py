"""The verbs of a host, as processes: inviting, sharing, moving; and refusing to start where it would not be safe."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import postgres
from tests.cli.commands import Commands

HOST = {"SMALLWINS_ORIGIN": "https://wins.example.org", "SMALLWINS_PROXY": "127.0.0.1"}


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "one")


def refused(commands: Commands, **others: str) -> str:
    done = commands.smallwins("serve", "--host", environment=HOST | others)
    assert done.returncode == 2
    return done.stderr


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SMALLWINS_ORIGIN": ""}, "SMALLWINS_ORIGIN=https://"),
        ({"SMALLWINS_ORIGIN": "http://wins.example.org"}, "must look like https://"),
        ({"SMALLWINS_ORIGIN": "https://wins.example.org/path"}, "must look like https://"),
        ({"SMALLWINS_PROXY": ""}, "SMALLWINS_PROXY=127.0.0.1"),
        ({"SMALLWINS_PROXY": "0.0.0.0/0"}, "must not be everybody"),
        ({"SMALLWINS_PROXY": "my proxy"}, "must be addresses"),
    ],
)
def test_it_refuses_to_serve_several_people_unsafely(wrong, sentence, commands):
    assert sentence in refused(commands, **wrong)


def test_it_refuses_a_weak_secret(commands):
    commands.keys.mkdir(mode=0o700)
    (commands.keys / "web-secret").write_text("changeme")
    assert "too short" in refused(commands)


def test_it_refuses_keys_that_others_can_read(commands):
    commands.keys.mkdir()
    commands.keys.chmod(0o755)
    assert "chmod 700" in refused(commands)


def test_it_refuses_debug(commands):
    (commands.folder / "loud.py").write_text("from smallwins.web.settings import *\nDEBUG = True\n")
    loud = {"DJANGO_SETTINGS_MODULE": "loud", "PYTHONPATH": f"{commands.folder}:{os.environ.get('PYTHONPATH', '')}"}
    assert "DEBUG must be off" in refused(commands, **loud)


def test_it_does_not_serve_a_host_as_one_persons_computer(commands):
    done = commands.smallwins("serve", environment=HOST)
    assert (done.returncode, "serve --host" in done.stderr) == (1, True)


def test_it_invites_only_on_a_host(commands):
    assert commands.smallwins("invite").returncode == 1
    done = commands.smallwins("invite", environment=HOST)
    assert done.stdout.splitlines()[-1].startswith("https://wins.example.org/join/")


def test_a_terminal_on_a_host_is_nobodys(commands):
    for verb in (["list"], ["export", "x.zip"], ["token", "list"]):
        done = commands.smallwins(*verb, environment=HOST)
        assert (done.returncode, "Several people live here" in done.stderr) == (1, True)
    assert not (commands.data / "letterbox.json").exists()


def test_it_shares_and_loses_nothing(commands):
    commands.win("Kept before")
    done = commands.smallwins("share", said="Robin\nplum kettle orbit\nplum kettle orbit\n")
    assert done.returncode == 0, done.stderr
    about = json.loads(commands.smallwins("people", "--json", environment=HOST).stdout)
    assert [(one["signs in by name"], one["pages"] + one["letters"]) for one in about["people"]] == [(True, 1)]
    assert "Kept before" not in json.dumps(about)
    assert not list((commands.keys / "latches").iterdir())  # nobody's computer account opens it any more
    commands.win("Kept after, in the same home")
    commands.smallwins("unlock", said="plum kettle orbit\n", environment=HOST)
    listed = commands.smallwins("list", "--json", environment=HOST)
    assert sorted(win["text"] for win in json.loads(listed.stdout)) == ["Kept after, in the same home", "Kept before"]


def test_it_shares_nothing_where_the_passphrase_is_refused(commands):
    commands.win("Kept before")
    assert commands.smallwins("share", said="Robin\nshort\nshort\n").returncode == 1
    assert commands.texts == ["Kept before"]


def test_it_moves_and_loses_nothing(commands, tmp_path):
    target = f"sqlite:///{tmp_path}/new.sqlite3"
    commands.win("One")
    commands.smallwins("list")
    commands.win("Two, still in the spool")
    done = commands.smallwins("move", environment={"SMALLWINS_MOVE_TO": target})
    assert done.returncode == 0, done.stderr
    assert not (commands.data / "smallwins.sqlite3").exists()
    commands.win("Three, after moving")
    listed = commands.smallwins("list", "--json", environment={"DATABASE_URL": target})
    assert len(json.loads(listed.stdout)) == 3
    again = commands.smallwins("move", environment={"DATABASE_URL": target, "SMALLWINS_MOVE_TO": target})
    assert (again.returncode, "already" in again.stderr) == (1, True)


def test_it_moves_to_postgresql_and_loses_nothing(commands):
    refused = postgres.why_not()
    if refused:
        pytest.skip(refused)
    for text in ("One", "Emoji 🌱, and مرحبا"):
        commands.win(text)
    before = commands.wins
    commands.win("Still in the spool")
    with postgres.running() as server:
        done = commands.smallwins("move", environment={"SMALLWINS_MOVE_TO": server.address})
        assert done.returncode == 0, done.stderr
        there = {"DATABASE_URL": server.address}
        listed = json.loads(commands.smallwins("list", "--json", environment=there).stdout)
        assert [win for win in listed if win in before] == before
        assert len(listed) == 3
        commands.smallwins("share", said="Robin\nplum kettle orbit\nplum kettle orbit\n", environment=there)
        about = json.loads(commands.smallwins("people", "--json", environment=there | HOST).stdout)
        assert (about["database"], about["people"][0]["pages"]) == ("postgresql", 3)


@pytest.mark.parametrize("address", ["", "nonsense", "ftp://x"])
def test_it_moves_nowhere_else(address, commands):
    commands.win("One")
    done = commands.smallwins("move", environment={"SMALLWINS_MOVE_TO": address}, said=f"{address}\n")
    assert done.returncode in (1, 2)
    assert commands.texts == ["One"]


def test_a_token_made_at_the_terminal_adds_and_is_ended(commands):
    added = commands.smallwins("token", "add", "A script")
    assert added.stdout.splitlines()[1].startswith("sw_add_")
    listed = commands.smallwins("token", "list").stdout
    assert "A script" in listed
    assert commands.smallwins("token", "end", listed.split()[0]).returncode == 0
    assert commands.smallwins("token", "list").stdout == ""
    assert commands.smallwins("token", "end", "nothing").returncode == 1


def test_gunicorn_is_imported_only_for_a_host():
    code = "import sys, smallwins.cli.main, django; print('gunicorn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

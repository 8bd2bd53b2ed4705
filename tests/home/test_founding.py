"""The first run: however many begin it, and wherever it is killed, one vault comes of it, and its latch opens it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smallwins.home import founding as foundings
from smallwins.home import letterbox as letterboxes
from smallwins.home.paths import Home
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import open_root

RACERS = 4
# Each racer says that it is ready, waits until all are, and then begins.
RACER = (
    "import sys; from smallwins.cli.first_run import main; print(flush=True); sys.stdin.readline(); sys.exit(main())"
)


@pytest.fixture
def place(tmp_path):
    return Home(str(tmp_path / "data"), str(tmp_path / "keys"))


def root_by_latch(place: Home) -> Root:
    founding = foundings.read(place)
    assert founding is not None
    vault = founding.letterbox.vault
    secret = Path(place.latch(vault)).read_bytes()
    return open_root(
        founding.lock, Place(vault, founding.way, "latch", 0, 1), founding.sealed_root, secret, founding.proof
    )


def test_it_founds_a_vault_whose_latch_opens_it(place):
    box = foundings.complete(place)
    assert letterboxes.read(place) == box
    letterboxes.check_pin(place, box)
    assert root_by_latch(place).public_key == box.public_key


def test_it_founds_once(place):
    first = foundings.complete(place)
    assert foundings.complete(place) == first
    assert foundings.found(place) == first
    assert os.listdir(os.path.dirname(place.latch(first.vault))) == [first.vault.hex()]


def test_it_has_nothing_to_read_before(place):
    assert foundings.read(place) is None


def test_it_writes_no_root_in_the_clear(place):
    box = foundings.complete(place)
    secret = root_by_latch(place).secret
    for path in (place.founding, place.letterbox, place.pin, place.latch(box.vault)):
        content = Path(path).read_bytes()
        assert secret not in content
        assert secret.hex().encode() not in content


@pytest.mark.parametrize("turn", range(3))
def test_it_ends_with_one_vault_when_several_race(place, turn):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"SMALLWINS_HOME": place.data, "SMALLWINS_KEYS": place.keys},
        )
        for _ in range(RACERS)
    ]
    for racer in racers:
        racer.stdout.readline()
    for racer in racers:
        racer.stdin.write(b"\n")
        racer.stdin.flush()
    for racer in racers:
        racer.communicate()
    assert [racer.returncode for racer in racers] == [0] * RACERS
    box = letterboxes.read(place)
    letterboxes.check_pin(place, box)
    assert root_by_latch(place).public_key == box.public_key
    assert os.listdir(os.path.dirname(place.latch(box.vault))) == [box.vault.hex()]
    assert sorted(os.listdir(place.data)) == ["founding.json", "letterbox.json"]


# A process that ends, as if killed, just before it gives a file its name.
KILLED = """
import os, sys
from smallwins.home.founding import complete
from smallwins.home.paths import here

def dies_at(function):
    def wrapped(source, target, *rest):
        if os.path.basename(os.path.dirname(target)) == sys.argv[1] or os.path.basename(target) == sys.argv[1]:
            os._exit(9)
        return function(source, target, *rest)
    return wrapped

os.replace, os.link = dies_at(os.replace), dies_at(os.link)
complete(here())
"""


@pytest.mark.parametrize("before", ["latches", "founding.json", "letterbox.json", "pins"])
def test_it_completes_a_first_run_that_was_killed(place, before):
    environment = os.environ | {"SMALLWINS_HOME": place.data, "SMALLWINS_KEYS": place.keys}
    killed = subprocess.run([sys.executable, "-c", KILLED, before], env=environment)
    assert killed.returncode == 9
    begun = foundings.read(place)
    box = foundings.complete(place)
    assert begun is None or begun.letterbox == box
    assert letterboxes.read(place) == box
    letterboxes.check_pin(place, box)
    assert root_by_latch(place).public_key == box.public_key


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"bytes":{}}', b'{"bytes":{"vault":"AAAA"}}', b"\xff"])
def test_it_says_so_of_a_broken_founding(place, content):
    foundings.complete(place)
    Path(place.founding).write_bytes(content)
    with pytest.raises(letterboxes.Damaged):
        foundings.read(place)

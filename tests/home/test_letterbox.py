"""The published key: remembered, checked, and never trusted when it is broken."""

import json
from pathlib import Path

import pytest

from smallwins.home import letterbox as letterboxes
from smallwins.home.letterbox import Damaged, KeyChanged, Letterbox
from smallwins.home.paths import Home
from smallwins.vault.root import Root

ROOT = Root.new(b"a" * 16, 3)
BOX = Letterbox(ROOT.vault, ROOT.generation, ROOT.public_key)
STRANGER = Letterbox(b"b" * 16, 1, Root.new(b"b" * 16).public_key)


@pytest.fixture
def place(tmp_path):
    return Home(str(tmp_path / "data"), str(tmp_path / "keys"))


def write(place: Home, content: bytes) -> None:
    Path(place.data).mkdir(exist_ok=True)
    Path(place.letterbox).write_bytes(content)


def changed(**parts: object) -> bytes:
    return json.dumps(json.loads(BOX.as_json()) | parts).encode()


def without(part: str) -> bytes:
    return json.dumps({name: value for name, value in json.loads(BOX.as_json()).items() if name != part}).encode()


def test_it_is_none_before_a_first_run(place):
    assert letterboxes.read(place) is None


def test_it_reads_what_was_published(place):
    letterboxes.publish(place, BOX)
    assert letterboxes.read(place) == BOX
    letterboxes.check_pin(place, BOX)


def test_it_remembers_the_first_key_it_sees(place):
    letterboxes.check_pin(place, BOX)
    assert Path(place.pin).read_bytes() == BOX.fingerprint
    with pytest.raises(KeyChanged):
        letterboxes.check_pin(place, STRANGER)
    letterboxes.check_pin(place, BOX)


def test_it_remembers_the_new_key_where_the_owner_published_it(place):
    letterboxes.publish(place, BOX)
    letterboxes.publish(place, STRANGER)
    letterboxes.check_pin(place, STRANGER)
    with pytest.raises(KeyChanged):
        letterboxes.check_pin(place, BOX)


def test_it_refuses_where_a_publishing_was_cut_off_half_way(place, monkeypatch):
    letterboxes.publish(place, BOX)
    monkeypatch.setattr(letterboxes, "pin", lambda *_: None)
    letterboxes.publish(place, STRANGER)
    with pytest.raises(KeyChanged):
        letterboxes.check_pin(place, letterboxes.read(place))


def test_it_remembers_each_folder_apart(place, tmp_path):
    other = Home(str(tmp_path / "other"), place.keys)
    letterboxes.publish(place, BOX)
    letterboxes.publish(other, STRANGER)
    letterboxes.check_pin(place, BOX)
    letterboxes.check_pin(other, STRANGER)


@pytest.mark.parametrize("content", [b"", b" ", b"not ours", b"1234"])
def test_it_does_not_take_a_broken_memory_for_a_match(place, content):
    letterboxes.publish(place, BOX)
    Path(place.pin).write_bytes(content)
    with pytest.raises(KeyChanged):
        letterboxes.check_pin(place, BOX)


BROKEN = {
    "empty": b"",
    "zeros": b"\0" * 40,
    "no text": b"\xff\xfe\x00",
    "null": b"null",
    "list": b"[]",
    "word": b'"smallwins letterbox 1"',
    "no parts": b"{}",
    "deep": b"[" * 100_000,
    "cut off": BOX.as_json()[:-200],
    "no format": without("format"),
    "no vault": without("vault"),
    "no generation": without("generation"),
    "no key": without("public_key"),
    "next format": changed(format="smallwins letterbox 2"),
    "vault no hex": changed(vault="no hex"),
    "vault number": changed(vault=7),
    "vault empty": changed(vault=""),
    "vault short": changed(vault="aa" * 15),
    "vault long": changed(vault="aa" * 17),
    "generation text": changed(generation="3"),
    "generation null": changed(generation=None),
    "generation fraction": changed(generation=3.5),
    "generation true": changed(generation=True),
    "generation 0": changed(generation=0),
    "generation negative": changed(generation=-1),
    "generation large": changed(generation=2**32),
    "key null": changed(public_key=None),
    "key empty": changed(public_key=""),
    "key no base64": changed(public_key="é"),
    "key short": changed(public_key="AAAA"),
    "key cut off": changed(public_key=json.loads(BOX.as_json())["public_key"][:-8]),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_it_says_so_of_every_broken_file(place, content):
    write(place, content)
    with pytest.raises(Damaged):
        letterboxes.read(place)

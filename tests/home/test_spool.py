"""The spool: one whole file a letter."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.home import spool
from smallwins.home.paths import Home
from smallwins.home.spool import MAGIC, NotALetter, SpooledLetter

LETTER = SpooledLetter(b"v" * 16, b"r" * 16, 7, b"sealed")
IDS = st.binary(min_size=16, max_size=16)


@pytest.fixture
def place(tmp_path):
    return Home(str(tmp_path / "data"), str(tmp_path / "keys"))


def test_it_reads_what_was_posted(place):
    spool.post(place, LETTER)
    assert [spool.read(path) for path in spool.waiting(place)] == [LETTER]


@given(st.builds(SpooledLetter, IDS, IDS, st.integers(1, 2**31 - 1), st.binary(min_size=1, max_size=500)))
def test_it_reads_back_whatever_is_in_it(letter):
    assert SpooledLetter.from_bytes(letter.as_bytes()) == letter


def test_it_is_for_this_account_alone(place):
    spool.post(place, LETTER)
    (path,) = spool.waiting(place)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(place.spool).st_mode) == 0o700


def test_it_says_nothing_of_the_words_in_the_name(place):
    spool.post(place, LETTER)
    assert os.listdir(place.spool) == [f"{LETTER.record.hex()}.letter"]


def test_it_keeps_one_file_of_the_same_letter(place):
    spool.post(place, LETTER)
    spool.post(place, LETTER)
    assert len(list(spool.waiting(place))) == 1


def test_it_waits_for_nothing_before_a_first_letter(place):
    assert list(spool.waiting(place)) == []


def test_it_lists_only_finished_letters_in_order_of_their_names(place):
    for number in (3, 1, 2):
        spool.post(place, LETTER._replace(record=bytes((number,)) * 16))
    for name in (".0101.letter.123.abcd", ".hidden.letter", "notes.txt", "letter"):
        Path(place.spool, name).write_bytes(b"something else")
    names = [os.path.basename(path) for path in spool.waiting(place)]
    assert names == [f"{number:02}" * 16 + ".letter" for number in (1, 2, 3)]


@given(st.binary(max_size=200))
def test_it_does_not_take_other_bytes_for_a_letter(noise):
    with pytest.raises(NotALetter):
        SpooledLetter.from_bytes(noise)


@given(st.integers(0, len(MAGIC) + 36))
def test_it_does_not_take_a_file_cut_off_for_a_letter(length):
    with pytest.raises(NotALetter):
        SpooledLetter.from_bytes(LETTER.as_bytes()[:length])


def test_it_refuses_a_file_of_the_next_version():
    with pytest.raises(NotALetter):
        SpooledLetter.from_bytes(LETTER.as_bytes().replace(b"letter 1\n", b"letter 2\n"))


def test_it_does_not_read_what_is_too_large_to_be_a_letter(place):
    spool.post(place, LETTER)
    (path,) = spool.waiting(place)
    os.truncate(path, spool.MOST_BYTES + 1)
    with pytest.raises(NotALetter):
        spool.read(path)


def test_it_says_so_where_it_cannot_be_written(place):
    Path(place.data).mkdir()
    Path(place.spool).write_bytes(b"a file in the way")
    with pytest.raises(OSError, match=r"exists|directory"):
        spool.post(place, LETTER)
    assert Path(place.spool).read_bytes() == b"a file in the way"

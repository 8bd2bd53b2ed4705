"""Letters open in their own place with their own key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.vault.errors import CannotOpen, UnknownFormat
from smallwins.vault.letters import PUBLIC_BYTES, load_public_key, open_letter, seal_letter
from smallwins.vault.pages import seal_page
from smallwins.vault.place import Place
from smallwins.vault.root import Root

ALICE, BOB = Root.new(b"a" * 16), Root.new(b"b" * 16)
HERE = Place(ALICE.vault, b"r" * 16, "win", 0, 1)
TEXT = b'{"text":"Drank some water","when":1}'
SEALED = seal_letter(ALICE.public_key, HERE, TEXT)


def test_it_opens_where_it_belongs():
    assert open_letter(ALICE.letterbox, HERE, SEALED).rstrip(b" ") == TEXT


@given(st.binary(max_size=4000).filter(lambda text: not text.endswith(b" ")))
def test_it_gives_back_whatever_was_sealed(text):
    assert open_letter(ALICE.letterbox, HERE, seal_letter(ALICE.public_key, HERE, text)).rstrip(b" ") == text


def test_it_is_never_the_same_twice():
    assert seal_letter(ALICE.public_key, HERE, TEXT) != SEALED


def test_it_hides_which_of_two_short_texts_it_holds():
    assert len(seal_letter(ALICE.public_key, HERE, b'{"text":"x"}')) == len(SEALED)


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(vault=BOB.vault),
        HERE._replace(record=b"q" * 16),
        HERE._replace(kind="thought"),
        HERE._replace(revision=1),
        HERE._replace(generation=2),
    ],
    ids=["vault", "record", "kind", "revision", "generation"],
)
def test_it_does_not_open_in_another_place(elsewhere):
    with pytest.raises(CannotOpen):
        open_letter(ALICE.letterbox, elsewhere, SEALED)


def test_it_does_not_open_with_another_key():
    for stranger in (BOB, Root.new(ALICE.vault, 1), Root(BOB.vault, 1, ALICE.secret)):
        with pytest.raises(CannotOpen):
            open_letter(stranger.letterbox, HERE, SEALED)


@given(st.integers(8, len(SEALED) * 8 - 1))
def test_it_notices_a_flipped_bit_anywhere(bit):
    broken = bytearray(SEALED)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        open_letter(ALICE.letterbox, HERE, bytes(broken))


@given(st.integers(0, len(SEALED) - 1))
def test_it_notices_what_was_cut_off(length):
    with pytest.raises(CannotOpen):
        open_letter(ALICE.letterbox, HERE, SEALED[:length])


def test_it_notices_what_was_added():
    with pytest.raises(CannotOpen):
        open_letter(ALICE.letterbox, HERE, SEALED + b"\0")


@given(st.integers(0, 255).filter(lambda version: version != 1), st.binary(max_size=1500))
def test_it_names_a_format_it_does_not_know(version, rest):
    with pytest.raises(UnknownFormat):
        open_letter(ALICE.letterbox, HERE, bytes((version,)) + rest)


@given(st.binary(max_size=1500))
def test_it_raises_cannot_open_on_any_other_bytes(noise):
    with pytest.raises(CannotOpen):
        open_letter(ALICE.letterbox, HERE, b"\x01" + noise)


def test_it_does_not_take_a_page_for_a_letter():
    with pytest.raises(CannotOpen):
        open_letter(ALICE.letterbox, HERE, seal_page(ALICE, HERE, TEXT))


@pytest.mark.parametrize("length", [0, 32, PUBLIC_BYTES - 1, PUBLIC_BYTES + 1])
def test_it_refuses_a_public_key_of_another_length(length):
    with pytest.raises(ValueError, match="public key"):
        load_public_key(b"k" * length)

"""Pages and older roots open in their own place under their own root, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.vault.errors import CannotOpen, UnknownFormat
from smallwins.vault.letters import seal_letter
from smallwins.vault.pages import Opener, open_older_root, open_page, seal_older_root, seal_page
from smallwins.vault.place import Place
from smallwins.vault.root import Root

ALICE, BOB = Root.new(b"a" * 16, 2), Root.new(b"b" * 16, 2)
OLDER = Root.new(ALICE.vault, 1)
HERE = Place(ALICE.vault, b"r" * 16, "win", 1, 2)
TEXT = b'{"text":"Rested without shame","when":1}'
SEALED = seal_page(ALICE, HERE, TEXT)
SEALED_ROOT = seal_older_root(ALICE, OLDER)


def opener(root, place, sealed):
    return Opener([root]).open(place, sealed)


BOTH = pytest.mark.parametrize("open_it", [open_page, opener], ids=["one", "many"])


@BOTH
def test_it_opens_where_it_belongs(open_it):
    assert open_it(ALICE, HERE, SEALED).rstrip(b" ") == TEXT


@given(st.binary(max_size=4000).filter(lambda text: not text.endswith(b" ")))
def test_it_gives_back_whatever_was_sealed(text):
    assert open_page(ALICE, HERE, seal_page(ALICE, HERE, text)).rstrip(b" ") == text


def test_it_never_uses_a_nonce_twice():
    assert len({seal_page(ALICE, HERE, TEXT)[1:13] for _ in range(1000)}) == 1000


@BOTH
@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(vault=BOB.vault),
        HERE._replace(record=b"q" * 16),
        HERE._replace(kind="thought"),
        HERE._replace(revision=2),
        HERE._replace(generation=1),
    ],
    ids=["vault", "record", "kind", "revision", "generation"],
)
def test_it_does_not_open_in_another_place(open_it, elsewhere):
    with pytest.raises(CannotOpen):
        open_it(ALICE, elsewhere, SEALED)


@BOTH
def test_it_does_not_open_under_another_root(open_it):
    for stranger in (BOB, OLDER, Root.new(ALICE.vault, 2), Root(BOB.vault, 2, ALICE.secret)):
        with pytest.raises(CannotOpen):
            open_it(stranger, HERE, SEALED)


@BOTH
@given(bit=st.integers(8, len(SEALED) * 8 - 1))
def test_it_notices_a_flipped_bit_anywhere(open_it, bit):
    broken = bytearray(SEALED)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        open_it(ALICE, HERE, bytes(broken))


@BOTH
@given(length=st.integers(0, len(SEALED) - 1))
def test_it_notices_what_was_cut_off(open_it, length):
    with pytest.raises(CannotOpen):
        open_it(ALICE, HERE, SEALED[:length])


@BOTH
@given(version=st.integers(0, 255).filter(lambda version: version != 1), rest=st.binary(max_size=300))
def test_it_names_a_format_it_does_not_know(open_it, version, rest):
    with pytest.raises(UnknownFormat):
        open_it(ALICE, HERE, bytes((version,)) + rest)


@BOTH
def test_it_does_not_take_anything_else_for_a_page(open_it):
    for other in (seal_letter(ALICE.public_key, HERE, TEXT), SEALED_ROOT):
        with pytest.raises(CannotOpen):
            open_it(ALICE, HERE, other)


def test_it_opens_pages_of_every_generation_whose_root_is_known():
    earlier = HERE._replace(generation=1)
    many = Opener([ALICE, OLDER])
    assert many.open(earlier, seal_page(OLDER, earlier, TEXT)).rstrip(b" ") == TEXT
    assert many.open(HERE, SEALED).rstrip(b" ") == TEXT


def test_it_gives_an_older_root_back():
    assert open_older_root(ALICE, 1, SEALED_ROOT) == OLDER


def test_it_gives_an_older_root_to_no_other_root():
    for stranger in (BOB, OLDER, Root(ALICE.vault, 3, ALICE.secret), Root(BOB.vault, 2, ALICE.secret)):
        with pytest.raises(CannotOpen):
            open_older_root(stranger, 1, SEALED_ROOT)
    with pytest.raises(CannotOpen):
        open_older_root(ALICE, 0, SEALED_ROOT)


@given(st.integers(8, len(SEALED_ROOT) * 8 - 1))
def test_it_notices_a_flipped_bit_in_an_older_root(bit):
    broken = bytearray(SEALED_ROOT)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        open_older_root(ALICE, 1, bytes(broken))


@given(st.integers(0, len(SEALED_ROOT) - 1))
def test_it_notices_an_older_root_cut_off(length):
    with pytest.raises(CannotOpen):
        open_older_root(ALICE, 1, SEALED_ROOT[:length])


def test_it_names_an_older_root_of_an_unknown_format():
    with pytest.raises(UnknownFormat):
        open_older_root(ALICE, 1, b"\x02" + SEALED_ROOT[1:])


def test_it_shows_no_secret_of_a_root():
    for shown in (repr(ALICE), str(ALICE), f"{ALICE}"):
        assert ALICE.secret.hex() not in shown
        assert repr(ALICE.secret)[2:-1] not in shown
        assert "secret" not in shown


def test_it_makes_every_root_anew():
    assert len({Root.new(b"v" * 16).secret for _ in range(100)}) == 100
    assert len(ALICE.secret) == 32

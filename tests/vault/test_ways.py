"""Ways in: each opens the root with its own secret, and with no other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.vault.errors import CannotOpen, UnknownFormat, WrongSecret
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import (
    ARGON2,
    Lock,
    new_lock,
    new_recovery_code,
    new_token,
    open_proof_key,
    open_root,
    passphrase_secret,
    proof_key,
    prove,
    recovery_secret,
    seal_proof_key,
    seal_root,
)

ROOT = Root.new(b"a" * 16, 2)
SECRET = new_token()
LOCK = new_lock("latch", SECRET)
HERE = Place(ROOT.vault, b"w" * 16, "latch", 0, 2)
SEALED = seal_root(LOCK, HERE, ROOT)


def opened(lock, place, sealed, secret):
    """Opens with the proof that whoever holds this secret would have given."""
    return open_root(lock, place, sealed, secret, prove(proof_key(lock, place.kind, secret), lock, place, sealed))


def test_it_opens_with_its_secret():
    assert opened(LOCK, HERE, SEALED, SECRET) == ROOT


def test_it_hands_a_new_root_on_without_the_secret():
    newer = Root.new(ROOT.vault, 3)
    there = HERE._replace(generation=3)
    assert opened(LOCK, there, seal_root(LOCK, there, newer), SECRET) == newer


@given(st.binary(max_size=64).filter(lambda other: other != SECRET))
def test_it_does_not_open_with_another_secret(other):
    with pytest.raises(WrongSecret):
        opened(LOCK, HERE, SEALED, other)


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(vault=b"b" * 16),
        HERE._replace(record=b"q" * 16),
        HERE._replace(kind="session"),
        HERE._replace(revision=1),
        HERE._replace(generation=3),
    ],
    ids=["vault", "record", "kind", "revision", "generation"],
)
def test_it_does_not_open_in_another_place(elsewhere):
    with pytest.raises(WrongSecret):
        opened(LOCK, elsewhere, SEALED, SECRET)


@given(st.integers(8, len(SEALED) * 8 - 1))
def test_it_notices_a_flipped_bit_anywhere(bit):
    broken = bytearray(SEALED)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WrongSecret):
        opened(LOCK, HERE, bytes(broken), SECRET)


@given(st.integers(0, len(LOCK.salt) * 8 - 1))
def test_it_notices_a_flipped_bit_in_the_salt(bit):
    salt = bytearray(LOCK.salt)
    salt[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WrongSecret):
        opened(Lock(LOCK.public_key, bytes(salt), ""), HERE, SEALED, SECRET)


@given(st.integers(1, len(SEALED) - 1))
def test_it_notices_what_was_cut_off(length):
    with pytest.raises(WrongSecret):
        opened(LOCK, HERE, SEALED[:length], SECRET)


def test_it_does_not_open_nothing_at_all():
    with pytest.raises(CannotOpen):
        opened(LOCK, HERE, b"", SECRET)


@given(st.integers(0, 255).filter(lambda version: version != 1))
def test_it_names_a_format_it_does_not_know(version):
    with pytest.raises(UnknownFormat):
        opened(LOCK, HERE, bytes((version,)) + SEALED[1:], SECRET)


def test_it_stretches_what_a_person_made_up():
    secret = passphrase_secret("a river, two stones")
    lock, place = new_lock("passphrase", secret, guessable=True), HERE._replace(kind="passphrase")
    sealed = seal_root(lock, place, ROOT)
    assert json.loads(lock.cost) == ARGON2 == {"memory_cost": 65536, "iterations": 3, "lanes": 4}
    assert opened(lock, place, sealed, secret) == ROOT
    unstretched = Lock(lock.public_key, lock.salt, "")
    with pytest.raises(WrongSecret):
        opened(unstretched, place, sealed, secret)


def test_it_refuses_a_cost_that_would_exhaust_the_machine():
    greedy = Lock(LOCK.public_key, LOCK.salt, json.dumps(ARGON2 | {"memory_cost": 2**24}))
    with pytest.raises(CannotOpen):
        opened(greedy, HERE, SEALED, SECRET)


@pytest.mark.parametrize(
    "cost",
    [
        "{",
        "[]",
        "3",
        '{"memory_cost":65536}',
        '{"memory_cost":"x","iterations":3,"lanes":4}',
        '{"memory_cost":0,"iterations":3,"lanes":4}',
        '{"memory_cost":65536,"iterations":3,"lanes":-1}',
        '{"memory_cost":65536,"iterations":1000000000,"lanes":4}',
    ],
)
def test_it_raises_only_its_own_errors_on_a_damaged_cost(cost):
    with pytest.raises(CannotOpen):
        opened(Lock(LOCK.public_key, LOCK.salt, cost), HERE, SEALED, SECRET)


def test_it_prints_a_recovery_code_in_groups_of_four():
    groups = new_recovery_code().split(" ")
    assert [len(group) for group in groups] == [4] * 8
    assert set("".join(groups)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@given(st.data())
def test_it_reads_a_recovery_code_however_it_is_typed(data):
    code = new_recovery_code()
    mistaken = code.translate(str.maketrans("OIB", "018")) if data.draw(st.booleans()) else code
    between = data.draw(st.sampled_from(["", " ", "-", " - ", "\n", "\u00a0"]))
    typed = between.join(mistaken.split())
    typed = data.draw(st.sampled_from([str.lower, str.upper, str.title]))(typed)
    assert recovery_secret(f"  {typed} ") == recovery_secret(code)


@given(st.text(max_size=60))
def test_it_says_wrong_secret_to_what_cannot_be_a_code(typed):
    with pytest.raises(WrongSecret):
        recovery_secret(typed)


@pytest.mark.parametrize("typed", ["", "ABCD", "A" * 31, "A" * 33, "A" * 40, "9" * 32, "é" * 32, "=" * 32])
def test_it_takes_only_160_bits_for_a_code(typed):
    with pytest.raises(WrongSecret):
        recovery_secret(typed)


def test_it_reads_a_passphrase_alike_from_every_keyboard():
    assert passphrase_secret("cafe\u0301 ﬁve") == passphrase_secret("caf\u00e9 five")
    assert passphrase_secret("Stones") != passphrase_secret("stones")


@given(st.text(alphabet=st.characters()))
def test_it_takes_any_passphrase_there_is(passphrase):
    assert isinstance(passphrase_secret(passphrase), bytes)


def test_it_opens_nothing_that_somebody_else_sealed_to_the_same_lock():
    """Anybody can seal a root of their own to a public key; only who has the secret, or the root, can prove it."""
    foreign = Root.new(HERE.vault)
    sealed = seal_root(LOCK, HERE, foreign)
    for key in (b"\0" * 32, proof_key(LOCK, HERE.kind, b"another secret")):
        with pytest.raises(WrongSecret):
            open_root(LOCK, HERE, sealed, SECRET, prove(key, LOCK, HERE, sealed))
    ours = prove(proof_key(LOCK, HERE.kind, SECRET), LOCK, HERE, SEALED)
    with pytest.raises(WrongSecret):
        open_root(LOCK, HERE, sealed, SECRET, ours)


def test_it_gives_the_key_of_a_proof_for_no_lock_but_its_own():
    key = proof_key(LOCK, HERE.kind, SECRET)
    sealed = seal_proof_key(ROOT, LOCK, HERE, key)
    assert open_proof_key(ROOT, LOCK, HERE, sealed) == key
    other = new_lock(HERE.kind, b"somebody else's secret")
    for lock, place, root in (
        (Lock(other.public_key, LOCK.salt, LOCK.cost), HERE, ROOT),
        (Lock(LOCK.public_key, other.salt, LOCK.cost), HERE, ROOT),
        (other, HERE, ROOT),
        (LOCK, HERE._replace(record=b"another record.."), ROOT),
        (LOCK, HERE, Root.new(HERE.vault)),
    ):
        with pytest.raises(CannotOpen):
            open_proof_key(root, lock, place, sealed)

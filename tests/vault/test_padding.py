"""Padding hides lengths and changes no document."""

import json

from hypothesis import given
from hypothesis import strategies as st

from smallwins.vault.padding import FLOOR, pad, padded_length

LENGTHS = st.integers(0, 20_000_000)


@given(LENGTHS)
def test_it_never_makes_shorter(length):
    assert padded_length(length) >= length


@given(LENGTHS, LENGTHS)
def test_it_is_monotone(one, other):
    shorter, longer = sorted((one, other))
    assert padded_length(shorter) <= padded_length(longer)


@given(st.integers(FLOOR + 1, 20_000_000))
def test_it_adds_at_most_twelve_percent_above_the_floor(length):
    assert padded_length(length) <= length * 1.12


def test_it_holds_for_every_length_a_win_can_have():
    padded = [padded_length(length) for length in range(90_000)]
    assert padded == sorted(padded)
    assert all(FLOOR <= padded[length] <= max(FLOOR, length * 1.12) for length in range(90_000))


def test_it_makes_every_short_text_alike():
    assert {padded_length(length) for length in range(FLOOR + 1)} == {FLOOR}


def test_it_leaves_few_lengths_to_tell_apart():
    assert len({padded_length(length) for length in range(90_000)}) < 150


@given(LENGTHS)
def test_it_changes_nothing_that_is_padded_already(length):
    assert padded_length(padded_length(length)) == padded_length(length)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=400), max_size=5))
def test_it_leaves_a_json_document_what_it_is(document):
    text = json.dumps(document).encode()
    padded = pad(text)
    assert len(padded) == padded_length(len(text))
    assert json.loads(padded) == document

"""A win that two devices changed, or three."""

import pytest

from tests.wins.two_devices import edit, form_of


@pytest.fixture
def win(alice):
    return alice.has("As it was", marks=("later",), source="abc")


@pytest.fixture
def two(win, alice):
    """What was changed on two devices: the first of the two."""
    here, there = form_of(alice, win), form_of(alice, win)
    edit(alice, win, there, text="From there", before="said nothing")
    edit(alice, win, here, text="From here", own_kind="my garden", hard="on")
    return win


@pytest.fixture
def three(two, alice):
    edit(alice, two, form_of(alice, two), text="From there", revision="1", before="given up")
    return two

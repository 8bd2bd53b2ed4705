"""The catalogue of what counts: whole, short, and in our words."""

import re

import pytest

from smallwins.wins import catalogue
from smallwins.wins.draft import MOST_KIND_CHARACTERS

ESSAYS = ("bed", "water", "rested", "paused", "said_no", "asked", "laughed", "through")


def test_it_has_kinds_with_wins_each():
    assert len(catalogue.kinds()) > 3
    for kind in catalogue.kinds().values():
        assert (kind.name.strip(), kind.about.strip()) != ("", "")
        assert kind.taps


def test_every_id_is_there_once():
    ids = [tap.id for kind in catalogue.kinds().values() for tap in kind.taps]
    texts = [tap.text.casefold() for tap in catalogue.taps().values()]
    assert (len(ids), len(texts)) == (len(set(ids)), len(set(texts)))
    assert len({kind.name for kind in catalogue.kinds().values()}) == len(catalogue.kinds())


@pytest.mark.parametrize("tap", catalogue.taps().values(), ids=lambda tap: tap.id)
def test_a_tap_fits_on_a_button_and_says_i(tap):
    assert len(tap.text) <= 40
    assert tap.kind in catalogue.kinds()
    assert re.fullmatch(r"I\b[^.!?…]*", tap.text)
    assert re.fullmatch(r"[a-z_]+", tap.id)  # never mistaken for an own one, which has 32 hex digits
    assert not re.fullmatch(r"[0-9a-f]{32}", tap.id)


def test_a_kind_is_short_enough_to_be_kept():
    assert all(len(kind) <= MOST_KIND_CHARACTERS for kind in catalogue.kinds())


def test_the_first_ones_are_the_essays_own():
    assert {tap.id for tap in catalogue.first_taps()} >= set(ESSAYS)
    assert len(catalogue.first_taps()) <= 12


def test_a_kind_of_the_person_is_named_as_they_wrote_it():
    assert catalogue.kind_name("my Garden") == "my Garden"
    assert catalogue.kind_name("") == ""
    assert catalogue.kind_name("rest") == catalogue.kinds()["rest"].name

"""Which wins are versions of one, whatever stands beside what."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.wins.draft import Draft
from smallwins.wins.shelf import Win, WinShelf
from smallwins.wins.versions import MOST, versions_of_all

RECORDS = [bytes([number]) * 16 for number in range(9)]
A, B, C, D = RECORDS[:4]


@pytest.mark.parametrize(
    ("beside", "there", "found"),
    [
        ({}, [A, B], []),
        ({B: A}, [A, B], [[A, B]]),
        ({B: A, C: A}, [A, B, C], [[A, B, C]]),
        ({B: A, C: B, D: C}, [A, B, C, D], [[A, B, C, D]]),
        ({B: A}, [B], []),
        ({B: A, C: A}, [B, C], [[B, C]]),
        ({B: A, C: B}, [B, C], [[B, C]]),
        ({A: A}, [A], []),
        ({A: B, B: A}, [A, B], [[A, B]]),
        ({A: B, B: C, C: A, D: B}, [A, B, C, D], [[A, B, C, D]]),
        ({B: A, D: C}, [A, B, C, D], [[A, B], [C, D]]),
    ],
    ids=[
        "none",
        "two",
        "three",
        "chain",
        "alone",
        "two of three",
        "end of a chain",
        "itself",
        "circle",
        "loop",
        "pairs",
    ],
)
def test_it_finds_what_belongs_together(beside, there, found):
    versions = versions_of_all(beside, there)
    assert versions == {record: together for together in found for record in together}


@given(st.dictionaries(st.sampled_from(RECORDS), st.sampled_from(RECORDS)), st.sets(st.sampled_from(RECORDS)))
def test_it_says_the_same_of_all_that_belong_together(beside, others):
    there = others | beside.keys()
    versions = versions_of_all(beside, there)
    for record, together in versions.items():
        assert record in together
        assert 1 < len(together) == len(set(together))
        assert set(together) <= there
        assert all(versions[other] is together for other in together)
    for record, other in beside.items():
        if other in there and other != record:
            assert other in versions[record]


def test_it_shows_only_so_many_together():
    """However many a file claims; the others are there, as wins of their own."""
    many = {number.to_bytes(16, "big"): A for number in range(1, 50_000)}
    versions = versions_of_all(many, {A, *many})
    assert len(versions) == len(versions[A]) == MOST


def test_it_comes_to_the_end_of_the_longest_chain():
    chain = {number.to_bytes(16, "big"): (number + 1).to_bytes(16, "big") for number in range(50_000)}
    assert len(versions_of_all(chain, chain)) == MOST


@pytest.mark.parametrize("seed", range(5))
def test_a_shelf_knows_what_belongs_together_after_any_changes(seed):
    chance, shelf, there = random.Random(seed), WinShelf(), {}
    for number in range(300):
        record = chance.choice(RECORDS)
        if chance.random() < 0.3:
            shelf.drop(record)
            there.pop(record, None)
        else:
            beside = chance.choice(["", *(other.hex() for other in RECORDS[:3] if other != record)])
            given = Draft("x", number, beside=beside)
            shelf.put([(record, number, given.as_json())])
            there[record] = Win(record, number, *given)
        shelf.settle()
        links = {win.record: bytes.fromhex(win.beside) for win in there.values() if win.beside}
        expected = versions_of_all(links, there)
        for win in there.values():
            assert shelf.versions(win) == [there[other] for other in expected.get(win.record, [win.record])]


def test_a_shelf_names_a_page_whose_link_is_no_record():
    shelf = WinShelf()
    good = (A, 1, Draft("x", 1).as_json())
    assert shelf.put([good, (B, 1, Draft("y", 1, beside="no record").as_json())]) == [B]
    shelf.settle()
    assert [win.record for win in shelf.index.wins] == [A]

"""Finding texts by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.language.fold import fold
from smallwins.language.look_up import Texts, allowed_slips, terms

TEXTS = [
    "Walked to the river",
    "Said no to him, and meant it",
    "A walk with Café Müller in mind",
    "To him I said: no",
    "Rested without shame",
    "The Straße was quiet",
    "Called my sister",
]


def found(query: str, texts: list[str] = TEXTS) -> list[str]:
    return [texts[position] for position in Texts(texts).find(query)]


def test_it_finds_words_in_any_order():
    assert found("him no") == found("no him") == [TEXTS[1], TEXTS[3]]


def test_it_wants_every_word():
    assert found("walk river") == [TEXTS[0]]
    assert found("walk sister") == []


def test_it_finds_the_start_of_a_word_and_not_its_middle():
    assert found("wal") == [TEXTS[0], TEXTS[2]]
    assert found("alk") == []
    assert found("walked") == [TEXTS[0]]


@pytest.mark.parametrize("quotes", ['""', "“”", "„“", "«»"])
def test_it_finds_a_phrase_in_quotes(quotes):
    assert found(f"{quotes[0]}to him{quotes[1]} no") == [TEXTS[1], TEXTS[3]]
    assert found(f"{quotes[0]}no to him{quotes[1]}") == [TEXTS[1]]
    assert found(f"{quotes[0]}him to{quotes[1]}") == []


def test_it_finds_no_phrase_across_two_texts():
    assert found('"river said"') == []


@pytest.mark.parametrize("query", ["CAFE", "café", "cafe\u0301", "ＣＡＦＥ", "muller", "MÜLLER"])
def test_it_folds_accents_and_case(query):
    assert found(query) == [TEXTS[2]]


def test_it_folds_what_changes_its_length():
    assert found("strasse") == found("STRAßE") == [TEXTS[5]]
    assert found("istanbul", ["İstanbul"]) == ["İstanbul"]
    assert found("οδος", ["ΟΔΟΣ"]) == ["ΟΔΟΣ"]


@pytest.mark.parametrize("slip", ["sitser", "siser", "sistter", "sister", "sixter"])
def test_it_forgives_one_slip(slip):
    assert found(slip) == [TEXTS[6]]


def test_it_forgives_two_slips_in_a_long_word():
    texts = ["Understanding came late"]
    assert found("undrstandin", texts) == found("udnerstandign", texts) == texts
    assert found("undrstndin", texts) == []


def test_it_forgives_only_one_in_a_word_of_seven():
    assert found("walkked", ["walked"]) == ["walked"]
    assert found("wwalkkd", ["walked"]) == []


@pytest.mark.parametrize(
    ("term", "slips"), [("abc", 0), ("abcd", 1), ("abcdefg", 1), ("abcdefgh", 2), ("a long phrase", 0)]
)
def test_it_allows_slips_by_the_length_of_a_word(term, slips):
    assert allowed_slips(term) == slips


def test_it_forgives_none_in_a_short_word():
    assert found("hin") == []


def test_it_prefers_the_word_as_it_was_typed():
    texts = ["I had rest", "a nest"]
    assert found("rest", texts) == ["I had rest"]
    assert found("zest", texts) == texts


@pytest.mark.parametrize("query", ["", "   ", "…", '""', "“ ”", "🙂", "\0", "_"])
def test_it_finds_nothing_where_nothing_is_asked(query):
    assert found(query) == []
    assert terms(query) == []


def test_it_finds_nothing_among_nothing():
    assert found("x", []) == []
    assert found("sister", ["", "🙂"]) == []


def test_it_answers_in_the_order_of_the_texts():
    texts = [f"win {number}" for number in range(50)]
    assert found("win", texts) == texts


def test_it_stops_when_nobody_asks_for_more():
    search = Texts(["walk"] * 200_000).find("walk")
    assert [next(search), next(search)] == [0, 1]


def test_it_knows_the_terms_of_a_query():
    assert terms('no "to him" No, “À la carte”') == ["to him", "a la carte", "no"]
    assert len(terms(" ".join(f"word{number}" for number in range(1000)))) == 12


def plainly(query: str, texts: list[str]) -> list[int] | None:
    """The obvious way, for terms that occur as they are written; None where some term does not occur at all."""
    wanted = terms(query)
    spaced = [f" {fold(text)} " for text in texts]
    if not wanted:
        return []
    if not all(any(f" {term}" in text for text in spaced) for term in wanted):
        return None
    return [number for number, text in enumerate(spaced) if all(f" {term}" in text for term in wanted)]


ALPHABET = "abAB éß\n.'\""


@given(st.lists(st.text(ALPHABET, max_size=20), max_size=12), st.text(ALPHABET, max_size=10))
def test_it_finds_what_the_obvious_way_finds(texts, query):
    expected = plainly(query, texts)
    answer = list(Texts(texts).find(query))
    if expected is not None:
        assert answer == expected
    else:
        # Some word was written nowhere: only a slip of the hand can explain it.
        assert not answer or any(allowed_slips(term) for term in terms(query))


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=20))
def test_it_never_answers_twice_nor_out_of_order_nor_out_of_range(texts, query):
    answer = list(Texts(texts).find(query))
    assert answer == sorted(set(answer))
    assert all(0 <= position < len(texts) for position in answer)


@given(st.lists(st.text("abcdefgh ", min_size=1, max_size=30), min_size=1, max_size=8), st.data())
def test_it_finds_every_text_by_each_of_its_words(texts, data):
    position = data.draw(st.integers(0, len(texts) - 1))
    for word in texts[position].split():
        assert position in set(Texts(texts).find(word))


@pytest.mark.parametrize(
    "query",
    [
        ".*",
        "(((((",
        "[a-",
        "a{99999}",
        "\\",
        "$^|?+*",
        '"' * 400,
        "“" * 401,
        "\0",
        "a\0b",
        "\n\n",
        "\ud800",
        "a" * 100_000,
        "ab " * 50_000,
        "\u202e\u200f\ufeff",
        "(?P<x>a)" * 50,
    ],
    ids=lambda query: repr(query[:8]),
)
def test_it_takes_hostile_queries_for_words(query):
    assert set(found(query)) <= set(TEXTS)


def test_it_takes_signs_of_a_pattern_for_no_pattern():
    assert found("r.ver") == []
    assert found("walk.*river") == [TEXTS[0]]
    assert found("(walk|river)") == [TEXTS[0]]

"""Words made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.language.fold import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Café, at LAST", "cafe at last"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("İstanbul", "istanbul"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("ﬁve", "five"),
        ("Ёлка", "елка"),
        ("𝐁𝐨𝐥𝐝", "bold"),
        ("№ ５", "no 5"),
        ("snake_case__here", "snake case here"),
        ("don't", "don t"),
        ("a\n\tb\r\nc", "a b c"),
        ("a\0b", "a b"),
        ("  …!?  ", ""),
        ("👩‍👧 🙂", ""),
        ("שלום", "שלום"),
        ("2026-03-14", "2026 03 14"),
        ("", ""),
    ],
)
def test_it_folds(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_it_leaves_single_spaces_and_none_at_the_ends(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())


@given(st.text(alphabet="aZéÉßİıσςΣＡﬁ№𝐁 \n'-_.\u0301"))
def test_it_changes_nothing_twice(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_it_folds_plain_letters_as_it_folds_all_others(text):
    assert fold(text + " é") == f"{fold(text)} e".strip()


def test_it_keeps_a_word_of_any_script_in_one_piece():
    for word in ("हिन्दी", "ภาษาไทย", "தமிழ்", "한국어", "עִבְרִית", "العَرَبِيَّة"):
        assert len(fold(word).split()) == 1

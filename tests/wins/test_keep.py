"""Keeping a win from the page."""

import pytest

pytestmark = pytest.mark.database


def test_it_honors_the_win_on_the_answer_itself(alice):
    answer = alice.keep("Called my sister back")
    assert answer.status_code == 200
    assert "Called my sister back" in answer.content.decode()
    assert "That counts." in answer.content.decode()
    assert alice.texts == ["Called my sister back"]


def test_it_keeps_while_locked_and_shows_the_win_after(alice):
    alice.lock()
    answer = alice.keep("Drank some water")
    assert answer.status_code == 200
    assert "Drank some water" in answer.content.decode()
    assert alice.browser.get("/wins/").status_code == 302
    alice.open_browser()
    assert "Drank some water" in alice.browser.get("/wins/").content.decode()


def test_it_keeps_nothing_twice_when_the_page_is_reloaded(alice):
    for _ in range(3):
        alice.keep("Once", form_key="one form")
    alice.lock()
    alice.keep("Once", form_key="one form")
    assert alice.texts == ["Once"]


def test_it_keeps_other_words_from_the_same_form_too(alice):
    alice.keep("First words", form_key="one form")
    alice.keep("Other words", form_key="one form")
    assert sorted(alice.texts) == ["First words", "Other words"]

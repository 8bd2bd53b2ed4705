"""What another app shares with us goes into the field, and is not kept before somebody presses the button."""

import pytest
from django.test import Client

from tests.web import html

pytestmark = pytest.mark.database


def share(browser: Client, **parts: str):
    return browser.post("/shared/", parts)


def test_it_puts_the_words_into_the_field_and_keeps_nothing(alice):
    page = share(alice.browser, title="A song", text="for me", url="https://example.org/?a=1&b=2")
    form = html(page).form_with("text")
    assert form["text"] == "A song\nfor me\nhttps://example.org/?a=1&b=2"
    assert alice.texts == []
    alice.browser.post("/", form)
    assert alice.texts == ["A song\nfor me\nhttps://example.org/?a=1&b=2"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, ""),
        ({"text": "Only this"}, "Only this"),
        ({"title": "Same", "text": "Same"}, "Same"),
        ({"title": "  ", "text": "<script>x</script>"}, "<script>x</script>"),
    ],
)
def test_it_takes_what_there_is(parts, words, charlie, alice):
    page = share(charlie, **parts)
    assert page.status_code == 200
    assert html(page).form_with("text")["text"] == words


def test_it_works_locked_and_from_another_app(alice):
    alice.lock()
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/shared/", {"text": "From elsewhere"}, headers={"origin": "null"})
    assert html(page).form_with("text")["text"] == "From elsewhere"
    assert not Client().get("/").context["unlocked"]


def test_it_goes_to_today_when_it_is_only_looked_at(alice):
    assert alice.browser.get("/shared/", {"text": "not from an address"})["Location"] == "/"

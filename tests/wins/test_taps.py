"""One tap keeps a win: at most two actions, locked or not, the person's own first."""

import pytest

from smallwins.wins import catalogue
from tests.web import html

pytestmark = pytest.mark.database


def buttons(page) -> list[str]:
    return [given["value"] for given in html(page).all("button") if given.get("name") == "tap"]


def add(alice, text: str, kind: str = ""):
    return alice.browser.post("/what-counts/", {"text": text, "kind": kind})


def own(alice) -> list[str]:
    return [tap.text for tap in alice.browser.get("/").context["taps"] if len(tap.id) == 32]


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("tap", ["bed", "rested_no_sorry"])
def test_it_keeps_with_one_press_on_the_first_page(tap, locked, alice):
    """Two actions: opening the page, and pressing."""
    if locked:
        alice.lock()
    page = alice.browser.get("/")
    assert tap in buttons(page)
    fields = next(
        form["fields"] for form in html(page).forms if "form_key" in form["fields"] and "text" not in form["fields"]
    )
    answer = alice.browser.post("/", fields | {"tap": tap})
    kept = catalogue.taps()[tap]
    assert (answer.status_code, kept.text in answer.content.decode()) == (200, True)
    alice.open_browser()
    assert [(win.text, win.draft.kind) for win in alice.wins] == [(kept.text, kept.kind)]


def test_it_keeps_two_taps_of_the_same_page_and_each_once(alice):
    for tap in ("bed", "water", "bed"):
        alice.browser.post("/", {"tap": tap, "form_key": "one form"})
    assert sorted(alice.texts) == sorted(catalogue.taps()[tap].text for tap in ("bed", "water"))


def test_it_offers_every_win_of_the_catalogue_once(alice):
    offered = buttons(alice.browser.get("/"))
    assert sorted(offered) == sorted(catalogue.taps())
    assert offered[: len(catalogue.first_taps())] == [tap.id for tap in catalogue.first_taps()]


def test_its_own_come_first_and_keep_with_their_kind(alice):
    assert add(alice, "  Fed the cat ", "care" if "care" in catalogue.kinds() else "rest").status_code == 302
    page = alice.browser.get("/")
    first = page.context["taps"][0]
    assert (first.text, buttons(page)[0]) == ("Fed the cat", f"{first.id} Fed the cat")
    alice.browser.post("/", {"tap": first.id, "form_key": "k"})
    assert [(win.text, win.draft.kind) for win in alice.wins] == [("Fed the cat", first.kind)]


def test_the_kinds_a_person_returns_to_come_first(alice):
    usual = [tap.kind for tap in catalogue.first_taps()]
    first, last = usual[0], [kind for kind in usual if kind != usual[0]][-1]
    for number in range(3):
        alice.has(f"win {number}", kind=last)
    alice.has("another", kind=first)
    order = [tap.kind for tap in alice.browser.get("/").context["taps"]]
    assert order[0] == last
    assert sorted(order) == sorted(usual)
    assert order[: usual.count(last) + 1] == [last] * usual.count(last) + [first]


def test_it_shows_no_own_tap_while_locked(alice):
    add(alice, "Fed the cat")
    alice.lock()
    assert own(alice) == []
    assert "cat" not in alice.browser.get("/").content.decode()
    alice.open_browser()
    assert own(alice) == ["Fed the cat"]


def test_it_keeps_an_own_tap_pressed_on_a_page_from_before_a_lock(alice):
    """Keeping asks nothing, locked or not; and whoever pressed has no words in a field to send again."""
    add(alice, "Fed the cat")
    tap = buttons(alice.browser.get("/"))[0]
    alice.lock()
    answer = alice.browser.post("/", {"tap": tap, "form_key": "k"})
    alice.open_browser()
    assert (answer.status_code, alice.texts) == (200, ["Fed the cat"])


def test_it_keeps_what_was_pressed_where_the_tap_was_removed_in_another_tab(alice):
    add(alice, "Fed the cat")
    tap = buttons(alice.browser.get("/"))[0]
    alice.browser.post("/what-counts/", {"remove": tap.partition(" ")[0]})
    answer = alice.browser.post("/", {"tap": tap, "form_key": "k"})
    assert (answer.status_code, alice.texts) == (200, ["Fed the cat"])


def test_it_removes_the_one_that_was_meant(alice):
    for text in ("Fed the cat", "Fed the dog"):
        add(alice, text)
    cat = next(tap for tap in alice.browser.get("/").context["taps"] if tap.text == "Fed the cat")
    assert alice.browser.post("/what-counts/", {"remove": cat.id}).status_code == 302
    assert own(alice) == ["Fed the dog"]
    for nothing in (cat.id, "bed", "zz", ""):
        assert alice.browser.post("/what-counts/", {"remove": nothing}).status_code < 500
    assert own(alice) == ["Fed the dog"]


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [("", "", "text"), (" \n", "", "text"), ("x" * 81, "", "text"), ("Fed the cat", "no such kind", "kind")],
)
def test_it_refuses_in_a_sentence_and_keeps_what_was_typed(text, kind, field, alice):
    answer = add(alice, text, kind)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert html(answer).form_with("text")["text"].strip() == text.strip()
    assert own(alice) == []


def test_its_words_are_the_persons_own(alice):
    words = "<b>Fütterte</b> die Katze 🐈 & „mehr“"
    add(alice, words)
    assert own(alice) == [words]
    assert not html(alice.browser.get("/")).all("b")
    assert not html(alice.browser.get("/what-counts/")).all("b")


def test_it_takes_no_tap_for_a_win_and_no_win_for_a_tap(alice):
    """Records are bound to their kind."""
    win = alice.has("Kept")
    add(alice, "Fed the cat")
    tap = buttons(alice.browser.get("/"))[0]
    assert alice.browser.get(f"/wins/{tap}/").status_code == 404
    assert alice.browser.post(f"/wins/{tap}/delete/").status_code == 404
    alice.browser.post("/what-counts/", {"remove": win.record.hex()})
    assert (alice.texts, own(alice)) == (["Kept"], ["Fed the cat"])

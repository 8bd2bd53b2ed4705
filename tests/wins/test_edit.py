"""Changing a win: its words, its moment, its kind, its marks. Two devices that change the same one: test_beside.py."""

import pytest
from django.urls import reverse

from smallwins.book import actions as book
from smallwins.book.models import Page
from smallwins.wins import actions
from tests.web import html

pytestmark = pytest.mark.database


def path(win) -> str:
    return reverse("wins:edit", args=[win.record])


def form_of(alice, win) -> dict[str, str]:
    return html(alice.browser.get(path(win))).form_with("revision")


def now(alice, win):
    return next(each for each in alice.wins if each.record == win.record)


def test_it_changes_nothing_when_saved_untouched(alice):
    win = alice.has("As it was\nin two lines", kind="rest", marks=("hard", "later"), before="been silent", source="abc")
    assert alice.browser.post(path(win), form_of(alice, win)).status_code == 302
    changed = now(alice, win)
    assert (changed.draft, changed.revision) == (win.draft, win.revision + 1)


def test_it_keeps_a_leading_blank_line_and_odd_words_through_the_form(alice):
    win = alice.has("</textarea><script>&amp; “quotes”\n\n\nend")
    alice.browser.post(path(win), form_of(alice, win))
    assert now(alice, win).text == win.text


@pytest.mark.parametrize(
    ("typed", "is_now"),
    [
        ({"text": "Other words"}, {"text": "Other words"}),
        ({"before": "stayed in bed"}, {"before": "stayed in bed"}),
        ({"hard": "on"}, {"marks": ("hard",)}),
        ({"kind": "rest"}, {"kind": "rest"}),
        ({"own_kind": "  my \n garden "}, {"kind": "my garden"}),
        ({"kind": "rest", "own_kind": "my garden"}, {"kind": "my garden"}),
        ({"kind": ""}, {"kind": ""}),
    ],
)
def test_it_changes_what_was_typed_and_nothing_else(typed, is_now, alice):
    win = alice.has("As it was")
    assert alice.browser.post(path(win), form_of(alice, win) | typed).status_code == 302
    assert now(alice, win).draft == win.draft._replace(**is_now)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ({"day": "2026-02-01"}, "2026-02-01T18:30:00+00:00"),
        ({"time": "07:05"}, "2026-03-14T07:05:00+00:00"),
        ({"day": "2026-02-01", "time": ""}, "2026-02-01T12:00:00+00:00"),
        ({"time": ""}, "2026-03-14T18:30:00+00:00"),
    ],
)
def test_it_says_when_it_was(typed, moment, alice):
    win = alice.has("As it was")
    assert alice.browser.post(path(win), form_of(alice, win) | typed).status_code == 302
    assert now(alice, win).draft.moment().isoformat() == moment


def test_it_shows_the_time_that_was_typed_in_summer_too(alice):
    win = alice.has("As it was")
    alice.browser.post(path(win), form_of(alice, win) | {"day": "2025-07-14", "time": "09:00"})
    shown = html(alice.browser.get(path(win))).form_with("day")
    assert (shown["day"], shown["time"]) == ("2025-07-14", "09:00")
    assert now(alice, win).draft.moment().isoformat()[:19] == "2025-07-14T09:00:00"


def test_it_offers_the_kinds_a_person_has_made(alice):
    alice.has("In the beds", kind="my garden")
    win = alice.has("As it was")
    assert ("my garden", "my garden") in alice.browser.get(path(win)).context["form"].fields["kind"].choices


def test_it_keeps_an_own_kind_that_is_used_no_more_by_the_newest(alice):
    """A kind beyond the twenty most used, or beyond the last five hundred wins, is no reason to lose it."""
    win = alice.has("As it was", kind="my garden")
    for number in range(25):
        for _ in range(2):
            alice.has(f"Another {number} {_}", kind=f"kind {number}")
    assert alice.browser.post(path(win), form_of(alice, win) | {"text": "As it is"}).status_code == 302
    assert now(alice, win).draft == win.draft._replace(text="As it is")


def test_it_marks_as_hard_and_takes_the_mark_off(alice):
    win = alice.has("As it was", marks=("later",))
    hard = reverse("wins:hard", args=[win.record])
    assert alice.browser.post(hard)["Location"] == reverse("wins:win", args=[win.record])
    assert now(alice, win).draft.marks == ("hard", "later")
    alice.browser.post(hard)
    assert now(alice, win).draft.marks == ("later",)


def test_it_marks_what_another_tab_has_just_changed(alice):
    win = alice.has("As it was")
    alice.browser.post(path(win), form_of(alice, win) | {"text": "Changed"})
    alice.browser.post(reverse("wins:hard", args=[win.record]))
    assert (now(alice, win).text, now(alice, win).draft.hard) == ("Changed", True)


@pytest.mark.parametrize("marks", [(), ("hard",)])
def test_it_marks_the_newest_as_the_older_one_was_to_be(marks, alice):
    win = alice.has("As it was", marks=marks)
    alice.browser.post(path(win), form_of(alice, win) | {"text": "Changed"})
    actions.toggle_hard(alice.reader, win)
    assert (now(alice, win).text, now(alice, win).draft.hard) == ("Changed", not marks)


@pytest.mark.parametrize("revision", [0, 2, 3])
def test_it_takes_only_the_newest_revision(revision, alice):
    win = alice.has("As it was")
    with pytest.raises(book.Stale):
        actions.change(alice.reader, win, win.draft._replace(text="Other"), revision)
    assert (now(alice, win).text, Page.objects.get().revision) == ("As it was", 1)


def test_an_older_copy_of_a_row_cannot_be_put_back_as_the_newest(alice):
    """The revision is bound: an old sealed text under a newer revision does not open."""
    from smallwins.book.memory import close_book

    win = alice.has("As it was")
    old = bytes(Page.objects.get().sealed)
    alice.browser.post(path(win), form_of(alice, win) | {"text": "As it is"})
    Page.objects.update(sealed=old)
    close_book(alice.vault_id)
    assert alice.texts == []
    assert alice.browser.get("/wins/").context["unreadable"] == [win.record.hex()[:8]]

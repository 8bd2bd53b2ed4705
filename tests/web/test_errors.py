"""When something is not as it should be: the right status, a clear sentence, and the words handed back or kept."""

import io
import logging
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.urls import reverse

from smallwins.home import spool
from smallwins.home.letterbox import Letterbox
from smallwins.vault.root import Root
from smallwins.web.logs import WithoutWords
from tests.web import html

pytestmark = pytest.mark.database

EDGES = "\x00 \t\r\n\u2003"
FORM = "application/x-www-form-urlencoded"


def strict(alice) -> Client:
    """Alice's browser as it is in truth: forms need their token."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies = alice.browser.cookies
    return browser


def loose(alice) -> Client:
    """Alice's browser, answered with the page that a real one would get where a view raises."""
    browser = Client(raise_request_exception=False)
    browser.cookies = alice.browser.cookies
    return browser


def shown(answer) -> str:
    return "".join(words for _, words in html(answer).text)


def raises(error: Exception):
    def broken(*_args, **_others):
        raise error

    return broken


# --- Stale forms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locked", [False, True])
def test_it_hands_the_words_of_a_stale_form_back_in_a_field_that_works(locked, alice):
    browser = strict(alice)
    if locked:
        alice.lock()
    answer = browser.post("/", {"text": "Wrote\nto <Ana>", "form_key": "k", "csrfmiddlewaretoken": "of yesterday"})
    assert answer.status_code == 403
    fields = html(answer).form_with("text")
    assert fields["text"] == "Wrote\nto <Ana>"
    assert browser.post("/", fields).status_code == 200
    alice.open_browser()
    assert alice.texts == ["Wrote\nto <Ana>"]


def test_it_hands_the_words_back_to_a_browser_that_comes_without_a_cookie(alice):
    alice.lock()
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/", {"text": "Wrote to Ana", "form_key": "k"})
    assert answer.status_code == 403
    assert browser.post("/", html(answer).form_with("text")).status_code == 200
    alice.open_browser()
    assert alice.texts == ["Wrote to Ana"]


def test_it_hands_every_word_of_a_stale_edit_back(alice):
    record = alice.has("Before the edit").record
    typed = {"text": "After the edit", "before": "hidden away all day", "own_kind": "my garden", "revision": 1}
    answer = strict(alice).post(reverse("wins:edit", args=[record]), typed)
    assert answer.status_code == 403
    assert "After the edit" in shown(answer)
    assert "hidden away all day" in shown(answer)


def test_it_hands_the_words_back_when_the_win_was_deleted_in_another_tab(alice):
    record = alice.has("Before the edit").record
    alice.browser.post(reverse("wins:delete", args=[record]))
    typed = {"text": "After the edit", "day": "2026-03-14", "revision": 1}
    answer = alice.browser.post(reverse("wins:edit", args=[record]), typed)
    assert (answer.status_code, "After the edit" in shown(answer)) == (404, True)


def test_it_hands_the_words_back_where_an_edit_is_sent_after_a_lock(alice):
    record = alice.has("Before the edit").record
    alice.lock()
    typed = {"text": "After the edit", "day": "2026-03-14", "revision": 1}
    answer = alice.browser.post(reverse("wins:edit", args=[record]), typed, follow=True)
    assert "After the edit" in shown(answer)


# --- Bad bodies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=x"])
def test_it_says_so_where_the_body_is_over_the_limit(content_type, alice):
    words = b"x" * 13_000_000
    body = b"text=" + words
    if content_type != FORM:
        body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + words + b"\r\n--x--\r\n"
    answer = strict(alice).post("/", body, content_type=content_type)
    assert answer.status_code == 413
    assert "more than fits" in shown(answer)
    assert alice.texts == []


def test_it_says_so_where_a_file_is_over_the_limit(alice, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    file = SimpleUploadedFile("wins.txt", b"Drank some water\n" * 100)
    answer = alice.browser.post(reverse("portability:import"), {"file": file})
    assert answer.status_code == 413
    assert "choose a file" not in shown(answer)
    assert alice.texts == []


def test_it_says_so_where_there_are_too_many_fields(alice):
    fields = {f"field{number}": "x" for number in range(200)}
    answer = alice.browser.post("/", {"text": "words", **fields})
    assert answer.status_code in (400, 413)
    assert html(answer).words_in("h1")


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param(b"text=Rested%00%00+a+while", "Rested a while", id="nul"),
        pytest.param(b"text=Rested+%ED%A0%80", "Rested \ufffd\ufffd\ufffd", id="lone surrogate"),
        pytest.param(b"text=%FF%FE", "\ufffd\ufffd", id="not utf-8"),
        pytest.param("text=שתיתי מים".encode(), "שתיתי מים", id="rtl"),
        pytest.param("text=\u202eupside down".encode(), "\u202eupside down", id="override"),
        pytest.param("text=👩‍👩‍👧 🏳️‍🌈".encode(), "👩‍👩‍👧 🏳️‍🌈", id="emoji"),
        pytest.param("text=e\u0301".encode(), "e\u0301", id="combining"),
        pytest.param(b"text=++Rested%0D%0Aa+while%0D%0A", "Rested\na while", id="lines"),
        pytest.param(b"text=<b>%26amp;", "<b>&amp;", id="markup"),
        pytest.param(b"text=one&text=two", "two", id="twice"),
    ],
)
@pytest.mark.parametrize("locked", [False, True])
def test_it_keeps_odd_words(body, kept, locked, alice):
    if locked:
        alice.lock()
    answer = alice.browser.post("/", body + b"&form_key=k", content_type=FORM)
    assert answer.status_code == 200
    assert kept in shown(answer)
    alice.open_browser()
    assert alice.texts == [kept]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param({"text": ""}, 400, id="empty"),
        pytest.param({"text": " \t\r\n\u2003"}, 400, id="blank"),
        pytest.param({"text": "\x00"}, 400, id="only nul"),
        pytest.param({}, 400, id="nothing"),
        pytest.param({"tap": "no such tap"}, 400, id="unknown tap"),
        pytest.param({"tap": "\x00"}, 400, id="nul tap"),
        pytest.param({"text": "One word too many " * 60_000}, 400, id="1 MB"),
    ],
)
@pytest.mark.parametrize("locked", [False, True])
def test_it_refuses_in_a_sentence_and_the_next_try_works(data, status, locked, alice):
    if locked:
        alice.lock()
    answer = alice.browser.post("/", {"form_key": "k", **data})
    assert answer.status_code == status
    read = html(answer)
    assert any(given.get("role") == "alert" for _, given in read.tags)
    fields = read.form_with("text")
    assert fields["text"].strip(EDGES) == data.get("text", "").strip(EDGES)
    again = alice.browser.post("/", fields | {"text": fields["text"][:100].strip(EDGES) or "Other words"})
    assert again.status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 65, "ключ 💧"])
@pytest.mark.parametrize("locked", [False, True])
def test_it_keeps_from_a_form_without_a_proper_key(key, locked, alice):
    if locked:
        alice.lock()
    for _ in range(2):
        assert alice.browser.post("/", {"text": "Kept words", "form_key": key}).status_code == 200
    alice.open_browser()
    assert set(alice.texts) == {"Kept words"}
    assert len(alice.texts) == (1 if key else 2)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"text": "Kept words"}', "application/json"),
        (b"\x00\xff\xfe", "text/plain"),
        (b"--x\r\ncut off", "multipart/form-data; boundary=x"),
        (b"no boundary", "multipart/form-data"),
        (b"", FORM),
    ],
)
def test_it_answers_a_body_of_another_type(body, content_type, alice):
    for path in ("/", "/wins/search/", "/what-counts/", "/take-away/import/", "/unlock/", "/sessions/"):
        answer = alice.browser.post(path, body, content_type=content_type)
        assert answer.status_code < 500, path
        assert alice.browser.get("/wins/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "14.3.2026"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "0000-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "2026-03-16"}, "day"),
        ({"time": "25:99"}, "time"),
        ({"kind": "no such kind"}, "kind"),
        ({"own_kind": "x" * 41}, "own_kind"),
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"before": "x" * 20_001}, "before"),
        ({"revision": "first"}, "revision"),
        ({"revision": "99999999999999999999999"}, "revision"),
    ],
)
def test_it_refuses_an_edit_in_a_sentence_and_keeps_what_was_typed(changed, field, alice):
    win = alice.has("As it was")
    typed = {"text": "As it is now", "before": "been silent", "day": "2026-03-14", "time": "08:05", "revision": "1"}
    answer = alice.browser.post(reverse("wins:edit", args=[win.record]), typed | changed)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    fields = html(answer).form_with("day")
    for name in ("text", "before", "day", "time"):
        assert fields[name].strip() == (typed | changed)[name].strip()
    assert alice.wins == [win]


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "1900-01-01", "2026-03-15"])
def test_it_takes_the_first_day_of_all_and_tomorrow_somewhere(day, alice):
    record = alice.has("As it was").record
    path = reverse("wins:edit", args=[record])
    typed = {"text": "As it is", "day": day, "time": "00:00", "revision": "1"}
    assert alice.browser.post(path, typed).status_code == 302
    for page in (reverse("wins:list"), reverse("wins:win", args=[record]), path):
        assert alice.browser.get(page).status_code == 200
    assert html(alice.browser.get(path)).form_with("day")["day"] == day


# --- Broken ground ----------------------------------------------------------------------------------------------


def test_it_tells_no_details_where_the_program_is_wrong(alice, monkeypatch, caplog):
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(WithoutWords("%(message)s"))
    logging.getLogger("django").addHandler(handler)
    monkeypatch.setattr("smallwins.wins.views.KeepForm", raises(RuntimeError("Zuckerschote in a variable")))
    try:
        answer = loose(alice).post("/", {"text": "Zuckerschote", "form_key": "k"})
    finally:
        logging.getLogger("django").removeHandler(handler)
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "RuntimeError" not in page
    assert "Traceback" not in page
    assert "in a variable" not in page
    assert html(answer).words_in("textarea") == "Zuckerschote"  # what could not be kept comes back
    assert "RuntimeError" in stream.getvalue()
    assert "Zuckerschote" not in stream.getvalue()


BROKEN = [
    ("smallwins.wins.actions.keep", OperationalError("database is locked")),
    ("smallwins.wins.actions.keep", OperationalError("database or disk is full")),
    ("smallwins.wins.actions.keep", DatabaseError("x")),
    ("smallwins.wins.views.letterbox_of", OperationalError("disk I/O error")),
    ("smallwins.people.access._find_reader", OperationalError("disk I/O error")),
]


@pytest.mark.parametrize(("broken", "error"), BROKEN)
@pytest.mark.parametrize("locked", [False, True])
def test_it_keeps_as_a_letter_what_the_database_does_not_take(broken, error, locked, alice, monkeypatch):
    if locked:
        alice.lock()
    with monkeypatch.context() as patch:
        patch.setattr(broken, raises(error))
        answer = loose(alice).post("/", {"text": "Called my sister", "form_key": "k"})
    assert (answer.status_code, "Called my sister" in shown(answer)) == (200, True)
    assert alice.texts == ["Called my sister"]


@pytest.mark.parametrize(("broken", "error"), BROKEN)
@pytest.mark.parametrize("spool", [OSError(28, "No space left on device"), OSError(30, "Read-only file system")])
def test_it_hands_the_words_back_where_nothing_takes_them(broken, error, spool, alice, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(broken, raises(error))
        patch.setattr("smallwins.home.spool.post", raises(spool))
        answer = loose(alice).post("/", {"text": "Called my sister", "form_key": "k"})
    assert answer.status_code in (503, 507)
    assert html(answer).words_in("textarea") == "Called my sister"
    assert str(error) not in shown(answer)
    assert alice.texts == []


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_it_hands_the_words_back_where_the_letterbox_is_damaged_too(content, alice, monkeypatch):
    Path(alice.cast.home.letterbox).write_bytes(content)
    monkeypatch.setattr("smallwins.wins.actions.keep", raises(OperationalError("database is locked")))
    answer = loose(alice).post("/", {"text": "Called my sister", "form_key": "k"})
    assert answer.status_code == 503
    assert html(answer).words_in("textarea") == "Called my sister"


def test_it_seals_nothing_to_a_key_that_was_exchanged(alice, monkeypatch):
    """As `win` refuses it: the letterbox file is not the one this computer remembers."""
    home, other = alice.cast.home, Root.new(alice.vault_id)
    Path(home.letterbox).write_bytes(Letterbox(alice.vault_id, 1, other.public_key).as_json())
    monkeypatch.setattr("smallwins.wins.actions.keep", raises(OperationalError("database is locked")))
    answer = loose(alice).post("/", {"text": "Called my sister", "form_key": "k"})
    assert (answer.status_code, list(spool.waiting(home))) == (503, [])


@pytest.mark.parametrize(("broken", "error"), BROKEN)
@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_it_puts_nobodys_words_into_somebody_elses_letterbox(broken, error, who, alice, bob, charlie, monkeypatch):
    """The letterbox file of this home is Alice's, also while the database does not say who is asking."""
    browser = loose(bob) if who == "bob" else charlie
    browser.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(broken, raises(error))
        answer = browser.post("/", {"text": "Somebody else's words", "form_key": "k"})
    assert alice.texts == []
    assert list(spool.waiting(alice.cast.home)) == []
    assert answer.status_code in (403, 503, 507)
    assert html(answer).words_in("textarea") == "Somebody else's words"


@pytest.mark.parametrize("path", ["/wins/", "/what-counts/", "/more/"])
def test_it_says_so_where_the_database_cannot_be_read(path, alice, monkeypatch):
    monkeypatch.setattr("smallwins.people.access._find_reader", raises(OperationalError("disk I/O error")))
    answer = loose(alice).get(path)
    assert answer.status_code == 503
    assert "disk I/O" not in shown(answer)


def test_it_honors_nothing_that_it_has_not_kept(alice, monkeypatch):
    """The page says "kept" only after something was written."""
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.book.models.Page.objects.bulk_create", raises(OperationalError("full")))
        patch.setattr("smallwins.home.spool.post", raises(OSError(28, "No space left on device")))
        answer = alice.keep("Called my sister")
    assert (answer.status_code // 100, html(answer).words_in("h1") == "Kept") == (5, False)
    assert alice.texts == []

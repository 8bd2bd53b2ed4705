"""What holds for every page: what leaves with it, what it may load, what is always in the same place on it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.web import html
from tests.web.test_access import ADDRESSES, SENT, address, of

pytestmark = pytest.mark.database

CANARY = "Zuckerschote on the balcony"


class Visit:
    """A browser that remembers the pages it has seen."""

    def __init__(self, browser: Client) -> None:
        self.browser, self.seen = browser, {}
        browser.raise_request_exception = False

    def get(self, name: str, path: str, **others) -> None:
        self.seen[name] = self.browser.get(path, **others)

    def post(self, name: str, path: str, data=None, **others):
        self.seen[name] = self.browser.post(path, data or {}, **others)
        return self.seen[name]


# For machines, or answered only by going elsewhere.
NOT_PAGES = (
    "health",
    "ready",
    "robots",
    "api:openapi",
    "people:unlock",
    "people:open",
    "people:join_open",
    "pocket:worker",
    "pocket:manifest",
    "pocket:shared",
)


def pages_of(alice, monkeypatch) -> dict:
    """Every page there is: each address, locked and not, and every answer that is a page of its own."""
    visit = Visit(alice.browser)
    record = alice.has(CANARY, before=CANARY, kind=CANARY).record.hex()
    for name in sorted(ADDRESSES):
        if "GET" in ADDRESSES[name][1] and name not in NOT_PAGES:
            visit.get(name, address(name, record))
    visit.post("honored", "/", {"text": CANARY, "form_key": "k"})
    visit.post("shared with us", "/shared/", {"title": CANARY, "text": CANARY, "url": "https://example.org/"})
    visit.post("appearance refused", "/appearance/", {"face": "own", "own_name": " "})
    visit.post("nothing typed", "/", {"text": " ", "form_key": "k"})
    visit.post("found", reverse("wins:search"), {"q": CANARY})
    visit.post("found nothing", reverse("wins:search"), {"q": "neverwritten " + CANARY})
    visit.post("tap refused", reverse("wins:taps"), {"text": "x" * 90})
    edit = reverse("wins:edit", args=[record])
    visit.post("edit refused", edit, {"text": CANARY, "day": "yesterday"})
    alice.browser.post(edit, {"text": CANARY, "day": "2026-03-13", "revision": 1})
    for number in range(2):
        alice.browser.post(edit, {"text": f"{CANARY} {number}", "day": "2026-03-13", "revision": 1})
        visit.get(f"versions {number}", reverse("wins:win", args=[record]))
    visit.get("list with versions", reverse("wins:list"))
    visit.post("import refused", reverse("portability:import"))
    visit.post("passphrase refused", reverse("people:passphrase"), {"new": "x", "again": "x"})
    visit.post("delete refused", reverse("portability:delete_everything"), {"confirm": "no"})
    visit.post("recovery sheet", reverse("people:recovery"))
    alice.browser.post(reverse("wins:delete", args=[record]))
    visit.get("list with undo", reverse("wins:list"))
    visit.get("no such page", f"/{CANARY}/")
    visit.get("no such win", reverse("wins:win", args=["0" * 32]))
    visit.get("bad host", "/", headers={"host": "evil.example"})
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.browser.cookies
    visit.seen["stale form"] = strict.post("/", {"text": CANARY, "form_key": "k"})
    visit.seen["stale form elsewhere"] = strict.post(reverse("wins:search"), {"q": CANARY})
    visit.post("too big", "/", "text=" + "x" * 13_000_000, content_type="application/x-www-form-urlencoded")
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.wins.views.today_page", _breaks)
        visit.get("broken", "/")
    alice.browser.post(reverse("people:lock"))
    visit.get("today, locked", "/")
    visit.get("unlock", reverse("people:unlock"))
    visit.get("people:open", address("people:open", record) + "?again")
    visit.post("unlock refused", reverse("people:unlock"), {"secret": CANARY})
    visit.post("honored, locked", "/", {"text": CANARY, "form_key": "k2"})
    visit.get("door, locked", reverse("hard_moment:door"))
    return visit.seen


def _breaks(*_args, **_others):
    raise RuntimeError(CANARY)


STATUS = {
    "people:join": 404,  # on one's own computer
    "people:open": 410,
    "appearance refused": 400,
    "nothing typed": 400,
    "tap refused": 400,
    "edit refused": 400,
    "import refused": 400,
    "passphrase refused": 400,
    "delete refused": 400,
    "no such page": 404,
    "no such win": 404,
    "bad host": 400,
    "stale form": 403,
    "stale form elsewhere": 403,
    "too big": 413,
    "broken": 500,
    "unlock refused": 403,
}


_seen: dict = {}


@pytest.fixture
def pages(alice, monkeypatch):
    """Visited once, and looked at by many tests."""
    _seen.update(_seen or pages_of(alice, monkeypatch))
    return _seen


FOR_NOBODY = ("/offline/", "/offline/kept/")  # the worker carries them: they hold nobody's token


def name_of(page) -> str:
    return str(page.wsgi_request.path)


def wrong(pages, holds) -> dict:
    """The pages on which something does not hold, and what they are like instead."""
    return {name: why for name, page in pages.items() if (why := holds(page))}


def test_it_answers_each_with_the_right_status(pages):
    assert {name: page.status_code for name, page in pages.items()} == {name: STATUS.get(name, 200) for name in pages}


def test_it_is_never_stored_and_never_framed(pages):
    def leaves_with(page) -> list[str]:
        policy = page.headers.get("Content-Security-Policy", "")
        return [
            what
            for what, held in {
                "no-store": page.headers.get("Cache-Control") == "no-store",
                "nosniff": page.headers.get("X-Content-Type-Options") == "nosniff",
                "referrer": page.headers.get("Referrer-Policy") in ("same-origin", "no-referrer"),
                "frames": "frame-ancestors 'none'" in policy,
                "default": "default-src 'none'" in policy,
                "inline": policy and "unsafe" not in policy and "data:" not in policy and "*" not in policy,
                "type": page.headers["Content-Type"] == "text/html; charset=utf-8",
            }.items()
            if not held
        ]

    assert wrong(pages, leaves_with) == {}


def test_it_has_one_heading_a_language_and_a_title_without_words(pages):
    def is_odd(page) -> list[str]:
        read = html(page)
        title = read.words_in("title")
        return [
            what
            for what, held in {
                "lang": read.all("html") == [{"lang": "en"}],
                "h1": len(read.all("h1")) == 1,
                "main": len(read.all("main")) == 1,
                "title": title.endswith(settings.PRODUCT_NAME) and title != settings.PRODUCT_NAME,
                "words in the title": "Zuckerschote" not in title,
            }.items()
            if not held
        ]

    assert wrong(pages, is_odd) == {}


def test_it_has_no_inline_script_or_style(pages):
    def inline(page) -> list[str]:
        read = html(page)
        scripts = [given for given in read.all("script") if not given.get("src")]
        named = [name for _, given in read.tags for name in given if name == "style" or name.startswith("on")]
        urls = [url for _, given in read.tags for url in given.values() if url.strip().lower().startswith("javascript")]
        return [*map(str, scripts), *read.all("style"), *named, *urls, *(["words"] if read.words_in("script") else [])]

    assert wrong(pages, inline) == {}


def test_it_loads_nothing_from_elsewhere(pages):
    loading = ("link", "script", "img", "iframe", "audio", "video", "source", "object", "embed", "use", "image")

    def foreign(page) -> list[str]:
        read = html(page)
        urls = [
            given.get(where, "")
            for tag in loading
            for given in read.all(tag)
            for where in ("src", "href", "srcset", "data")
        ]
        assert sum(map(bool, urls)) >= 3  # the icon, the style and the script
        return [url for url in urls if url and (not url.startswith("/") or url.startswith("//"))]

    assert wrong(pages, foreign) == {}


def test_its_style_and_script_load_nothing_from_elsewhere():
    for file in Path(settings.BASE_DIR if hasattr(settings, "BASE_DIR") else "src").rglob("static/**/*.*"):
        if file.suffix == ".png":
            continue
        for url in re.findall(r"(?:url\(|import\s|fetch\(|@import)[^\n;]*", file.read_text()):
            assert "//" not in url.replace("http://www.w3.org", ""), f"{file}: {url}"


def test_it_offers_to_leave_and_the_door_in_the_same_place(pages):
    def misses(page) -> list[str]:
        header = re.search(r"<header.*?</header>", page.content.decode(), re.DOTALL)
        start = header[0] if header else ""
        return [
            what
            for what, held in {
                "leave": f'action="{reverse("people:leave")}"' in start and "data-leave" in start,
                "its token": ('name="csrfmiddlewaretoken"' in start) == (name_of(page) not in FOR_NOBODY),
                "the door": f'href="{reverse("hard_moment:door")}"' in start,
            }.items()
            if not held
        ]

    assert wrong(pages, misses) == {}


def test_it_has_every_room_only_with_a_token(pages):
    """Every form that sends something carries the token of this browser."""

    def without_token(page) -> list[str]:
        return [
            form["action"]
            for form in html(page).forms
            if form["given"].get("method") == "post" and "csrfmiddlewaretoken" not in form["fields"]
            if name_of(page) not in FOR_NOBODY
        ]

    assert wrong(pages, without_token) == {}


def test_it_puts_no_words_into_addresses(pages):
    def in_addresses(page) -> list[str]:
        found = [given.get(where, "") for _, given in html(page).tags for where in ("href", "action", "src")]
        return [url for url in (*found, page.headers.get("Location", "")) if "Zucker" in url]

    assert wrong(pages, in_addresses) == {}


# Leaving has to work from an old page too; without our cookies, as another site's form comes, it locks nothing.
# What adds from anywhere asks for its own secret instead (`tests/pocket/test_api.py`).
# What is shared with us only fills the field.
WITHOUT_TOKEN = {"people:leave", "api:wins", "pocket:shared"}


@pytest.mark.parametrize("name", sorted({n for n in ADDRESSES if "POST" in ADDRESSES[n][1]} - WITHOUT_TOKEN))
def test_it_takes_no_form_from_another_site(name, alice):
    record = alice.has("Drank some water").record.hex()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.browser.cookies
    answer = strict.post(address(name, record), SENT, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert alice.texts == ["Drank some water"]
    assert strict.get("/").context["unlocked"]


def test_leaving_needs_no_token_and_locks_nothing_for_another_site(alice):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("people:leave"), headers={"origin": "https://evil.example"}).status_code == 303
    assert alice.browser.get("/wins/").status_code == 200
    strict.cookies = alice.browser.cookies
    assert strict.post(reverse("people:leave")).status_code == 303
    assert alice.browser.get("/wins/").status_code == 302


def test_it_lets_no_other_site_read(alice):
    for method in ("get", "options"):
        answer = getattr(alice.browser, method)("/", headers={"origin": "https://evil.example"})
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_it_gives_the_words_as_text_and_never_as_tags(alice):
    words = """<script src=//evil.example></script><b onclick="x">'"&amp;"""
    record = alice.has(words, before=words, kind=words[:40]).record
    for path in (reverse("wins:list"), reverse("wins:win", args=[record]), reverse("wins:edit", args=[record])):
        read = html(alice.browser.get(path))
        assert not read.all("b")
        assert words in "".join(text for _, text in read.text)
    assert words in "".join(text for _, text in html(alice.keep(words)).text)
    assert html(alice.browser.post(reverse("wins:search"), {"q": words})).form_with("q")["q"] == words


def test_every_reading_page_was_looked_at(pages):
    assert {name for name in of("reading") if "GET" in ADDRESSES[name][1]} <= pages.keys()

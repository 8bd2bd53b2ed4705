"""The name and icon that a person chose for this browser."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from smallwins.pocket.face import ICONS, OURS, PRESETS, Face, read
from smallwins.pocket.forms import AppearanceForm
from tests.web import html

pytestmark = pytest.mark.database
APPEARANCE = "/appearance/"
PAGES = ("/", "/wins/", "/more/", "/what-counts/", "/hard-moment/", "/hard-moment/all/", "/offline/", "/offline/kept/")


def titles(browser: Client) -> set[str]:
    return {html(browser.get(path, follow=True)).words_in("title") for path in (*PAGES, "/nothing-here/", APPEARANCE)}


def test_it_shows_only_the_chosen_name_in_every_tab(alice):
    answer = alice.browser.post(APPEARANCE, {"face": "weather"})
    assert html(answer).words_in("title") == "Weather"
    assert titles(alice.browser) == {"Weather"}
    assert html(alice.keep("Drank some water")).words_in("title") == "Weather"
    alice.lock()
    assert titles(alice.browser) == {"Weather"}
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.browser.cookies
    assert html(strict.post("/", {"text": "Sent late"})).words_in("title") == "Weather"


def test_its_icons_and_its_manifest_follow(alice):
    alice.browser.post(APPEARANCE, {"face": "own", "own_name": 'Größe "1" </b>', "icon": "leaf"})
    page = html(alice.browser.get("/"))
    icons = [given["href"] for given in page.all("link") if "icon" in given["rel"]]
    assert len(icons) == 2
    assert all("/leaf" in address for address in icons)
    manifest = json.loads(alice.browser.get("/manifest.webmanifest").content)
    assert (manifest["name"], manifest["short_name"]) == ('Größe "1" </b>',) * 2
    assert all("/leaf-" in icon["src"] for icon in manifest["icons"])
    assert "leaf.Gr%C3%B6%C3%9Fe" in alice.browser.get("/sw.js").content.decode()


def test_it_is_for_one_browser_and_needs_nobody_signed_in(alice, charlie):
    charlie.post(APPEARANCE, {"face": "notes"})
    assert titles(charlie) == {"Notes"}
    assert html(alice.browser.get("/")).words_in("title").endswith("Small Wins")


def test_ours_again_leaves_no_cookie(alice):
    alice.browser.post(APPEARANCE, {"face": "list"})
    answer = alice.browser.post(APPEARANCE, {"face": "ours"})
    assert answer.cookies[settings.FACE_COOKIE_NAME]["max-age"] == 0
    assert html(answer).words_in("title") == "Name and icon · Small Wins"


def test_its_cookie_is_strict(alice):
    cookie = alice.browser.post(APPEARANCE, {"face": "list"}).cookies[settings.FACE_COOKIE_NAME]
    assert cookie.key.startswith("__Host-")
    assert all((cookie["secure"], cookie["httponly"], cookie["samesite"] == "Lax", cookie["path"] == "/"))
    assert cookie["max-age"] == 365 * 24 * 3600


def test_it_is_kept_under_a_plain_name_where_secure_ones_are_refused(alice):
    plain = settings.FACE_COOKIE_NAME.removeprefix("__Host-")
    browser = Client()
    answer = browser.post(APPEARANCE, {"face": "journal"})
    assert settings.FACE_COOKIE_NAME not in answer.cookies
    assert not answer.cookies[plain]["secure"]
    assert titles(browser) == {"Journal"}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "leaf",
        "leaf.",
        "moon.Name",
        "leaf.%FF",
        "leaf.two%0Alines",
        "leaf.%20Name",
        "leaf.not quoted",
        "leaf." + "x" * 31,
        "leaf.%E2%80%AEemaN",
        "../../etc.Name",
        "leaf.%4eame",
    ],
)
def test_it_takes_no_cookie_that_it_could_not_have_written(written, alice):
    assert read(written) is None
    alice.browser.cookies[settings.FACE_COOKIE_NAME] = written
    assert html(alice.browser.get("/")).words_in("title") == "Today · Small Wins"


@pytest.mark.parametrize("face", [OURS, *PRESETS.values(), Face("名前", "book"), Face("a.b %", "page")])
def test_it_reads_what_it_wrote(face):
    assert read(face.written) == face
    assert re.fullmatch(r"[\w.%~-]+", face.written)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Please write a name."),
        ("x" * 31, "Please use at most 30 letters."),
        ("a\u202eb", "Please use only letters, numbers and plain signs."),
    ],
)
def test_it_says_what_to_do_with_a_name_that_does_not_fit(name, says, charlie):
    answer = charlie.post(APPEARANCE, {"face": "own", "own_name": name, "icon": "leaf"})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert settings.FACE_COOKIE_NAME not in answer.cookies


@pytest.mark.parametrize("chosen", ["moon", "", None])
def test_it_knows_only_its_own_choices(chosen):
    assert not AppearanceForm({"face": chosen}).is_valid()


@pytest.mark.parametrize("icon", ICONS)
def test_it_has_every_icon_in_every_size(icon, charlie):
    for file in (f"{icon}.svg", f"{icon}-192.png", f"{icon}-512.png"):
        body = b"".join(charlie.get(f"/static/pocket/icons/{file}").streaming_content)
        assert 100 < len(body) < 12 * 1024


def test_it_says_what_happens_before_it_happens(charlie):
    page = charlie.get(reverse("pocket:appearance")).content.decode()
    for part in ("this browser only", "history can still show", "install it again"):
        assert page.index(part) < page.index('<button class="btn">')

"""What the worker carries, and what it weighs."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

import smallwins
from tests.web import html

pytestmark = pytest.mark.database
SRC = Path(smallwins.__file__).parent
MOST = 10 * 1024
FOR_NOBODY = ("/offline/", "/offline/kept/", "/hard-moment/", "/hard-moment/all/")
SHELL = {"Shell": "pebble.Small%20Wins"}


def worker(browser) -> str:
    return browser.get("/sw.js").content.decode()


def test_it_may_serve_every_page_and_is_asked_for_anew_each_time(alice):
    answer = alice.browser.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_it_carries_only_what_is_there(alice, charlie):
    files = re.findall(r'"(/static/[^"]+)"', worker(alice.browser))
    assert len(files) >= 6
    for address in files:
        assert charlie.get(address).status_code == 200
    assert all(re.search(r"\?v=\w{10}$", address) for address in files)


def test_its_version_is_new_when_what_it_carries_is(alice, monkeypatch):
    before = worker(alice.browser)
    assert worker(alice.browser) == before
    monkeypatch.setattr("smallwins.pocket.views._papers", lambda: b"a new page")
    after = worker(alice.browser)
    assert before.splitlines()[0] != after.splitlines()[0]
    assert before.splitlines()[1:] == after.splitlines()[1:]


def test_all_scripts_weigh_less_than_ten_kilobytes(alice):
    scripts = [path.read_bytes() for path in SRC.rglob("static/**/*.js")] + [worker(alice.browser).encode()]
    assert len(scripts) >= 5
    assert sum(len(gzip.compress(script, 9)) for script in scripts) <= MOST


@pytest.mark.parametrize("path", FOR_NOBODY)
def test_what_it_carries_is_for_nobody_in_particular(path, alice):
    """As the worker asks, without cookies; and where cookies came along, they make no difference."""
    alice.has("Zuckerschote")
    alice.browser.post("/what-counts/", {"text": "Zuckerschote tap", "kind": ""})
    for browser in (alice.browser, type(alice.browser)()):
        page = browser.get(path, headers=SHELL)
        text = page.content.decode()
        assert page.status_code == 200
        assert not re.search("Zuckerschote|csrfmiddlewaretoken|data-letterbox", text)
        assert settings.CSRF_COOKIE_NAME not in page.cookies


def test_the_shell_asks_as_today_does_and_says_that_it_is_the_shell(charlie):
    page = html(charlie.get("/offline/"))
    assert page.form_with("text") == {"shell": "1", "text": ""}
    ours = {given["value"] for given in html(charlie.get("/")).all("button") if given.get("name") == "tap"}
    assert {given["value"] for given in page.all("button") if given.get("name") == "tap"} == ours


def test_the_shell_sent_without_a_worker_hands_the_words_back(alice):
    strict = type(alice.browser)(enforce_csrf_checks=True)
    answer = strict.post("/", {"text": "Sent from the shell", "shell": "1"})
    assert answer.status_code == 403
    assert "Sent from the shell" in answer.content.decode()


def test_every_country_is_on_the_page_that_is_carried(charlie):
    from smallwins.hard_moment.helplines import countries

    page = charlie.get("/hard-moment/all/")
    read = html(page)
    calls = {given["href"] for given in read.all("a")}
    assert {given["id"] for given in read.all("details")} == set(countries())
    for known in countries().values():
        assert f"tel:{known.emergency}" in calls
        assert all(line.source in page.content.decode().replace("&amp;", "&") for line in known.lines)


def test_the_manifest_is_what_an_installed_app_needs(alice):
    answer = alice.browser.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["id"], manifest["start_url"], manifest["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert [each["name"] for each in manifest["shortcuts"]] == ["Write", "Look back"]
    assert manifest["share_target"]["method"] == "POST"
    for icon in manifest["icons"]:
        assert alice.browser.get(icon["src"]).status_code == 200
    for each in manifest["shortcuts"]:
        assert alice.browser.get(each["url"]).status_code == 200
    linked = [given for given in html(alice.browser.get("/")).all("link") if given["rel"] == "manifest"]
    assert linked == [{"rel": "manifest", "href": "/manifest.webmanifest", "crossorigin": "use-credentials"}]

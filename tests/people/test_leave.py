"""Leave now: locks everywhere, forgets this browser, and goes somewhere neutral; with or without a session."""

import pytest
from django.conf import settings
from django.test import Client

from smallwins.people import actions
from smallwins.people.models import Vault, WayIn
from smallwins.people.places import PLACES

pytestmark = pytest.mark.database

CHOOSABLE = sorted(name for name, place in PLACES.items() if place.url.startswith("https:"))


def choose(alice, name: str):
    return alice.browser.post("/more/leave-to/", {"leave_to": name})


@pytest.mark.parametrize("name", CHOOSABLE)
@pytest.mark.parametrize("locked", [False, True])
def test_it_goes_to_the_chosen_place(name, locked, alice):
    assert choose(alice, name).status_code == 302
    if locked:
        alice.lock()
    answer = alice.browser.post("/leave/")
    assert (answer.status_code, answer["Location"], answer.content) == (303, PLACES[name].url, b"")
    assert "cache" in answer["Clear-Site-Data"]
    assert answer["Cache-Control"] == "no-store"


def test_it_locks_everywhere(alice):
    phone = Client()
    phone.get(f"/open/{actions.opening_link(alice.root, alice.cast.clock.now())}/", follow=True)
    assert phone.get("/wins/").status_code == 200
    alice.browser.post("/leave/")
    for browser in (phone, alice.browser):
        assert browser.get("/wins/").status_code == 302
    assert Vault.objects.get().locked
    assert not WayIn.objects.filter(kind__in=actions.PASSING).exists()


def test_it_leaves_no_key_in_this_browser(alice):
    alice.browser.post("/leave/")
    for name in (settings.KEY_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        assert (alice.browser.cookies[name].value, alice.browser.cookies[name]["max-age"]) == ("", 0)


def test_the_page_knows_where_to_go_before_the_answer_comes(alice, charlie):
    choose(alice, "weather")
    for browser in (alice.browser, charlie):
        assert f'data-leave="{PLACES["weather"].url}"' in browser.get("/").content.decode()


@pytest.mark.parametrize("mode", [None, "cors", "navigate"])
def test_an_empty_page_has_no_words_and_no_way_back_to_ours(mode, alice):
    choose(alice, "blank")
    answer = alice.browser.post("/leave/", headers={"sec-fetch-mode": mode} if mode else {})
    assert answer.status_code in (200, 204)
    assert b"Small Wins" not in answer.content
    assert b"href" not in answer.content
    assert answer["Cache-Control"] == "no-store"
    assert "cache" in answer["Clear-Site-Data"]
    assert alice.browser.get("/wins/").status_code == 302


def test_the_browser_is_allowed_to_go_to_every_place(alice):
    """Browsers hold the answer to a form to `form-action` too."""
    policy = alice.browser.get("/")["Content-Security-Policy"]
    allowed = next(part for part in policy.split(";") if part.strip().startswith("form-action")).split()[1:]
    assert sorted(allowed) == sorted(["'self'", *(PLACES[name].url for name in CHOOSABLE)])


def test_the_places_are_neutral_and_safe():
    assert PLACES.keys() >= {"encyclopedia", "weather", "blank"}
    assert len(CHOOSABLE) == len(PLACES) - 1
    for place in PLACES.values():
        assert not {"win", "heal", "help", "crisis"} & set(str(place.label).lower().split())


@pytest.mark.parametrize("name", ["", "https://evil.example/", "nowhere", "javascript:alert(1)", "x" * 500])
def test_it_goes_nowhere_else(name, alice):
    assert choose(alice, name).status_code in (400, 404)
    assert alice.browser.post("/leave/")["Location"] == PLACES["encyclopedia"].url


def test_it_works_for_whoever_has_no_session(alice, charlie):
    answer = charlie.post("/leave/")
    assert (answer.status_code, answer["Location"]) == (303, PLACES["encyclopedia"].url)
    assert alice.browser.get("/wins/").status_code == 200


def test_it_tells_nobody_on_a_host_of_several_where_another_goes(alice, bob, charlie):
    choose(alice, "recipes")
    assert charlie.post("/leave/")["Location"] == PLACES["encyclopedia"].url
    assert bob.browser.post("/leave/")["Location"] == PLACES["encyclopedia"].url
    assert alice.browser.post("/leave/")["Location"] == PLACES["recipes"].url


def test_it_locks_only_ones_own(alice, bob):
    alice.browser.post("/leave/")
    assert bob.browser.get("/wins/").status_code == 200


def test_it_forgets_what_was_kept_in_the_session(alice):
    """The list offers to undo a delete; not to whoever opens the browser next."""
    win = alice.has("Goes")
    alice.browser.post(f"/wins/{win.record.hex()}/delete/")
    alice.browser.post("/leave/")
    assert dict(alice.browser.session.items()) == {}

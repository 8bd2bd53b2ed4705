"""The one-time link that opens a browser."""

import os

import pytest
from django.test import Client

from smallwins.people import actions
from smallwins.people.models import WayIn
from smallwins.people.ways import Kind

pytestmark = pytest.mark.database


@pytest.fixture
def link(alice, clock):
    return actions.opening_link(alice.root, clock.now())


def opened(link: str, browser: Client | None = None):
    """What a browser ends up with that follows the link."""
    browser = browser or Client()
    answer = browser.get(f"/open/{link}/", follow=True)
    return answer.status_code, browser.get("/").context["unlocked"]


def test_it_opens_a_browser_once(link):
    assert opened(link) == (200, True)
    assert opened(link) == (410, False)


def test_it_leads_to_today_and_the_address_keeps_no_secret(link):
    answer = Client().get(f"/open/{link}/", follow=True)
    assert answer.redirect_chain[-1] == ("/", 302)
    assert link not in answer.content.decode()


@pytest.mark.parametrize(("seconds", "opens"), [(0, True), (599, True), (600, False), (86_400, False)])
def test_it_opens_within_ten_minutes(seconds, opens, link, clock):
    clock.move(seconds=seconds)
    assert opened(link) == ((200, True) if opens else (410, False))


@pytest.mark.parametrize(
    "damage",
    [
        lambda link: link[:-1],
        lambda link: link[:-2],
        lambda link: link[:-2] + ("00" if link[-2:] != "00" else "11"),
        lambda link: link[:32],
        lambda link: link[32:],
        lambda link: link + "00",
        lambda link: os.urandom(16).hex() + link[32:],
        lambda link: link[:32] + os.urandom(32).hex(),
        lambda link: "x" * 96,
        lambda link: "%00" * 3,
        lambda link: "٠" * 96,
        lambda link: "a" * 5000,
        lambda link: " " + link,
    ],
)
def test_it_opens_nothing_when_damaged(damage, link):
    assert opened(damage(link)) == (410, False)


def test_it_is_not_used_up_by_a_look_at_its_head(link):
    """Programs that preview links ask with HEAD, and do not come back with a cookie."""
    assert Client().head(f"/open/{link}/").status_code == 405
    Client().get(f"/open/{link}/")  # a first turn without cookies
    assert opened(link) == (200, True)


def test_it_opens_no_more_after_a_lock(link, alice):
    alice.lock()
    assert opened(link) == (410, False)


@pytest.mark.parametrize("kind", [Kind.SESSION, Kind.LATCH, Kind.TERMINAL])
def test_it_opens_with_no_other_way_in(kind, alice, clock):
    from smallwins.people.ways import add_way

    secret = os.urandom(32)
    way = add_way(alice.root, kind, secret, clock.now())
    assert opened(f"{way.id.hex()}{secret.hex()}") == (410, False)


def test_it_opens_the_vault_it_was_made_for(alice, bob, clock):
    bob.has("Bob's own")
    browser = Client()
    assert opened(actions.opening_link(bob.root, clock.now()), browser) == (200, True)
    assert "Bob&#x27;s own" in browser.get("/wins/").content.decode()


def test_it_does_not_lie_in_the_database(link):
    secret = bytes.fromhex(link[32:])
    for way in WayIn.objects.all():
        for field in WayIn._meta.concrete_fields:
            value = getattr(way, field.attname)
            assert secret not in (bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())


def test_it_says_what_to_do_where_it_was_used(link, alice):
    opened(link)
    page = Client().get(f"/open/{link}/", follow=True)
    assert (page.status_code, page.context["used"]) == (410, True)
    assert "smallwins open" in page.content.decode()

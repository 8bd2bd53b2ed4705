"""Who may read and who may write, for every address there is."""

import os
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from smallwins.book.models import Letter, Page
from smallwins.people.models import Person, Vault, WayIn

pytestmark = pytest.mark.database

# Every address: what it takes to get there, and the methods it answers. A new one fails until somebody has decided.
# public: anybody. keeping: knowing whose letterbox it is. reading: a session and its key. token: what may only add.
ADDRESSES = {
    "wins:today": ("keeping", "GET HEAD POST"),
    "wins:list": ("reading", "GET HEAD"),
    "wins:list_from": ("reading", "GET HEAD"),
    "wins:search": ("reading", "GET HEAD POST"),
    "wins:win": ("reading", "GET HEAD"),
    "wins:edit": ("reading", "GET HEAD POST"),
    "wins:hard": ("reading", "POST"),
    "wins:keep_this": ("reading", "POST"),
    "wins:keep_both": ("reading", "POST"),
    "wins:delete": ("reading", "POST"),
    "wins:undo": ("reading", "POST"),
    "wins:taps": ("reading", "GET HEAD POST"),
    "people:open": ("public", "GET"),
    "people:unlock": ("keeping", "GET HEAD POST"),
    "people:lock": ("public", "POST"),
    "people:leave": ("public", "POST"),
    "people:more": ("reading", "GET HEAD"),
    "people:leave_to": ("reading", "POST"),
    "people:lock_settings": ("reading", "GET HEAD"),
    "people:idle": ("reading", "POST"),
    "people:recovery": ("reading", "GET HEAD POST"),
    "people:passphrase": ("reading", "GET HEAD POST"),
    "people:remove_passphrase": ("reading", "GET HEAD POST"),
    "people:sessions": ("reading", "GET HEAD POST"),
    "people:join": ("public", "GET HEAD POST"),
    "people:join_open": ("public", "GET HEAD POST"),
    "people:sign_out": ("public", "POST"),
    "people:name": ("reading", "GET HEAD POST"),
    "api:wins": ("token", "POST"),
    "api:openapi": ("public", "GET HEAD"),
    "api:tokens": ("reading", "GET HEAD POST"),
    "hard_moment:door": ("public", "GET HEAD"),
    "hard_moment:all": ("public", "GET HEAD"),
    "pocket:worker": ("public", "GET HEAD"),
    "pocket:manifest": ("public", "GET HEAD"),
    "pocket:offline": ("public", "GET HEAD"),
    "pocket:kept": ("public", "GET HEAD"),
    "pocket:shared": ("public", "GET HEAD POST"),
    "pocket:appearance": ("public", "GET HEAD POST"),
    "portability:take_away": ("reading", "GET HEAD"),
    "portability:export": ("reading", "POST"),
    "portability:import": ("reading", "POST"),
    "portability:delete_everything": ("reading", "GET HEAD POST"),
    "health": ("public", "GET HEAD"),
    "ready": ("public", "GET HEAD"),
    "robots": ("public", "GET HEAD"),
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOTHING = "0" * 32
# What would change something, were it let in.
SENT = {
    "text": "Somebody else's words",
    "day": "2026-03-14",
    "revision": "1",
    "form_key": "k",
    "q": "words",
    "end": "others",
    "leave_to": "weather",
    "idle_minutes": "5",
    "new": "plum kettle orbit",
    "again": "plum kettle orbit",
    "confirm": "delete everything",
    "name": "Somebody else's words",
}


def names(resolver=None, space: str = "") -> list[str]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found += names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            found.append(f"{space}{pattern.name}")
    return found


def takes(name: str) -> list[str]:
    """The parts of an address that change."""
    space, _, last = name.rpartition(":")
    resolver = get_resolver().namespace_dict[space][1] if space else get_resolver()
    return [part for _, parts in resolver.reverse_dict.getlist(last)[0][0] for part in parts]


def address(name: str, record: str = NOTHING) -> str:
    return reverse(name, args=[record] * len(takes(name)))


def of(access: str) -> list[str]:
    return sorted(name for name, (kind, _) in ADDRESSES.items() if kind == access)


def rows() -> list:
    """All there is, but for when a session was last seen."""

    def columns(model) -> list[str]:
        return [field.attname for field in model._meta.concrete_fields if field.name != "seen_at"]

    return [
        list(model.objects.order_by("pk").values(*columns(model))) for model in (Person, Vault, WayIn, Letter, Page)
    ]


WITH_RECORD = sorted(name for name in names() if name in ADDRESSES and name.startswith("wins:") and takes(name))


def test_it_knows_every_address():
    assert sorted(names()) == sorted(ADDRESSES)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_it_refuses_every_other_method(name, alice):
    for method in set(METHODS) - set(ADDRESSES[name][1].split()):
        assert alice.browser.generic(method, address(name)).status_code == 405, method


def asks_to_unlock(browser, name: str, record: str) -> None:
    """Reading is asked to wait; words that came along are handed back first, and nothing is read."""
    path, methods = address(name, record), ADDRESSES[name][1].split()
    if "GET" in methods:
        assert browser.get(path)["Location"] == f"{reverse('people:unlock')}?{urlencode({'next': path})}"
    if "POST" in methods:
        assert browser.post(path)["Location"] == reverse("people:unlock")
        answer = browser.post(path, SENT)
        assert answer.status_code == 403
        assert "Somebody else&#x27;s words" in answer.content.decode()
        assert b"Drank" not in answer.content


@pytest.mark.parametrize("name", of("reading"))
def test_it_asks_to_unlock_before_it_reads(name, alice, charlie):
    record = alice.has("Drank some water").record.hex()
    before = rows()
    asks_to_unlock(charlie, name, record)
    assert rows() == before
    alice.lock()
    before = rows()
    asks_to_unlock(charlie, name, record)
    asks_to_unlock(alice.browser, name, record)
    assert rows() == before


@pytest.mark.parametrize("name", WITH_RECORD)
@pytest.mark.parametrize("whose", ["bob", "nobody"])
def test_it_has_no_win_of_somebody_else(name, whose, alice, bob):
    """404 and never 403: that would say there is something."""
    theirs = bob.has("Bob's own words")
    own = alice.has("Alice's own words")
    record = theirs.record if whose == "bob" else os.urandom(16)
    before = [list(model.objects.order_by("pk").values()) for model in (Letter, Page)]
    for method in set(ADDRESSES[name][1].split()) & {"GET", "POST"}:
        answer = getattr(alice.browser, method.lower())(address(name, record.hex()), SENT if method == "POST" else None)
        assert b"Bob&#x27;s own words" not in answer.content
        assert answer.status_code == 404, method
    assert [list(model.objects.order_by("pk").values()) for model in (Letter, Page)] == before
    assert (bob.wins, alice.wins) == ([theirs], [own])


def test_it_shows_bobs_deleted_win_to_nobody(alice, bob):
    theirs = bob.has("Bob's own words")
    bob.browser.post(reverse("wins:delete", args=[theirs.record]))
    alice.browser.post(reverse("wins:undo", args=[theirs.record]))
    assert bob.texts == []
    bob.browser.post(reverse("wins:undo", args=[theirs.record]))
    assert bob.texts == ["Bob's own words"]


def test_it_does_not_let_alice_end_bobs_session(alice, bob):
    ways = [way.id.hex() for way in WayIn.objects.filter(vault=bob.vault)]
    for end in (*ways, "others"):
        alice.browser.post(reverse("people:sessions"), {"end": end})
    assert bob.browser.get(reverse("wins:list")).status_code == 200


def test_it_keeps_a_tap_of_bobs_out_of_alices_reach(alice, bob):
    bob.browser.post(reverse("wins:taps"), {"text": "Fed Bob's cat", "kind": ""})
    tap = bob.browser.get("/").context["taps"][0]
    assert tap.text == "Fed Bob's cat"
    answer = alice.browser.post("/", {"tap": tap.id, "form_key": "k"})
    assert (answer.status_code, b"cat" in answer.content, alice.texts) == (400, False, [])
    alice.browser.post(reverse("wins:taps"), {"remove": tap.id})
    assert bob.browser.get("/").context["taps"][0] == tap


@pytest.mark.parametrize("method", ["post", "get"])
def test_it_keeps_for_nobody_in_particular_on_a_host_of_several(method, alice, bob, charlie):
    where = "/" if method == "post" else reverse("people:unlock")
    answer = getattr(charlie, method)(where, {"text": "Whose is this", "form_key": "k"})
    assert answer.status_code == (403 if method == "post" else 200)
    assert ("Whose is this" in answer.content.decode()) == (method == "post")  # handed back
    assert (Letter.objects.count(), alice.texts, bob.texts) == (0, [], [])
    assert alice.keep("Mine").status_code == 200
    assert (alice.texts, bob.texts) == (["Mine"], [])


@pytest.mark.parametrize("held", ["session", "key"])
def test_it_reads_nothing_with_half_of_the_cookies_or_with_mixed_ones(held, alice, bob):
    names = {"session": settings.SESSION_COOKIE_NAME, "key": settings.KEY_COOKIE_NAME}
    alice.has("Alice's own words")
    half, mixed = Client(), Client()
    half.cookies[names[held]] = alice.browser.cookies[names[held]].value
    for name in names.values():
        mixed.cookies[name] = (alice if name == names[held] else bob).browser.cookies[name].value
    for browser in (half, mixed):
        assert browser.get(reverse("wins:list")).status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\n//evil.example"]
)
def test_it_goes_on_to_no_other_site(wanted, alice):
    where = reverse("people:unlock")
    assert alice.browser.get(where, {"next": wanted})["Location"] == "/"
    assert alice.browser.post(where, {"next": wanted})["Location"] == "/"
    assert alice.browser.get(where, {"next": "/wins/"})["Location"] == "/wins/"

"""Keeping from anywhere, with a token that may only add."""

import json

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from smallwins.book.models import Letter
from smallwins.people.models import Adder
from smallwins.people.names import letterbox_tag
from smallwins.pocket import tokens
from smallwins.web.wsgi import application
from tests.people.test_sessions import rows

pytestmark = pytest.mark.database
ADDRESS = "/api/v1/wins"


@pytest.fixture
def token(alice) -> str:
    return tokens.add_token(alice.reader, "My phone", alice.cast.clock.now())


def send(token: str | None, parts, browser: Client | None = None, **headers: str):
    kind = headers.pop("type", "application/json")
    said = ({"Authorization": f"Bearer {token}"} if token else {}) | headers
    body = parts if isinstance(parts, bytes | str) else json.dumps(parts)
    return (browser or Client()).generic("POST", ADDRESS, body, content_type=kind, headers=said)


def test_it_keeps_a_win_and_says_through_what_it_came(alice, token):
    answer = send(token, {"text": "Got out of bed"})
    assert (answer.status_code, answer.json()["kept"]) == (201, True)
    assert [(win.text, win.door) for win in alice.wins] == [("Got out of bed", "My phone")]
    page = alice.browser.get(f"/wins/{answer.json()['id']}/").content.decode()
    assert "arrived while locked, through My phone" in page


def test_it_keeps_while_locked(alice, token):
    alice.lock()
    assert send(token, {"text": "Kept from bed"}).status_code == 201
    assert alice.texts == ["Kept from bed"]


def test_it_keeps_all_that_a_win_can_say(alice, token):
    said = {
        "text": "Rested",
        "at": "2026-03-01T08:00:00+01:00",
        "hard": True,
        "kind": "rest",
        "before": "I'd have fought it",
    }
    assert send(token, said).status_code == 201
    win = alice.wins[0].draft
    assert (win.moment().isoformat(), win.hard, win.kind, win.before) == (said["at"], True, "rest", said["before"])


def test_half_a_letter_and_a_nul_are_no_trouble(alice, token):
    said = b'{"text": "x\\ud800", "before": "y\\ud800\\u0000", "kind": "z\\ud800\\u0000"}'
    assert send(token, said).status_code == 201
    assert [(win.text, win.before, win.kind) for win in alice.wins] == [("x?", "y?", "z?")]


def test_the_same_key_twice_is_kept_once(alice, token):
    ids = {send(token, {"text": "Once"}, **{"Idempotency-Key": "1"}).json()["id"] for _ in range(3)}
    assert (len(ids), alice.texts) == (1, ["Once"])
    send(token, {"text": "Once"})
    send(token, {"text": "Once"})
    assert len(alice.texts) == 3


def test_a_guessable_key_lets_nobody_test_a_guess_at_the_words(alice, token):
    """The id must not follow from the vault, the key and the words alone."""
    import hashlib

    record = send(token, {"text": "Once"}, **{"Idempotency-Key": "1"}).json()["id"]
    guess = hashlib.sha256(f"{alice.vault_id.hex()}\n1\nOnce".encode()).hexdigest()[:32]
    assert record != guess


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" ", 400), (b"{", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b"[]", 422), (b"null", 422), (b"{}", 422),
        (b'{"text": ""}', 422), (b'{"text": " \\u0000 "}', 422), (b'{"text": 5}', 422),
        (b'{"text": "x", "before": "' + b"x" * 20_001 + b'"}', 422),
        (b'{"text": "x", "hard": 1}', 422),
        (b'{"text": "x", "other": 1}', 422), (b'{"text": "x", "at": "yesterday"}', 422),
        (b'{"text": "x", "at": "9999-12-31T23:59:59+00:00"}', 422),
        (b'{"text": "x", "kind": "' + b"k" * 41 + b'"}', 422),
        (b'{"text": "' + b"x" * 20_001 + b'"}', 422), (b'{"text": "' + b"x" * 300_000 + b'"}', 413),
    ],
)  # fmt: skip
def test_it_says_why_it_keeps_nothing(body, status, alice, token):
    answer = send(token, body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["status"], bool(answer.json()["detail"])) == (status, True)
    assert alice.texts == []


def test_it_takes_no_other_kind_of_body(alice, token):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert send(token, "text=x", type=kind).status_code == 415


@pytest.mark.parametrize("written", ["", "x", "sw_add_", "sw_add_" + "A" * 86, "é", "sw_add_" + "A" * 88])
def test_it_knows_no_other_token(written, alice):
    answer = send(written or None, {"text": "Mine"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_reads_nothing(alice, token):
    alice.has("Alice's own words")
    thief = Client(headers={"Authorization": f"Bearer {token}"})
    for path in ("/wins/", "/more/", "/tokens/", "/take-away/"):
        assert thief.get(path).status_code == 302
    for method in ("get", "put", "patch", "delete", "options", "head"):
        assert getattr(thief, method)(ADDRESS).status_code == 405


def test_a_token_is_no_browsers_cookie_and_a_cookie_no_token(alice, token):
    cookie = alice.browser.cookies[settings.ADD_COOKIE_NAME].value
    assert send(cookie, {"text": "Mine"}).status_code == 401


def test_a_thousand_requests_with_a_stolen_token_are_bounded_and_revocable(alice, token, clock):
    answers = [send(token, {"text": f"Spam {number}"}).status_code for number in range(1000)]
    assert (answers.count(201), answers.count(429)) == (60, 940)
    assert Letter.objects.count() == 60
    clock.move(minutes=59)
    refused = send(token, {"text": "Spam"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    alice.browser.post("/tokens/", {"end": alice.browser.get("/tokens/").context["tokens"][0].id_hex})
    clock.move(hours=1)
    assert send(token, {"text": "Spam"}).status_code == 401


def test_neither_the_token_nor_its_name_is_in_the_database(alice, token):
    secret = token.removeprefix("sw_add_")
    send(token, {"text": "Got out of bed"})
    content = rows()
    assert secret not in content
    assert b"My phone".hex() not in content
    assert "My phone" not in content
    assert b"Got out of bed".hex() not in content


def test_the_page_shows_a_token_once(alice):
    shown = alice.browser.post("/tokens/", {"name": "A script"}).content.decode()
    assert "sw_add_" in shown
    again = alice.browser.get("/tokens/").content.decode()
    assert ("sw_add_" in again, "A script" in again, "not used yet" in again) == (False, True, True)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "\x00"])
def test_it_takes_no_odd_name(name, alice):
    assert alice.browser.post("/tokens/", {"name": name}).status_code == 400
    assert not Adder.objects.filter(kind="token").exists()


def test_there_are_twenty_at_most(alice):
    answers = [alice.browser.post("/tokens/", {"name": f"Number {number}"}).status_code for number in range(21)]
    assert answers == [200] * 20 + [400]


def test_nobody_sees_or_ends_bobs(alice, bob):
    theirs = tokens.add_token(bob.reader, "Bob's phone", alice.cast.clock.now())
    mark = bob.browser.get("/tokens/").context["tokens"][0].id_hex
    assert "Bob" not in alice.browser.get("/tokens/").content.decode()
    assert alice.browser.post("/tokens/", {"end": mark}).status_code == 404
    assert send(theirs, {"text": "Bob's own words"}).status_code == 201
    assert (alice.texts, bob.texts) == ([], ["Bob's own words"])


class TestFromABrowser:
    """What waited without a network is sent with the add-only cookie."""

    def waiting(self, alice, browser, tag=None, parts=None, **headers):
        tag = letterbox_tag(alice.vault_id) if tag is None else tag
        return send(None, parts or {"text": "Kept on the train"}, browser, Letterbox=tag, **headers)

    def test_it_is_kept_while_locked_and_once(self, alice):
        alice.lock()
        for _ in range(2):
            answer = self.waiting(alice, alice.browser, **{"Idempotency-Key": "0" * 32})
            assert answer.status_code == 201
        assert [(win.text, win.door) for win in alice.wins] == [("Kept on the train", "page")]

    def test_what_the_page_had_already_sent_is_not_kept_twice(self, alice):
        alice.keep("Kept on the train", form_key="a" * 32)
        assert self.waiting(alice, alice.browser, **{"Idempotency-Key": "a" * 32}).status_code == 201
        assert alice.texts == ["Kept on the train"]

    def test_it_goes_to_nobody_elses_letterbox(self, alice, bob):
        assert self.waiting(alice, bob.browser).status_code == 409
        assert self.waiting(alice, alice.browser, tag="").status_code == 409
        assert (alice.texts, bob.texts) == ([], [])

    def test_a_tap_is_kept_by_what_its_button_says(self, alice):
        value = alice.browser.get("/").context["taps"][0]
        assert self.waiting(alice, alice.browser, parts={"tap": value.value}).status_code == 201
        assert alice.texts == [value.text]

    def test_nobody_in_particular_adds_nothing(self, alice, charlie):
        assert self.waiting(alice, charlie).status_code == 401

    def test_it_asks_for_no_form_token_and_sets_no_cookie(self, alice):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies[settings.ADD_COOKIE_NAME] = alice.browser.cookies[settings.ADD_COOKIE_NAME].value
        answer = self.waiting(alice, strict)
        assert (answer.status_code, list(answer.cookies)) == (201, [])


@pytest.fixture
def one_connection():
    """Django's own client does the same: a request that ends must not close the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_what_is_written_is_what_is_answered(alice, token, one_connection):
    """Property tests from the OpenAPI document: no answer that it does not name, none that is not as it says."""
    api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    seen = set()

    # What the document allows is not all that a win can be: blank words and days to come are refused with a 422.
    @effort(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=next(iter(api.get_all_operations())).ok().as_strategy())
    def one(case):
        Adder.objects.update(uses=0)
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        answer = case.call()
        case.validate_response(answer, excluded_checks=[positive_data_acceptance, ignored_auth])
        seen.add(answer.status_code)

    one()
    assert seen & {201}
    assert seen <= {201, 400, 413, 422}
    assert len(alice.wins) >= 1

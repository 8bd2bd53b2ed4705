"""Several people on one host: joining, signing in, keeping while locked, signing out."""

import pytest
from django.conf import settings
from django.test import Client

from smallwins.book.models import Letter, Page
from smallwins.people import joining, limits
from smallwins.people.models import Adder, Attempt, Invitation, Person, Vault, WayIn
from smallwins.vault import ways
from tests.web import html

pytestmark = pytest.mark.database

WORDS = "plum kettle orbit"
TRIES = 10


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Stretching as decided is tested elsewhere; here many people guess."""
    monkeypatch.setattr(ways, "ARGON2", {"memory_cost": 64, "iterations": 1, "lanes": 1})


@pytest.fixture
def invited(db, clock, home, host):
    """Makes an invitation and returns its page."""

    def invite() -> str:
        return f"/join/{joining.invite(clock.now(), 7)}/"

    return invite


def join(browser: Client, page: str, name: str = "Robin", words: str = WORDS):
    return browser.post(page, {"name": name, "new": words, "again": words})


@pytest.fixture
def robin(invited, host) -> Client:
    """Somebody who has just joined, in their first browser."""
    browser = host()
    assert join(browser, invited()).status_code == 200
    return browser


def sign_in(browser: Client, name: str = "Robin", words: str = WORDS):
    return browser.post("/unlock/", {"name": name, "secret": words})


def reads(browser: Client) -> bool:
    return browser.get("/wins/").status_code == 200


def keep(browser: Client, text: str):
    return browser.post("/", {"text": text, "form_key": text})


def texts(browser: Client) -> list[str]:
    return [win["text"] for group in browser.get("/wins/").context["groups"] for win in group["wins"]]


def test_it_lets_in_who_was_invited_and_shows_the_sheet(invited, host):
    browser, page = host(), invited()
    assert "A name to sign in with" in browser.get(page).content.decode()
    answer = join(browser, page)
    assert len(answer.context["groups"]) == 8
    assert (reads(browser), keep(browser, "Got here").status_code, texts(browser)) == (True, 200, ["Got here"])


def test_it_lets_in_one_person_with_one_invitation(invited, host):
    page = invited()
    assert join(host(), page).status_code == 200
    assert join(host(), page, "Sam").status_code == 410
    assert host().get(page).status_code == 410
    assert (Person.objects.count(), Invitation.objects.count()) == (1, 0)


def test_an_invitation_is_not_used_up_by_looking_or_by_a_mistake(invited, host):
    page, browser = invited(), host()
    browser.get(page)
    assert join(browser, page, words="short").status_code == 400
    assert join(browser, page, name=" ").status_code == 400
    assert join(browser, page).status_code == 200


def test_an_invitation_is_over_after_its_days(invited, host, clock):
    page = invited()
    clock.move(days=7)
    assert join(host(), page).status_code == 410


@pytest.mark.parametrize("code", ["x", "0" * 64, "../..", "%00", "é"])
def test_it_lets_nobody_in_with_something_else(code, invited, host):
    assert host().get(f"/join/{code}/").status_code in (404, 410)
    assert not Vault.objects.exists()


def test_sign_up_is_closed_unless_somebody_opened_it(invited, host, monkeypatch):
    assert join(host(), "/join/").status_code == 410
    monkeypatch.setattr(settings, "SIGN_UP", "open")
    assert join(host(), "/join/").status_code == 200


def test_a_whole_group_can_join_from_one_room(invited, host):
    answers = [join(host("192.0.2.77"), invited(), f"Somebody {number}").status_code for number in range(35)]
    assert answers == [200] * 35


def test_open_sign_up_is_limited_by_network(invited, host, monkeypatch):
    monkeypatch.setattr(settings, "SIGN_UP", "open")
    answers = [join(host("192.0.2.77"), "/join/", f"Somebody {number}").status_code for number in range(31)]
    assert answers == [200] * 30 + [410]


def test_there_is_nothing_to_join_on_ones_own_computer(alice):
    assert alice.browser.get("/join/").status_code == 404


def test_a_name_is_taken_once_however_it_is_written(invited, robin, host):
    page = invited()
    for name in ("robin", "  ROBIN ", "ｒｏｂｉｎ"):
        answer = join(host(), page, name)
        assert (answer.status_code, "choose another name" in answer.content.decode()) == (400, True)
    assert join(host(), page, "Sam").status_code == 200


def test_the_database_holds_no_name(robin):
    person = Person.objects.get()
    assert b"obin" not in bytes(person.tag)
    assert len(person.tag) == 32


def test_it_signs_in_from_another_browser(robin, host):
    keep(robin, "Called my sister")
    phone = host("198.51.100.7")
    assert phone.get("/")["Location"] == "/unlock/"
    assert sign_in(phone).status_code == 302
    assert texts(phone) == ["Called my sister"]


def test_it_answers_the_same_for_a_name_that_nobody_has(robin, host):
    """Words, status and the work done: one derivation each."""
    known, unknown = sign_in(host(), "Robin", "wrong words here"), sign_in(host(), "Nobody", "wrong words here")
    assert (known.status_code, unknown.status_code) == (403, 403)
    assert list(known.context["form"].errors.values()) == list(unknown.context["form"].errors.values())


@pytest.mark.parametrize("name", ["Robin", "Nobody"])
def test_it_derives_once_whether_or_not_there_is_an_account(name, robin, host, monkeypatch):
    done, derive = [], ways._stretched
    monkeypatch.setattr(
        ways,
        "_stretched",
        lambda secret, salt, cost: (done.append(cost) if cost else None, derive(secret, salt, cost))[1],
    )
    sign_in(host(), name, "wrong words here")
    assert len(done) == 1


def test_guesses_from_elsewhere_never_lock_out_a_browser_that_was_here(robin, host):
    robin.post("/lock/now/")
    for number in range(12):
        for _ in range(TRIES + 1):
            sign_in(host(f"203.0.113.{number}"), words="a wrong guess")
    assert sign_in(host("198.51.100.7")).status_code == 429  # a new browser has to wait
    assert robin.post("/unlock/", {"secret": WORDS}).status_code == 302
    assert reads(robin)


def test_the_sheet_opens_even_where_many_guessed(invited, host):
    browser = host()
    code = " ".join(join(browser, invited()).context["groups"])
    phone = host("203.0.113.9")
    for _ in range(TRIES + 1):
        sign_in(phone, words="a wrong guess")
    assert sign_in(phone).status_code == 429
    assert phone.post("/unlock/", {"name": "Robin", "recovery": code}).status_code == 302


def test_a_network_is_limited_over_all_names(robin, host):
    answers = [sign_in(host("203.0.113.5"), f"Somebody {number}", "a wrong guess").status_code for number in range(31)]
    assert (answers[29], answers[30]) == (403, 429)
    assert sign_in(host("203.0.113.6")).status_code == 302


def test_one_line_of_ipv6_is_one_network(robin, host):
    for number in range(TRIES):
        sign_in(host(f"2001:db8:1:2::{number + 1:x}"), words="a wrong guess")
    assert sign_in(host("2001:db8:1:ff:ffff::1")).status_code == 429
    assert sign_in(host("2001:db8:1:100::1")).status_code == 302


def test_a_name_that_nobody_has_is_limited_alike(robin, host):
    for name in ("Robin", "Nobody"):
        answers = [sign_in(host(f"203.0.113.{len(name)}"), name, "no").status_code for _ in range(TRIES + 1)]
        assert answers[-2:] == [403, 429]


def test_a_token_is_no_cookie(robin, host, clock):
    """It would name its owner at the unlock page, and be counted as a browser of theirs."""
    written = robin.post("/tokens/", {"name": "My phone"}).context["written"]
    thief = host()
    thief.cookies[settings.ADD_COOKIE_NAME] = written
    assert keep(thief, "Not a browser").status_code == 403
    assert thief.get("/")["Location"] == "/unlock/"
    assert "Good to see you" in thief.get("/unlock/").content.decode()


def test_many_guesses_at_once_are_counted_right(robin, clock):
    limited_by = limits.of_stranger(b"x" * 32, "203.0.113.5")
    for _ in range(TRIES):
        limits.take(limited_by, clock.now())
    with pytest.raises(limits.TooManyAttempts):
        limits.take(limited_by, clock.now())
    assert Attempt.objects.filter(bucket=limited_by[0].bucket).count() == TRIES


def test_nobody_tries_out_who_else_lives_here(robin):
    answers = [robin.post("/lock/name/", {"name": f"Sam {n}", "secret": WORDS}).status_code for n in range(TRIES + 1)]
    assert answers == [302] * TRIES + [400]


def test_what_somebody_else_was_to_be_told_is_not_told_to_the_next(robin, invited, host):
    join(host(), invited(), "Sam")
    session = robin.session
    session["key_changed"] = True
    session.save()
    robin.post("/unlock/?other", {"name": "Sam", "secret": WORDS})
    phone = host()
    sign_in(phone, "Sam")
    robin.post("/lock/now/")
    robin.post("/unlock/?other", {"name": "Sam", "secret": WORDS})
    assert not robin.get("/wins/").context["key_changed"]


def test_it_says_that_a_key_was_exchanged_before_anything_else(robin):
    from smallwins.vault.root import Root

    robin.post("/lock/now/")
    vault = Vault.objects.get()
    Vault.objects.update(public_key=Root.new(vault.id).public_key)
    assert robin.post("/unlock/", {"secret": WORDS})["Location"] == "/wins/"
    assert "Someone had changed the keys" in robin.get("/wins/").content.decode()


def test_wrong_tries_say_neither_whose_nor_from_where(robin, host):
    sign_in(host("203.0.113.5"), words="a wrong guess")
    for row in Attempt.objects.all():
        assert len(row.bucket) == 16
        assert bytes(Vault.objects.get().id) not in bytes(row.bucket)


def test_keeping_survives_a_lock_and_the_end_of_the_session(robin, clock):
    robin.post("/lock/now/")
    assert not reads(robin)
    assert keep(robin, "Kept while locked").status_code == 200
    clock.move(days=100)
    assert keep(robin, "Kept much later").status_code == 200
    assert Letter.objects.count() == 2
    robin.post("/unlock/", {"secret": WORDS})
    assert texts(robin) == ["Kept much later", "Kept while locked"]


def test_signing_out_takes_keeping_away_too(robin):
    robin.post("/sign-out/")
    assert not Adder.objects.exists()
    assert not WayIn.objects.filter(kind=WayIn.Kind.SESSION).exists()
    answer = keep(robin, "Whose is this")
    assert (answer.status_code, html(answer).words_in("textarea")) == (403, "Whose is this")
    assert robin.get("/")["Location"] == "/unlock/"


def test_a_browser_that_is_ended_elsewhere_can_add_no_more(robin, host):
    phone = host()
    sign_in(phone)
    robin.post("/sessions/", {"end": "others"})
    assert keep(phone, "Somebody has my phone").status_code == 403
    assert keep(robin, "Still mine").status_code == 200


def test_a_stolen_add_cookie_is_bounded(robin, host, clock):
    robin.post("/lock/now/")
    thief = host()
    thief.cookies[settings.ADD_COOKIE_NAME] = robin.cookies[settings.ADD_COOKIE_NAME].value
    Adder.objects.update(uses=600, since=clock.now())
    assert keep(thief, "Filling it").status_code == 429
    assert thief.get("/wins/").status_code == 302
    clock.move(hours=1)
    assert keep(robin, "A real one").status_code == 200


def test_somebody_else_can_sign_in_in_the_same_browser(robin, invited, host):
    join(host(), invited(), "Sam")
    robin.post("/lock/now/")
    assert "somebody else" in robin.get("/unlock/").content.decode()
    assert robin.post("/unlock/?other", {"name": "Sam", "secret": WORDS}).status_code == 302
    keep(robin, "Sam's own words")
    phone = host()
    sign_in(phone, "Robin")
    assert texts(phone) == []
    assert texts(robin) == ["Sam's own words"]


def test_it_changes_the_name(robin, host):
    robin.post("/lock/name/", {"name": "Wren", "secret": WORDS})
    assert sign_in(host(), "Robin").status_code == 403
    assert sign_in(host("192.0.2.9"), "Wren").status_code == 302


def test_it_changes_no_name_without_the_passphrase(robin, host):
    assert robin.post("/lock/name/", {"name": "Wren", "secret": "wrong words"}).status_code == 400
    assert sign_in(host(), "Robin").status_code == 302


def test_a_passphrase_cannot_be_taken_away_on_a_host(robin):
    assert robin.get("/lock/passphrase/remove/").status_code == 404


def test_deleting_everything_leaves_no_person_behind(robin):
    robin.post("/delete-everything/", {"secret": WORDS, "confirm": "delete everything"})
    assert not any(model.objects.exists() for model in (Person, Vault, Adder, Page))
    assert robin.get("/")["Location"] == "/unlock/"


def test_it_refuses_what_came_without_tls(db, host, home):
    plain = Client()
    assert plain.get("/").status_code == 400
    assert (plain.get("/health").status_code, plain.get("/ready").status_code) == (200, 200)


def test_it_believes_only_its_own_proxy(db, host, home, monkeypatch):
    from ipaddress import ip_network

    monkeypatch.setattr(settings, "PROXIES", [ip_network("10.0.0.0/8")])
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert Client(REMOTE_ADDR="10.1.2.3").get("/unlock/", headers=said).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.1").get("/unlock/", headers=said).status_code == 400


@pytest.mark.parametrize("visitor", ["unknown", "203.0.113.9:1234", "", "203.0.113.9, "])
def test_it_refuses_what_comes_from_nowhere(visitor, db, host, home, monkeypatch):
    from ipaddress import ip_network

    monkeypatch.setattr(settings, "PROXIES", [ip_network("10.0.0.0/8")])
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": visitor}
    status = Client(REMOTE_ADDR="10.1.2.3").get("/unlock/", headers=said).status_code
    assert status == (200 if visitor == "" else 400)  # none: the proxy itself asks


def test_it_counts_the_visitor_and_not_the_proxy(robin, host, monkeypatch):
    from ipaddress import ip_network

    monkeypatch.setattr(settings, "PROXIES", [ip_network("10.0.0.0/8")])

    def guess(visitor: str, words: str = "a wrong guess") -> int:
        browser = Client(REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": visitor})
        return sign_in(browser, words=words).status_code

    for number in range(TRIES):
        guess(f"198.51.100.{number}, 203.0.113.9")  # the first part is what the visitor claims
    assert guess("192.0.2.4, 203.0.113.9") == 429
    assert guess("203.0.113.10", WORDS) == 302


def test_it_shows_the_clock_of_the_browser(robin, clock):
    robin.cookies["zone"] = "Asia/Tokyo"
    keep(robin, "A morning win")  # 18:30 in Lisbon, half past three the next morning there
    win = robin.get("/wins/").context["groups"][0]["wins"][0]
    assert "15 March 2026, 03:30" in win["when_long"]
    robin.cookies["zone"] = "../../etc/passwd"
    assert robin.get("/wins/").status_code == 200


class TestRoom:
    def test_it_hands_words_back_where_the_room_is_full(self, robin, monkeypatch):
        monkeypatch.setattr(settings, "QUOTA", 3000)
        answers = [keep(robin, f"A win, number {number}").status_code for number in range(12)]
        assert (answers[0], answers[-1]) == (200, 507)
        answer = keep(robin, "Words of mine")
        assert html(answer).words_in("textarea") == "Words of mine"
        assert len(texts(robin)) == answers.count(200)

    def test_it_has_room_again_after_deleting(self, robin, monkeypatch, clock):
        monkeypatch.setattr(settings, "QUOTA", 3000)
        while keep(robin, f"A win at {clock.now()}").status_code == 200:
            clock.move(seconds=1)
        Page.objects.all().delete()
        clock.move(minutes=10)
        assert keep(robin, "There is room").status_code == 200

    def test_reading_goes_on_where_the_room_is_full(self, robin, monkeypatch):
        robin.post("/lock/now/")
        keep(robin, "Kept while locked")
        monkeypatch.setattr(settings, "QUOTA", 1)
        robin.post("/unlock/", {"secret": WORDS})
        assert texts(robin) == ["Kept while locked"]

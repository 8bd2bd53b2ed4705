"""Sessions: two cookies, one of them a secret that only the browser has; listed, ended, over by themselves."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from smallwins.cli.housekeeping import tidy_up
from smallwins.people import actions
from smallwins.people.models import Vault, WayIn
from smallwins.people.ways import Kind

pytestmark = pytest.mark.database

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


def another(alice, agent: str = PHONE) -> Client:
    """A second browser of hers."""
    browser = Client(HTTP_USER_AGENT=agent)
    browser.get(f"/open/{actions.opening_link(alice.root, alice.cast.clock.now())}/", follow=True)
    assert reads(browser)
    return browser


def reads(browser: Client) -> bool:
    return browser.get("/wins/").status_code == 200


def rows() -> str:
    """Every value of every row, in hex and as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row]
    return "\n".join(found)


def test_it_lists_every_browser_and_says_which_is_this(alice):
    another(alice)
    shown = alice.browser.get("/sessions/").context["sessions"]
    assert sorted((row.device, row.current) for row in shown) == [
        ("Firefox on Linux", True),
        ("Safari on iPhone", False),
    ]


@pytest.mark.parametrize("end", ["others", "that one"])
def test_it_ends_the_others_and_stays(end, alice):
    phone = another(alice)
    named = next(row.id_hex for row in alice.browser.get("/sessions/").context["sessions"] if not row.current)
    alice.browser.post("/sessions/", {"end": "others" if end == "others" else named})
    assert (reads(phone), reads(alice.browser)) == (False, True)
    assert len(alice.browser.get("/sessions/").context["sessions"]) == 1


def test_it_ends_all_others_of_several(alice):
    phones = [another(alice) for _ in range(3)]
    alice.browser.post("/sessions/", {"end": "others"})
    assert [reads(phone) for phone in (*phones, alice.browser)] == [False, False, False, True]


def test_it_can_end_itself(alice):
    phone = another(alice)
    own = next(row.id_hex for row in alice.browser.get("/sessions/").context["sessions"] if row.current)
    alice.browser.post("/sessions/", {"end": own})
    assert (reads(alice.browser), reads(phone)) == (False, True)


@pytest.mark.parametrize("end", ["", "nonsense", "0" * 32, "\x00"])
def test_it_ends_nothing_where_nothing_was_named(end, alice):
    phone = another(alice)
    assert alice.browser.post("/sessions/", {"end": end}).status_code == 302
    assert reads(phone)
    assert reads(alice.browser)


def test_it_ends_no_way_in_that_is_not_a_session(alice):
    latch = WayIn.objects.get(kind=Kind.LATCH)
    alice.browser.post("/sessions/", {"end": latch.id.hex()})
    assert WayIn.objects.filter(kind=Kind.LATCH).exists()


@pytest.mark.parametrize("minutes", [5, 15, 60, 240])
def test_it_is_over_after_idling(minutes, alice, clock):
    alice.browser.post("/lock/idle/", {"idle_minutes": minutes})
    for _ in range(4):
        clock.move(minutes=minutes, seconds=-1)
        assert reads(alice.browser)
    clock.move(minutes=minutes)
    assert not reads(alice.browser)
    assert alice.keep("Kept all the same").status_code == 200


def test_it_does_not_idle_where_nobody_asked_for_it(alice, clock):
    alice.browser.post("/lock/idle/", {"idle_minutes": 0})
    clock.move(days=20)
    assert reads(alice.browser)


@pytest.mark.parametrize("minutes", ["-5", "1", "x", "", "5000000"])
def test_it_takes_no_other_idling(minutes, alice):
    assert alice.browser.post("/lock/idle/", {"idle_minutes": minutes}).status_code in (400, 404)
    assert Vault.objects.get().idle_minutes is None


def test_it_is_over_after_thirty_days_however_much_it_is_used(alice, clock):
    for _ in range(59):
        clock.move(hours=12)
        assert reads(alice.browser)
    clock.move(hours=12)
    assert not reads(alice.browser)


def test_a_session_that_is_over_leaves_no_row(alice, clock):
    clock.move(days=30)
    tidy_up(alice.cast.home, clock.now())
    assert not WayIn.objects.filter(kind=Kind.SESSION).exists()


def test_it_has_a_new_id_and_a_new_secret_with_every_opening(alice):
    names = (settings.SESSION_COOKIE_NAME, settings.KEY_COOKIE_NAME)
    before = [alice.browser.cookies[name].value for name in names]
    alice.open_browser()
    after = [alice.browser.cookies[name].value for name in names]
    assert not set(before) & set(after)
    old = Client()
    for name, value in zip(names, before, strict=True):
        old.cookies[name] = value
    assert not reads(old)


def test_a_session_id_that_somebody_planted_opens_nothing(alice):
    """Session fixation: the id from before the opening is worth nothing after it."""
    planted = Client()
    planted.session.save()
    planted_id = planted.session.session_key
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted_id
    victim.get(f"/open/{actions.opening_link(alice.root, alice.cast.clock.now())}/", follow=True)
    assert reads(victim)
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != planted_id


def test_its_cookies_are_for_this_host_and_no_script(alice):
    browser = Client()
    path = f"/open/{actions.opening_link(alice.root, alice.cast.clock.now())}/"
    while path != "/":
        answer = browser.get(path)
        path = answer["Location"]
    browser.get("/")
    assert len(browser.cookies) == 4
    for name, cookie in browser.cookies.items():
        assert name.startswith("__Host-")
        assert str(settings.PORT) in name
        flags = {flag: cookie[flag] for flag in ("secure", "httponly", "samesite", "path", "domain")}
        assert flags == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}, name
        longest = {settings.CSRF_COOKIE_NAME: settings.CSRF_COOKIE_AGE, settings.ADD_COOKIE_NAME: 400 * 24 * 3600}
        assert 0 < int(cookie["max-age"]) <= longest.get(name, 30 * 24 * 3600)


def test_a_lock_in_one_browser_ends_both(alice):
    alice.has("Alice's own words")
    phone = another(alice)
    phone.post("/lock/now/")
    assert (reads(alice.browser), reads(phone)) == (False, False)
    assert "own words" not in alice.browser.get("/").content.decode()
    assert alice.keep("Kept all the same").status_code == 200


def test_a_lock_drops_the_cookies_of_that_browser(alice):
    alice.browser.post("/lock/now/")
    assert [alice.browser.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, settings.KEY_COOKIE_NAME)] == [
        "",
        "",
    ]
    assert not WayIn.objects.filter(kind__in=actions.PASSING).exists()


def test_a_lock_sent_without_a_session_ends_nobody_elses(alice, charlie):
    charlie.post("/lock/now/")
    assert reads(alice.browser)


@pytest.mark.parametrize("value", ["", "zz", "00", "0" * 64, "é"])
def test_it_reads_nothing_with_a_wrong_key(value, alice):
    alice.browser.cookies[settings.KEY_COOKIE_NAME] = value
    assert not reads(alice.browser)


def test_its_secret_is_not_in_the_database(alice):
    secret = alice.browser.cookies[settings.KEY_COOKIE_NAME].value
    reads(alice.browser)
    content = rows()
    assert alice.vault_id.hex() in content
    assert secret not in content
    assert all(secret not in json.dumps(session.get_decoded()) for session in Session.objects.all())


def test_it_says_which_browser_is_locked_and_can_only_keep(alice, clock):
    another(alice)
    alice.browser.post("/lock/idle/", {"idle_minutes": 15})
    clock.move(minutes=14)
    reads(alice.browser)
    clock.move(minutes=2)
    shown = alice.browser.get("/sessions/").context["sessions"]
    assert [(row.current, row.reads) for row in shown] == [(True, True), (False, False)]


def test_it_says_when_it_was_used_without_counting_days(alice, clock):
    another(alice)
    clock.move(days=5)
    shown = alice.browser.get("/sessions/").context["sessions"]
    assert [row.seen_label for row in shown] == ["18:30", "14 March, 18:30"]


def test_it_writes_down_its_use_now_and_then_only(alice, clock):
    """A page that reads must not wait for the disk every time."""
    reads(alice.browser)
    before = WayIn.objects.get(kind=Kind.SESSION).seen_at
    clock.move(seconds=29)
    reads(alice.browser)
    assert WayIn.objects.get(kind=Kind.SESSION).seen_at == before
    clock.move(seconds=1)
    reads(alice.browser)
    assert WayIn.objects.get(kind=Kind.SESSION).seen_at - before == timedelta(seconds=30)

"""The door for a hard moment: there for everybody, locked or not, with numbers that have a source and a day."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session

import smallwins
from smallwins.hard_moment.helplines import countries, country, country_of, finder
from tests.web import html

DATABASE = pytest.mark.database
LINES = [(each.code, line) for each in countries().values() for line in each.lines]
NAMES = [f"{code}-{line.name}" for code, line in LINES]


def calls(page) -> list[str]:
    return [given["href"] for given in html(page).all("a") if given.get("href", "").startswith(("tel:", "sms:"))]


@DATABASE
@pytest.mark.parametrize("who", ["open", "locked", "charlie", "of several"])
def test_it_is_open_to_everybody(who, alice, charlie, request):
    if who == "locked":
        alice.lock()
    if who == "of several":
        request.getfixturevalue("bob")
    browser = alice.browser if who in ("open", "locked") else charlie
    page = browser.get("/hard-moment/")
    assert page.status_code == 200
    assert page.context["emergency"] in " ".join(calls(page))


@DATABASE
def test_it_leaves_no_trace_that_somebody_came(alice, charlie):
    from smallwins.book.models import Page
    from smallwins.people.models import WayIn

    before = (Session.objects.count(), Page.objects.count(), list(WayIn.objects.values()))
    answer = charlie.get("/hard-moment/", {"country": "DE"}, headers={"accept-language": "de-DE"})
    assert (Session.objects.count(), Page.objects.count(), list(WayIn.objects.values())) == before
    assert not [name for name in answer.cookies if "form" not in name]
    assert alice.browser.post("/hard-moment/").status_code == 405


@DATABASE
def test_it_asks_nothing_of_the_network(alice, monkeypatch):
    """Nothing goes out; only an address that somebody presses leads elsewhere, and says nothing of where from."""
    page = html(alice.browser.get("/hard-moment/", {"country": "US"}))
    outward = [given for given in page.all("a") if given.get("href", "").startswith("http")]
    assert outward
    assert all("noreferrer" in given.get("rel", "") for given in outward)
    assert not page.all("img")
    assert not page.all("iframe")


@DATABASE
def test_it_shows_what_there_is_for_a_country(charlie):
    for code, known in countries().items():
        shows(charlie.get("/hard-moment/", {"country": code}), code, known)


def shows(page, code: str, known) -> None:
    assert page.context["country"] == code
    found = calls(page)
    assert found[0] == f"tel:{known.emergency}"
    for line in known.lines:
        assert not line.call or f"tel:{line.dial or line.call}" in found
        assert not line.text_to or any(each.startswith(f"sms:{line.text_to}") for each in found)
        assert line.source in page.content.decode().replace("&amp;", "&")
    chosen = [given.get("value") for given in html(page).all("option") if "selected" in given]
    assert chosen == [code]


@DATABASE
@pytest.mark.parametrize(
    ("languages", "code"),
    [
        ("de-AT,de;q=0.9", "AT"),
        ("en-GB", "GB"),
        ("en-gb", "GB"),
        ("en,de-DE;q=0.5", "DE"),
        ("zh-Hant-TW", "TW"),
        ("en", ""),
        ("", ""),
        ("*", ""),
        ("xx-XX,en-US", "US"),
        ("-", ""),
        (",,;;--", ""),
        ("a" * 10_000, ""),
        ("de-AT; q=1 , en-US", "AT"),
    ],
)
def test_it_takes_the_country_from_the_languages_of_the_browser(languages, code, charlie):
    page = charlie.get("/hard-moment/", headers={"accept-language": languages})
    assert page.context["country"] == country_of(languages) == code


@DATABASE
def test_the_chosen_country_goes_before_the_language(charlie):
    page = charlie.get("/hard-moment/", {"country": "GB"}, headers={"accept-language": "de-DE"})
    assert page.context["country"] == "GB"


@DATABASE
@pytest.mark.parametrize(
    "chosen", ["", "XX", "gb", "<script>alert(1)</script>", "../../etc", "\x00", "A" * 10_000, "ÄÖ", "GB ", "__class__"]
)
def test_it_shows_the_common_number_for_any_other_country(chosen, charlie):
    page = charlie.get("/hard-moment/", {"country": chosen}, headers={"accept-language": "de-DE"})
    assert (page.status_code, page.context["country"]) == (200, "")
    assert calls(page) == [f"tel:{country('').emergency}"]
    assert page.context["emergency"] == "112"
    assert finder() in page.content.decode()
    assert "<script>alert" not in page.content.decode()


@DATABASE
def test_it_is_two_presses_from_every_page_at_most(alice):
    for path in ("/", "/wins/", "/more/", "/unlock/", "/nothing/here/"):
        links = [given["href"] for given in html(alice.browser.get(path, follow=True)).all("a")]
        assert "/hard-moment/" in links


@pytest.mark.parametrize(("code", "line"), LINES, ids=NAMES)
def test_every_line_has_a_source_a_day_and_a_way_to_reach_it(code, line):
    assert line.source.startswith("https://")
    assert isinstance(line.checked, date)
    assert line.name.strip()
    assert line.call or line.text_to or line.chat
    assert not line.call or re.fullmatch(r"[\d+(][\d+ ()\-–/]*\d", line.call)
    assert not line.dial or re.fullmatch(r"\+?\d{2,15}", line.dial)
    assert not line.call or re.sub(r"\D", "", line.dial or line.call) == re.sub(r"\D", "", line.call)
    assert not line.text_to or re.fullmatch(r"\+?\d{2,15}", line.text_to)
    assert not line.chat or line.chat.startswith("https://")


@pytest.mark.parametrize("code", sorted(countries()))
def test_every_country_has_an_emergency_number(code):
    assert re.fullmatch(r"[A-Z]{2}", code)
    assert re.fullmatch(r"\d{2,6}", countries()[code].emergency)
    assert countries()[code].name.strip()


def test_no_line_stands_twice_in_a_country():
    assert len(set(NAMES)) == len(NAMES)
    assert len(LINES) > 10


@pytest.mark.parametrize(("code", "line"), LINES, ids=NAMES)
def test_it_ships_no_number_checked_more_than_90_days_ago(code, line):
    released = date.fromisoformat(smallwins.UPDATED)
    assert timedelta(0) <= released - line.checked <= timedelta(days=90)

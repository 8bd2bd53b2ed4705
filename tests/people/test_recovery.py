"""The recovery sheet: a code on paper, shown once, that opens when nothing else does."""

import pytest
from django.test import Client

from smallwins.people.models import WayIn
from smallwins.people.ways import Kind

pytestmark = pytest.mark.database


def sheet(alice, **data) -> list[str]:
    return alice.browser.post("/lock/recovery/", data).context["groups"]


def unlock(code: str, browser: Client | None = None) -> bool:
    browser = browser or Client()
    browser.post("/unlock/", {"recovery": code})
    return browser.get("/wins/").status_code == 200


@pytest.fixture
def code(alice) -> str:
    alice.has("Alice's own words")
    made = " ".join(sheet(alice))
    alice.lock()
    return made


def test_it_shows_the_code_once(alice):
    groups = sheet(alice)
    assert [len(group) for group in groups] == [4] * 8
    assert groups[0] not in alice.browser.get("/lock/recovery/").content.decode()


def test_it_opens_what_is_locked(code, alice):
    browser = Client()
    assert unlock(code, browser)
    assert "Alice&#x27;s own words" in browser.get("/wins/").content.decode()


@pytest.mark.parametrize(
    "spelled",
    [
        str.lower,
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: f"  {code}\t",
        lambda code: code.replace("O", "0").replace("I", "1").replace("B", "8"),
        lambda code: code.replace(" ", "\u00a0"),
    ],
)
def test_it_opens_however_it_was_copied(spelled, code):
    assert unlock(spelled(code))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda code: code[:-1] + ("A" if code[-1] != "A" else "C"),
        lambda code: code[:-1],
        lambda code: code + "A",
        lambda code: code[::-1],
        lambda code: "",
        lambda code: "é" * 32,
        lambda code: "=" * 32,
        lambda code: "A" * 32,
    ],
)
def test_it_opens_with_no_other(wrong, code):
    assert not unlock(wrong(code))


def test_an_older_sheet_opens_no_more(code, alice):
    assert unlock(code, alice.browser)
    newer = " ".join(sheet(alice))
    assert not unlock(code)
    assert unlock(newer)
    assert WayIn.objects.filter(kind=Kind.RECOVERY).count() == 1


def test_a_new_one_is_made_only_by_whoever_knows_the_passphrase(alice, monkeypatch):
    monkeypatch.setattr("smallwins.vault.ways.ARGON2", {"memory_cost": 64, "iterations": 1, "lanes": 1})
    words = "plum kettle orbit"
    alice.browser.post("/lock/passphrase/", {"new": words, "again": words})
    for wrong in ("", "not it at all"):
        answer = alice.browser.post("/lock/recovery/", {"secret": wrong})
        assert (answer.context["shown"], "secret" in answer.context["form"].errors) == (False, True)
    assert not WayIn.objects.filter(kind=Kind.RECOVERY).exists()
    assert len(sheet(alice, secret=words)) == 8


def test_it_is_nowhere_in_the_database_or_in_an_address(alice):
    from tests.people.test_sessions import rows

    answer = alice.browser.post("/lock/recovery/")
    code, content = "".join(answer.context["groups"]), rows()
    import base64

    assert code not in content
    assert base64.b32decode(code).hex() not in content
    assert "Location" not in answer.headers
    assert answer["Cache-Control"] == "no-store"


def test_it_opens_beside_the_latch_and_leaves_that_as_it_is(code, alice):
    from smallwins.cli import ground

    assert unlock(code)
    assert ground.by_latch(alice.vault) == alice.root


def test_it_does_not_open_somebody_elses(alice, bob):
    """On a host of several nobody knows whose door it is, and it opens none."""
    browser = Client()
    answer = browser.post("/unlock/", {"recovery": " ".join(sheet(alice))})
    assert answer.status_code == 400  # it asks for a name first
    assert browser.get("/wins/").status_code == 302

"""A passphrase: set, changed, removed; what opened before opens no more; guessing is slow; nothing is lost by it."""

import json
from pathlib import Path

import pytest
from django.test import Client

from smallwins.book.memory import close_book
from smallwins.book.models import Page
from smallwins.cli import ground
from smallwins.people import actions, ways
from smallwins.people.models import Attempt, OlderRoot, Vault, WayIn
from smallwins.people.ways import Kind, open_way
from smallwins.vault.errors import CannotOpen, VaultError, WrongSecret
from smallwins.vault.pages import open_page
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import ARGON2, open_root
from tests.web import html

pytestmark = pytest.mark.database

WORDS = "plum kettle orbit 12"
OTHERS = "seven quiet herons"


@pytest.fixture(autouse=True)
def light_argon2(monkeypatch):
    """The derivation itself is tested with the vault; here it would only be waited for."""
    monkeypatch.setattr("smallwins.vault.ways.ARGON2", {"memory_cost": 64, "iterations": 1, "lanes": 1})


def set_it(alice, new: str = WORDS, **others):
    return alice.browser.post("/lock/passphrase/", {"new": new, "again": new, **others})


def unlock(typed: str, browser: Client | None = None, field: str = "secret"):
    """The status of unlocking in some browser, and whether it reads then."""
    browser = browser or Client()
    status = browser.post("/unlock/", {field: typed}).status_code
    return status, browser.get("/wins/").status_code == 200


def another(alice) -> Client:
    browser = Client()
    link = actions.opening_link(alice.root, alice.cast.clock.now())
    browser.get(f"/open/{link}/", follow=True)
    assert browser.get("/wins/").status_code == 200
    return browser


@pytest.fixture
def latch(alice) -> bytes:
    """A copy of the latch, as somebody may have taken it."""
    alice.has("Kept before")
    return Path(alice.cast.home.latch(alice.vault_id)).read_bytes()


def test_it_asks_for_it_from_then_on(latch, alice):
    assert set_it(alice).status_code == 302
    assert "Kept before" in alice.browser.get("/wins/").content.decode()
    alice.lock()
    assert alice.browser.get("/wins/").status_code == 302
    assert unlock(WORDS, alice.browser) == (302, True)
    assert "Kept before" in alice.browser.get("/wins/").content.decode()


def test_it_goes_on_to_where_the_person_wanted(alice):
    set_it(alice)
    alice.lock()
    asked = alice.browser.get("/more/")
    fields = html(alice.browser.get(asked["Location"])).form_with("secret")
    assert alice.browser.post("/unlock/", fields | {"secret": WORDS})["Location"] == "/more/"


def test_keeping_never_asks(alice):
    set_it(alice)
    alice.lock()
    assert alice.keep("Kept while locked").status_code == 200
    assert Client().post("/", {"text": "From a new browser", "form_key": "k"}).status_code == 200
    unlock(WORDS, alice.browser)
    page = alice.browser.get("/wins/").content.decode()
    assert "Kept while locked" in page
    assert "From a new browser" in page


def test_what_opened_before_opens_no_more(latch, alice, clock):
    others, link = another(alice), actions.opening_link(alice.root, clock.now())
    set_it(alice)
    assert others.get("/wins/").status_code == 302
    assert Client().get(f"/open/{link}/", follow=True).status_code == 410
    path = Path(alice.cast.home.latch(alice.vault_id))
    assert not path.exists()
    path.write_bytes(latch)
    assert ground.by_latch(alice.vault) is None
    assert not WayIn.objects.filter(kind=Kind.LATCH).exists()


def opened_in_an_old_copy(row: WayIn, secret: bytes) -> Root:
    """As in the copy of that day: the program of today refuses the row."""
    with pytest.raises(WrongSecret):
        open_way(row, secret)
    return open_root(ways._lock_of(row), ways._place_of(row), bytes(row.sealed_root), secret, bytes(row.proof))


def test_a_copy_of_the_latch_opens_no_page_any_more(latch, alice):
    """Not even with an old copy of the row: it opens the old root, and no page is sealed under that."""
    row = WayIn.objects.get(kind=Kind.LATCH)
    set_it(alice)
    alice.browser.get("/wins/")
    old = opened_in_an_old_copy(row, latch)
    assert old.generation == 1
    for page in Page.objects.all():
        for generation in (1, 2):
            with pytest.raises(CannotOpen):
                open_page(old, Place(alice.vault_id, page.id, page.kind, page.revision, generation), bytes(page.sealed))
    row.generation, row.sealed_root = 2, WayIn.objects.get(kind=Kind.PASSPHRASE).sealed_root
    with pytest.raises(VaultError):
        opened_in_an_old_copy(row, latch)


def test_every_page_is_sealed_anew(latch, alice):
    for number in range(5):
        alice.has(f"win {number}")
    alice.lock()
    alice.keep("A letter of the old key")
    alice.open_browser()
    before = {bytes(page.id): bytes(page.sealed) for page in Page.objects.all()}
    set_it(alice)
    assert "A letter of the old key" in alice.browser.get("/wins/").content.decode()
    assert {page.generation for page in Page.objects.all()} == {2}
    assert not {bytes(page.sealed) for page in Page.objects.all()} & set(before.values())
    assert (Vault.objects.get().generation, Vault.objects.get().resealed) == (2, 2)
    assert Page.objects.count() == 7


def test_a_deleted_page_is_sealed_anew_too(latch, alice):
    """It can still be undone, so the old key must not open it either."""
    win = alice.has("Goes")
    alice.browser.post(f"/wins/{win.record.hex()}/delete/")
    set_it(alice)
    alice.browser.get("/wins/")
    assert {page.generation for page in Page.objects.all()} == {2}
    alice.browser.post(f"/wins/{win.record.hex()}/undo/")
    assert "Goes" in alice.browser.get("/wins/").content.decode()


def test_the_letterbox_is_the_new_one(alice, monkeypatch):
    from smallwins.cli import win
    from smallwins.home import letterbox

    set_it(alice)
    home = alice.cast.home
    box = letterbox.read(home)
    assert (box.generation, box.public_key) == (2, bytes(alice.vault.public_key))
    letterbox.check_pin(home, box)
    monkeypatch.setenv("SMALLWINS_HOME", home.data)
    monkeypatch.setenv("SMALLWINS_KEYS", home.keys)
    assert win.main(["Kept", "by", "win"]) == 0
    assert "Kept by win" in alice.browser.get("/wins/").content.decode()


def test_it_can_be_changed_and_only_by_whoever_knows_it(latch, alice):
    set_it(alice)
    assert set_it(alice, OTHERS).status_code == 400
    assert set_it(alice, OTHERS, current="not it at all").status_code == 400
    assert unlock(OTHERS) == (403, False)
    assert set_it(alice, OTHERS, current=WORDS).status_code == 302
    assert unlock(WORDS) == (403, False)
    assert unlock(OTHERS) == (302, True)
    assert {page.generation for page in Page.objects.all()} == {3}
    assert alice.browser.get("/wins/").status_code == 200
    assert OlderRoot.objects.count() == 2


def test_an_old_copy_of_the_passphrase_row_opens_no_page(latch, alice):
    set_it(alice)
    old_row = WayIn.objects.get(kind=Kind.PASSPHRASE)
    set_it(alice, OTHERS, current=WORDS)
    alice.browser.get("/wins/")
    from smallwins.vault.ways import passphrase_secret

    root = opened_in_an_old_copy(old_row, passphrase_secret(WORDS))
    page = Page.objects.get()
    with pytest.raises(CannotOpen):
        open_page(root, Place(alice.vault_id, page.id, page.kind, page.revision, 3), bytes(page.sealed))


def test_it_can_be_removed_and_only_by_whoever_knows_it(latch, alice):
    set_it(alice)
    for wrong in ("", "not it at all"):
        alice.browser.post("/lock/passphrase/remove/", {"secret": wrong})
        assert WayIn.objects.filter(kind=Kind.PASSPHRASE).exists()
    assert alice.browser.post("/lock/passphrase/remove/", {"secret": WORDS}).status_code == 302
    assert unlock(WORDS)[1] is False
    root = ground.by_latch(alice.vault)
    assert (root.generation, Path(alice.cast.home.latch(alice.vault_id)).read_bytes() != latch) == (3, True)
    assert "Kept before" in alice.browser.get("/wins/").content.decode()


def test_the_recovery_sheet_still_opens_after_every_change(latch, alice):
    code = " ".join(alice.browser.post("/lock/recovery/").context["groups"])
    for change in ({"new": WORDS}, {"new": OTHERS, "current": WORDS}):
        assert set_it(alice, **change).status_code == 302
        browser = Client()
        assert unlock(code, browser, "recovery") == (302, True)
        assert "Kept before" in browser.get("/wins/").content.decode()
    alice.browser.post("/lock/passphrase/remove/", {"secret": OTHERS})
    assert unlock(code, field="recovery") == (302, True)


def test_the_sheet_stands_in_for_the_passphrase(latch, alice):
    """Whoever has forgotten it, and has the sheet, can set another."""
    code = " ".join(alice.browser.post("/lock/recovery/").context["groups"])
    set_it(alice)
    assert set_it(alice, OTHERS, current=code).status_code == 302
    assert unlock(OTHERS) == (302, True)


@pytest.mark.parametrize(
    "refused",
    [
        "",
        "short 1",
        "password",
        "Password",
        "iloveyou1",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "x" * 1025,
    ],
)
def test_it_refuses_what_is_easily_guessed(refused, alice):
    answer = set_it(alice, refused)
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert refused not in html(answer).form_with("new").values() or not refused
    assert not WayIn.objects.filter(kind=Kind.PASSPHRASE).exists()
    assert Vault.objects.get().generation == 1


def test_it_refuses_two_that_differ(alice):
    assert set_it(alice, WORDS, again=OTHERS).status_code == 400
    assert set_it(alice, WORDS, again="").status_code == 400
    assert not WayIn.objects.filter(kind=Kind.PASSPHRASE).exists()


@pytest.mark.parametrize(
    "good",
    [
        "eight ch",
        "a passphrase of more than sixty-four characters, with blanks, commas and a full stop.",
        "  blanks on both sides  ",
        "日本語のパスフレーズです",
        "🦊🌲🪨💧🌙🍞🧵🔔",
        "tab\tand “quotes” <b>",
        "x7Lm" * 256,
    ],
)
def test_it_takes_what_a_person_likes(good, alice):
    assert set_it(alice, good).status_code == 302
    alice.lock()
    if good != good.strip():
        assert unlock(good.strip()) == (403, False)
    assert unlock(good) == (302, True)


def test_it_is_the_same_from_every_keyboard(alice):
    """Composed or not (NFKC): phones and computers send letters with accents differently."""
    set_it(alice, "caf\u00e9 au lait noir")
    assert unlock("cafe\u0301 au lait noir") == (302, True)


@pytest.mark.parametrize("path", ["/lock/passphrase/", "/unlock/"])
def test_it_can_be_pasted_and_filled_in(path, alice):
    set_it(alice)
    browser = Client() if path == "/unlock/" else alice.browser
    fields = [given for given in html(browser.get(path)).all("input") if given.get("type") == "password"]
    assert fields
    for given in fields:
        assert given["autocomplete"] in ("current-password", "new-password")
        assert not {"onpaste", "maxlength", "readonly", "pattern"} & set(given)
    from django.contrib.staticfiles import finders

    assert "paste" not in Path(finders.find("web/smallwins.js")).read_text()


def test_guessing_is_limited_and_the_answer_says_nothing(alice, clock):
    code = " ".join(alice.browser.post("/lock/recovery/").context["groups"])
    set_it(alice)
    alice.lock()
    said = set()
    for number in range(10):
        answer = Client().post("/unlock/", {"recovery" if number % 2 else "secret": f"guess number {number}"})
        assert answer.status_code == 403
        said.add(tuple(str(error) for errors in answer.context["form"].errors.values() for error in errors))
    assert len(said) == 1  # the same for a wrong passphrase and a wrong code
    assert unlock(WORDS) == (429, False)
    assert unlock(code, field="recovery") == (302, True)  # the sheet is never limited, so nobody is locked out
    alice.lock()
    assert alice.keep("Keeping goes on").status_code == 200
    clock.move(minutes=10)
    assert unlock(WORDS) == (302, True)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    "path", ["/lock/passphrase/remove/", "/take-away/export/", "/delete-everything/", "/lock/recovery/"]
)
def test_guessing_is_limited_at_every_door(path, alice):
    set_it(alice)
    for number in range(10):
        alice.browser.post(path, {"secret": f"guess number {number}", "confirm": "delete everything"})
    answer = alice.browser.post(path, {"secret": WORDS, "confirm": "delete everything"})
    assert answer["Content-Type"].startswith("text/html")
    assert answer.status_code != 302
    assert WayIn.objects.filter(kind=Kind.PASSPHRASE).exists()
    assert unlock(WORDS) == (302, True)  # guesses at one door do not shut another


def test_it_is_stretched_as_decided(alice, monkeypatch):
    monkeypatch.setattr("smallwins.vault.ways.ARGON2", ARGON2)
    set_it(alice)
    cost = json.loads(WayIn.objects.get(kind=Kind.PASSPHRASE).cost)
    assert (cost["memory_cost"] >= 64 * 1024, cost["iterations"] >= 3, cost["lanes"] >= 1) == (True, True, True)


def test_it_locks_by_itself_from_then_on(alice, clock):
    set_it(alice)
    clock.move(minutes=15)
    assert alice.browser.get("/wins/").status_code == 302


def test_nothing_is_lost_when_the_program_stops_before_it_seals_anew(latch, alice, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.book.actions.reseal", lambda reader: (_ for _ in ()).throw(KeyboardInterrupt))
        set_it(alice)
        close_book(alice.vault_id)
        with pytest.raises(KeyboardInterrupt):
            alice.browser.get("/wins/")
    assert "Kept before" in alice.browser.get("/wins/").content.decode()


def test_nothing_has_changed_when_it_fails_midway(latch, alice, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.people.actions.OlderRoot.objects.create", lambda **_: 1 / 0)
        alice.browser.raise_request_exception = False
        assert set_it(alice).status_code == 500
    assert ground.by_latch(alice.vault) == alice.root
    assert Vault.objects.get().generation == 1
    assert "Kept before" in alice.browser.get("/wins/").content.decode()

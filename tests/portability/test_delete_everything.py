"""Deleting everything: the ways in first, then every row and every file; nobody else's."""

import os
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from smallwins.book.models import Letter, Page
from smallwins.cli import ground
from smallwins.home import spool
from smallwins.people import actions as people
from smallwins.people.models import OlderRoot, Person, Vault, WayIn
from smallwins.portability import actions
from tests.book.test_take_in import good, letter

pytestmark = pytest.mark.database

WORDS = "delete everything"


def delete(alice, confirm: str = WORDS, **others):
    return alice.browser.post("/delete-everything/", {"confirm": confirm, **others})


@pytest.fixture
def full(alice):
    """Alice, with something of everything."""
    alice.has("A page")
    alice.browser.post("/what-counts/", {"text": "A tap"})
    alice.browser.post("/lock/recovery/")
    ground.begin_terminal_session(alice.root)
    alice.browser.post("/unlock/", {"secret": "wrong"})
    alice.lock()
    alice.keep("A letter")
    alice.open_browser()
    ground.begin_terminal_session(alice.root)
    spool.post(alice.cast.home, letter(alice, good("In the spool")))
    return alice


def rows_of(vault: bytes) -> dict[str, int]:
    found = {}
    for model in apps.get_models():
        columns = [field.name for field in model._meta.concrete_fields if field.column == "vault_id"]
        for column in columns:
            found[model.__name__] = model._base_manager.filter(**{column: vault}).count()
    return found


def files(home) -> set[str]:
    return {str(path) for folder in (home.data, home.keys) for path in Path(folder).rglob("*") if path.is_file()}


def test_it_leaves_no_row_and_no_file_of_that_vault(full):
    home, vault = full.cast.home, full.vault_id
    assert {"Page", "Letter", "WayIn", "OlderRoot", "Adder", "Vault"} <= rows_of(vault).keys()
    answer = delete(full)
    assert (answer.status_code, "Everything is deleted." in answer.content.decode()) == (200, True)
    assert set(rows_of(vault).values()) == {0}
    assert Person.objects.count() == 0
    left = {path for path in files(home) if not path.endswith(("web-secret", "server-key"))}
    assert left == set()
    assert full.browser.get("/wins/").status_code in (302, 404)


def test_it_leaves_no_session_of_that_vault(full):
    delete(full)
    assert [row for row in Session.objects.all() if full.vault_id.hex() in str(row.get_decoded())] == []


@pytest.mark.parametrize("typed", ["", "delete", "delete everything please", "DELETE", "yes", "x" * 500])
def test_it_wants_to_be_typed(typed, full):
    before = rows_of(full.vault_id)
    answer = delete(full, typed)
    assert (answer.status_code, answer.context["form"].errors.keys() >= {"confirm"}) == (400, True)
    assert rows_of(full.vault_id) == before


@pytest.mark.parametrize("typed", ["Delete everything", "  delete   EVERYTHING "])
def test_it_does_not_mind_how_it_is_typed(typed, full):
    assert delete(full, typed).status_code == 200
    assert Page.objects.count() == 0


def test_it_asks_for_the_passphrase_where_there_is_one(full, monkeypatch):
    monkeypatch.setattr("smallwins.vault.ways.ARGON2", {"memory_cost": 64, "iterations": 1, "lanes": 1})
    words = "plum kettle orbit"
    full.browser.post("/lock/passphrase/", {"new": words, "again": words})
    for wrong in ({}, {"secret": ""}, {"secret": "not it at all"}):
        assert delete(full, **wrong).status_code == 400
    assert Page.objects.exists()
    assert delete(full, secret=words).status_code == 200
    assert set(rows_of(full.vault_id).values()) == {0}


@pytest.mark.parametrize(
    "stops_at",
    [
        "smallwins.portability.actions.close_book",
        "smallwins.portability.actions.letterboxes.read",
        "smallwins.portability.actions.waiting",
        "smallwins.book.models.Page._base_manager.filter",
    ],
)
def test_nothing_opens_any_more_wherever_it_stops_after_the_ways_in(stops_at, full, monkeypatch):
    """The power goes out in the middle: what is left is what nobody can open."""
    home, root = full.cast.home, full.root
    latch = Path(home.latch(full.vault_id)).read_bytes()
    link = people.opening_link(root, full.cast.clock.now())
    with monkeypatch.context() as patch:
        patch.setattr(stops_at, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            actions.delete_everything(full.vault, home)
    assert not WayIn.objects.exists()
    assert not OlderRoot.objects.exists()
    assert not os.path.exists(home.latch(full.vault_id))
    assert not os.path.exists(home.terminal_session(full.vault_id))
    assert full.browser.get("/wins/").status_code == 302
    assert full.browser.get(f"/open/{link}/", follow=True).status_code == 410
    Path(home.latch(full.vault_id)).write_bytes(latch)
    assert ground.by_latch(full.vault) is None


def test_it_can_be_done_again_after_it_was_stopped(full, monkeypatch):
    home, vault = full.cast.home, full.vault
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.portability.actions.close_book", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            actions.delete_everything(vault, home)
    actions.delete_everything(vault, home)
    assert set(rows_of(vault.id).values()) == {0}


def test_it_touches_nobody_else(full, bob):
    theirs = bob.has("Bob's own words")
    full.browser.post("/more/leave-to/", {"leave_to": "weather"})
    delete(full)
    assert bob.wins == [theirs]
    assert bob.browser.get("/wins/").status_code == 200
    assert [bytes(vault.id) for vault in Vault.objects.all()] == [bob.vault_id]
    assert Person.objects.count() == 1


def test_it_leaves_alices_files_when_bob_deletes_his(full, bob):
    home, texts = full.cast.home, len(full.texts)
    spool.post(home, letter(full, good("Still in the spool")))
    before = files(home)
    bob.browser.post("/delete-everything/", {"confirm": WORDS})
    assert files(home) == before
    assert not Vault.objects.filter(id=bob.vault_id).exists()
    assert len(full.texts) == texts + 1


def test_it_leaves_letters_of_others_in_the_spool(full, bob):
    """On a host of several the spool is everybody's."""
    theirs = letter(full, good("Bob's"), vault=bob.vault_id, public_key=bob.root.public_key)
    spool.post(full.cast.home, theirs)
    delete(full)
    assert bob.texts == ["Bob's"]


def test_the_next_first_run_begins_anew(full, clock):
    old = full.vault_id
    delete(full)
    vault = people.set_up(full.cast.home, clock.now())
    assert vault.id != old
    assert ground.by_latch(vault)
    assert (Page.objects.count(), Letter.objects.count()) == (0, 0)

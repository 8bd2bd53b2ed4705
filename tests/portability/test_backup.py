"""A backup on either database: one moment of it, whole or not at all."""

import io

import pytest

from smallwins.book.models import Letter, Page
from smallwins.people import actions
from smallwins.people.models import OlderRoot, Person, Vault, WayIn
from smallwins.people.unlocking import open_with
from smallwins.people.ways import Kind, Reader
from smallwins.portability import backup
from smallwins.portability.actions import delete_everything
from smallwins.wins.queries import all_wins

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]  # a snapshot is a transaction itself


@pytest.fixture
def copy(alice, bob, clock):
    """Alice's and Bob's host, copied: two generations, a letter, a deleted win, sessions."""
    alice.has("Kept before", before="kept quiet", marks=("hard",))
    reader, code = actions.new_recovery_sheet(alice.reader, alice.cast.home, clock.now())
    alice.root = actions.set_passphrase(reader, "paper lantern drifting", alice.cast.home, clock.now()).root
    alice.has("Kept after")
    bob.has("Bob's own")
    gone = alice.has("Gone")
    alice.browser.post(f"/wins/{gone.record.hex()}/delete/")
    target = io.BytesIO()
    backup.write_backup(target, clock.now())
    return target, code


def wipe(cast) -> None:
    for vault in Vault.objects.all():
        delete_everything(vault, cast.home)


def test_it_comes_back_as_it_was(copy, alice, clock):
    target, code = copy
    before = alice.wins
    wipe(alice.cast)
    backup.read_backup(target)
    vault = Vault.objects.get(id=alice.vault_id)
    root = open_with(vault, code, clock.now(), ())
    assert all_wins(Reader(vault, root)) == before
    assert OlderRoot.objects.filter(vault=vault).exists()
    assert {way.kind for way in WayIn.objects.all()} == {Kind.PASSPHRASE, Kind.RECOVERY}


def test_it_refuses_where_somebody_lives(copy, alice):
    with pytest.raises(backup.NotEmpty):
        backup.read_backup(copy[0])


@pytest.mark.parametrize("cut", [0, 10, 500, 3000])
def test_it_brings_nothing_back_where_a_part_is_missing(copy, alice, cut):
    content = copy[0].getvalue()
    wipe(alice.cast)
    with pytest.raises(backup.NotABackup):
        backup.read_backup(io.BytesIO(content[: -cut - 1]))
    assert not any(model.objects.exists() for model in (Person, Vault, WayIn, Letter, Page))

"""Somebody who can write to the database but holds no secret gains no way in, now or at the next new root."""

import pytest

from smallwins.cli.ground import by_latch
from smallwins.people import actions
from smallwins.people.models import WayIn
from smallwins.people.ways import Kind, add_way, open_way
from smallwins.vault.errors import VaultError
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import Lock, new_lock, recovery_secret, seal_root

pytestmark = pytest.mark.database
THEIRS = b"the secret of somebody else....."
PASSPHRASE = "paper lantern drifting slowly"


def row(alice, kind) -> WayIn:
    return WayIn.objects.get(vault=alice.vault, kind=kind)


def put_their_lock(way: WayIn) -> None:
    lock = new_lock(way.kind, THEIRS)
    WayIn.objects.filter(vault_id=way.vault_id, id=way.id).update(
        public_key=lock.public_key, salt=lock.salt, cost=lock.cost
    )


@pytest.fixture
def code(alice, clock):
    return actions.new_recovery_sheet(alice.reader, alice.cast.home, clock.now())[1]


def test_it_hands_no_new_root_to_a_lock_that_was_exchanged(alice, code, clock):
    put_their_lock(row(alice, Kind.RECOVERY))
    actions.set_passphrase(alice.reader, PASSPHRASE, alice.cast.home, clock.now())
    opened = []
    for way in WayIn.objects.filter(vault=alice.vault):
        try:
            opened.append(open_way(way, THEIRS))
        except VaultError:
            continue
    assert opened == []
    assert not WayIn.objects.filter(vault=alice.vault, kind=Kind.RECOVERY).exists()


def test_it_takes_a_foreign_way_away_at_the_next_unlock_and_says_so(alice, code):
    put_their_lock(row(alice, Kind.RECOVERY))
    assert not actions.verify_keys(alice.vault, alice.root, alice.cast.home)
    assert not WayIn.objects.filter(vault=alice.vault, kind=Kind.RECOVERY).exists()
    assert by_latch(alice.vault) == alice.root
    alice.open_browser()
    assert actions.verify_keys(alice.vault, alice.root, alice.cast.home)


def test_it_tells_the_person_in_the_browser(alice, code):
    put_their_lock(row(alice, Kind.RECOVERY))
    alice.open_browser()
    assert alice.browser.get("/wins/").context["key_changed"]
    assert not alice.browser.get("/wins/").context["key_changed"]


def test_it_opens_no_root_that_somebody_else_sealed_to_a_way(alice):
    """Else what is kept from then on would go to the key of a root that is not Alice's."""
    latch = row(alice, Kind.LATCH)
    foreign = Root.new(alice.vault_id)
    lock = Lock(bytes(latch.public_key), bytes(latch.salt), latch.cost)
    sealed = seal_root(lock, Place(alice.vault_id, bytes(latch.id), "latch", 0, 1), foreign)
    WayIn.objects.filter(vault=alice.vault, id=latch.id).update(sealed_root=sealed)
    assert by_latch(alice.vault) is None
    assert bytes(alice.vault.public_key) == alice.root.public_key


def test_it_removes_a_way_that_was_added_with_another_root(alice, clock):
    added = add_way(Root.new(alice.vault_id), Kind.LATCH, THEIRS, clock.now())
    assert not actions.verify_keys(alice.vault, alice.root, alice.cast.home)
    assert not WayIn.objects.filter(vault=alice.vault, id=added.id).exists()


def test_it_keeps_every_way_of_its_own(alice, bob, code, clock):
    before = WayIn.objects.count()
    assert actions.verify_keys(alice.vault, alice.root, alice.cast.home)
    assert WayIn.objects.count() == before
    new = actions.set_passphrase(alice.reader, PASSPHRASE, alice.cast.home, clock.now())
    assert open_way(row(alice, Kind.RECOVERY), recovery_secret(code)) == new.root
    assert actions.verify_keys(alice.vault, new.root, alice.cast.home)

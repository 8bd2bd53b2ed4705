"""Somebody who can write to the database but holds no secret gains no way in, now or at the next new root."""

import pytest

from smallwins.cli.ground import by_latch
from smallwins.people import actions
from smallwins.people.models import WayIn
from smallwins.people.ways import Kind, Reader, add_way, foreign_ways, open_way
from smallwins.vault.errors import VaultError
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import Lock, new_lock, passphrase_secret, recovery_secret, seal_root

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


def test_it_says_so_at_every_unlock_until_there_is_a_new_sheet(alice, code, clock):
    put_their_lock(row(alice, Kind.RECOVERY))
    for _ in range(2):
        assert not actions.verify_keys(alice.vault, alice.root, alice.cast.home)
    assert by_latch(alice.vault) == alice.root
    new, _code = actions.new_recovery_sheet(alice.reader, alice.cast.home, clock.now())
    assert actions.verify_keys(alice.vault, new.root, alice.cast.home)


def test_it_harms_no_way_in_when_the_keys_changed_meanwhile(alice, code, clock):
    """Somebody unlocks while a passphrase is being set: under the replaced root every newer way would look foreign."""
    late, before = alice.root, alice.vault
    new = actions.set_passphrase(alice.reader, PASSPHRASE, alice.cast.home, clock.now())
    rows = set(WayIn.objects.values_list("id", "generation"))
    with pytest.raises(actions.OutOfDate):
        actions.verify_keys(before, late, alice.cast.home)
    with pytest.raises(actions.OutOfDate):
        actions.set_passphrase(Reader(before, late), PASSPHRASE, alice.cast.home, clock.now())
    assert set(WayIn.objects.values_list("id", "generation")) == rows
    assert bytes(alice.vault.public_key) == new.root.public_key
    assert open_way(row(alice, Kind.PASSPHRASE), passphrase_secret(PASSPHRASE)) == new.root


def test_it_opens_no_row_of_an_earlier_root_that_was_put_back(alice, code, clock):
    old = row(alice, Kind.RECOVERY)
    actions.new_recovery_sheet(alice.reader, alice.cast.home, clock.now())
    WayIn.objects.filter(vault=alice.vault, kind=Kind.RECOVERY).delete()
    old.save(force_insert=True)
    with pytest.raises(VaultError):
        open_way(row(alice, Kind.RECOVERY), recovery_secret(code))


def test_it_tells_the_person_in_the_browser(alice, code):
    put_their_lock(row(alice, Kind.RECOVERY))
    alice.open_browser()
    assert alice.opened.context["key_changed"]
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


def test_it_names_a_way_that_was_added_with_another_root(alice, clock):
    added = add_way(Root.new(alice.vault_id), Kind.RECOVERY, THEIRS, clock.now())
    assert [way.id for way in foreign_ways(alice.root)] == [added.id]
    assert not actions.verify_keys(alice.vault, alice.root, alice.cast.home)


def test_it_keeps_every_way_of_its_own(alice, bob, code, clock):
    before = WayIn.objects.count()
    assert actions.verify_keys(alice.vault, alice.root, alice.cast.home)
    assert WayIn.objects.count() == before
    new = actions.set_passphrase(alice.reader, PASSPHRASE, alice.cast.home, clock.now())
    assert open_way(row(alice, Kind.RECOVERY), recovery_secret(code)) == new.root
    assert actions.verify_keys(alice.vault, new.root, alice.cast.home)

"""The published key is the root's own: an exchange is noticed at the next unlock, put right, and told."""

from pathlib import Path

import pytest

from smallwins.book.models import Letter
from smallwins.home import letterbox
from smallwins.home.letterbox import KeyChanged, Letterbox
from smallwins.people.actions import verify_keys
from smallwins.people.models import Vault
from smallwins.vault.root import Root
from tests.web import html

pytestmark = pytest.mark.database


@pytest.fixture
def evil(alice) -> Root:
    """A root of somebody else's making, for Alice's vault."""
    return Root.new(alice.vault_id)


def in_database(alice, evil) -> None:
    Vault.objects.update(public_key=evil.public_key)


def in_file(alice, evil) -> None:
    box = Letterbox(alice.vault_id, 1, evil.public_key)
    Path(alice.cast.home.letterbox).write_bytes(box.as_json())


def everywhere(alice, evil) -> None:
    in_database(alice, evil)
    in_file(alice, evil)
    letterbox.pin(alice.cast.home, Letterbox(alice.vault_id, 1, evil.public_key))


EXCHANGES = pytest.mark.parametrize("exchange", [in_database, in_file, everywhere])


@EXCHANGES
def test_it_is_noticed_and_put_right_when_the_browser_opens(exchange, alice, evil):
    alice.lock()
    exchange(alice, evil)
    alice.open_browser()
    assert alice.opened.context["key_changed"] is True
    assert bytes(alice.vault.public_key) == alice.root.public_key
    box = letterbox.read(alice.cast.home)
    assert box.public_key == alice.root.public_key
    letterbox.check_pin(alice.cast.home, box)
    alice.open_browser()
    assert verify_keys(alice.vault, alice.root, alice.cast.home)


@EXCHANGES
def test_the_person_is_told(exchange, alice, evil):
    """What was kept in between may be readable to somebody else: that is for the person to know."""

    assert "keys" not in told(alice)
    alice.lock()
    exchange(alice, evil)
    alice.open_browser()
    assert "keys" in told(alice)


def told(alice) -> list[str]:
    """The words of the page that the browser opens with."""
    return " ".join(words for _, words in html(alice.opened).text).lower().split()


def test_an_unlock_with_nothing_exchanged_says_nothing(alice):
    alice.lock()
    alice.open_browser()
    assert "key_changed" not in alice.browser.session
    assert "keys" not in told(alice)


@EXCHANGES
def test_it_is_noticed_at_the_command_line(exchange, alice, evil, capsys):
    from smallwins.cli import ground

    exchange(alice, evil)
    ground.reader()
    assert "changed the keys" in capsys.readouterr().out
    assert bytes(alice.vault.public_key) == alice.root.public_key
    ground.reader()
    assert "changed the keys" not in capsys.readouterr().out


def test_win_keeps_nothing_for_an_exchanged_file(alice, evil, monkeypatch, capsys):
    from smallwins.cli import win
    from smallwins.home import spool

    home = alice.cast.home
    in_file(alice, evil)
    with pytest.raises(KeyChanged):
        letterbox.check_pin(home, letterbox.read(home))
    monkeypatch.setenv("SMALLWINS_HOME", home.data)
    monkeypatch.setenv("SMALLWINS_KEYS", home.keys)
    assert win.main(["My", "own", "words"]) == 1
    assert "My own words" in capsys.readouterr().err
    assert list(spool.waiting(home)) == []


def test_what_was_kept_for_the_wrong_key_is_named_and_the_rest_is_there(alice, evil):
    alice.lock()
    alice.keep("Kept before the exchange")
    in_database(alice, evil)
    alice.keep("Kept after the exchange")
    alice.open_browser()
    page = alice.browser.get("/wins/")
    assert "Kept before the exchange" in page.content.decode()
    assert page.context["unreadable"] == [bytes(Letter.objects.get().id).hex()[:8]]


def test_an_older_key_of_ours_is_no_alarm(alice):
    """A change of the passphrase that was killed before it published the new key."""
    old = letterbox.read(alice.cast.home)
    alice.browser.post("/lock/passphrase/", {"new": "plum kettle orbit", "again": "plum kettle orbit"})
    newer = letterbox.read(alice.cast.home)
    letterbox.publish(alice.cast.home, old)
    from smallwins.people.unlocking import open_with

    root = open_with(alice.vault, "plum kettle orbit", alice.cast.clock.now(), ())
    assert verify_keys(alice.vault, root, alice.cast.home)
    assert letterbox.read(alice.cast.home) == newer


def test_another_persons_letterbox_file_is_left_alone(alice, bob, evil):
    before = letterbox.read(alice.cast.home)
    Vault.objects.filter(id=bob.vault_id).update(public_key=evil.public_key)
    bob.open_browser()
    assert bytes(bob.vault.public_key) == bob.root.public_key
    assert bob.opened.context["key_changed"] is True
    assert letterbox.read(alice.cast.home) == before

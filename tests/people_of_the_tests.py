"""Alice, Bob and Charlie."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from smallwins.people import actions
from smallwins.people.models import Person, Vault
from smallwins.people.ways import Kind, Reader, add_way
from smallwins.vault.root import Root
from smallwins.wins.draft import draft
from smallwins.wins.queries import all_wins
from smallwins.wins.shelf import Win


class Somebody:
    """A person with a vault and a browser."""

    def __init__(self, cast: "Cast", root: Root, vault: Vault) -> None:
        self.cast, self.root = cast, root
        self.vault_id = vault.id
        self.browser = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")

    @property
    def vault(self) -> Vault:
        return Vault.objects.get(id=self.vault_id)

    @property
    def reader(self) -> Reader:
        return Reader(self.vault, self.root)

    def open_browser(self) -> "Somebody":
        link = actions.opening_link(self.root, self.cast.clock.now())
        self.opened = self.browser.get(f"/open/{link}/", follow=True)
        assert self.opened.status_code == 200
        return self

    def keep(self, text: str, **others: Any) -> HttpResponse:
        """Keeps a win from the page."""
        return self.browser.post("/", {"text": text, "form_key": others.pop("form_key", text), **others})

    def has(self, text: str, **others: Any) -> Win:
        """A win that was kept earlier."""
        from smallwins.wins import actions as wins

        record = wins.keep(self.vault, self.reader, draft(text, self.cast.clock.now(), **others), text)
        return next(win for win in self.wins if win.record == record)

    @property
    def wins(self) -> list[Win]:
        return all_wins(self.reader)

    @property
    def texts(self) -> list[str]:
        return [win.text for win in self.wins]

    def lock(self) -> None:
        actions.lock(self.vault, settings.HOME)


class Cast:
    def __init__(self, clock: Any, home: Any) -> None:
        self.clock, self.home = clock, home

    @cached_property
    def alice(self) -> Somebody:
        from smallwins.cli.ground import by_latch

        vault = actions.set_up(self.home, self.clock.now())
        root = by_latch(vault)
        assert root
        return Somebody(self, root, vault).open_browser()

    @cached_property
    def bob(self) -> Somebody:
        """Bob lives on the same host, in a vault of his own."""
        root = Root.new(b"bob's own vault!")
        person = Person.objects.create(created_at=self.clock.now())
        vault = Vault.objects.create(id=root.vault, person=person, public_key=root.public_key)
        add_way(root, Kind.LATCH, b"bob" * 10, self.clock.now())
        return Somebody(self, root, vault).open_browser()

    @cached_property
    def charlie(self) -> Client:
        """Charlie has a browser, and nothing here."""
        return Client()

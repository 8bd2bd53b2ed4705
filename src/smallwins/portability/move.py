"""Everything, from the database of this installation into an empty one: rows as they are, sealed as they are."""

from collections.abc import Callable, Iterable
from typing import Any

import dj_database_url
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections, models, transaction

from smallwins.book.actions import chunks
from smallwins.book.models import Letter, Page
from smallwins.people.models import Adder, Invitation, OlderRoot, Person, Vault, WayIn
from smallwins.portability.backup import NotEmpty, snapshot

TARGET = "target"
BATCH = 1000
# Unlike a backup: also what passes, so that nobody has to sign in anew. Not wrong tries, which are over in an hour.
MODELS: tuple[type[models.Model], ...] = (
    *(Person, Vault, WayIn, OlderRoot, Adder, Invitation),
    *(Letter, Page, Session),
)


def move_to(address: str, progress: Callable[[Iterable[Any]], Iterable[Any]] = iter) -> int:
    """Copies every row, whole or not at all, and returns how many. Raises NotEmpty, ValueError, DatabaseError."""
    _connect(address)
    try:
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        if Vault.objects.using(TARGET).exists():
            raise NotEmpty
        with snapshot(), transaction.atomic(using=TARGET):
            return sum(_copy(model, progress) for model in MODELS)
    finally:
        connections[TARGET].close()


def _connect(address: str) -> None:
    parsed = dj_database_url.parse(address)
    connections.settings[TARGET] = connections.configure_settings({"default": {}, TARGET: {**parsed}})[TARGET]


def _copy(model: type[models.Model], progress: Callable[[Iterable[Any]], Iterable[Any]]) -> int:
    copied, manager = 0, model._base_manager
    for batch in chunks(progress(manager.order_by("pk").iterator(chunk_size=BATCH)), BATCH):
        copied += len(manager.using(TARGET).bulk_create(batch))
    return copied

"""People, their vaults, and the ways into them. Everything here is readable to whoever runs the database."""

import os

from django.db import models
from django.db.models import CompositePrimaryKey

from smallwins.people.fields import IdField
from smallwins.vault.place import ID_BYTES


def new_id() -> bytes:
    return os.urandom(ID_BYTES)


class Person(models.Model):
    """Somebody who keeps wins here. What they are called is theirs to seal."""

    id = IdField(primary_key=True, default=new_id)
    created_at = models.DateTimeField()


class Vault(models.Model):
    """One letterbox and one book."""

    id = IdField(primary_key=True, default=new_id, db_column="vault_id")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="vaults")
    generation = models.PositiveIntegerField(default=1)
    public_key = models.BinaryField()
    # Up to which generation every page has been sealed anew; behind `generation` while that is under way.
    resealed = models.PositiveIntegerField(default=1)
    # Raised by every lock: a session or an open book of an earlier epoch is over, in every process.
    epoch = models.PositiveIntegerField(default=1)
    # Raised by every change of the book, so that an open book knows what it has not read yet.
    changes = models.PositiveBigIntegerField(default=0)
    # The newest change whose row was destroyed since: an open book that is older than that has to be opened anew.
    destroyed = models.PositiveBigIntegerField(default=0)
    locked = models.BooleanField(default=False)
    idle_minutes = models.PositiveIntegerField(null=True, default=None)
    leave_to = models.CharField(max_length=20, default="encyclopedia")


class WayIn(models.Model):
    """The root of a vault, sealed to the holder of one secret. See `smallwins.vault.ways`."""

    class Kind(models.TextChoices):
        LATCH = "latch"
        PASSPHRASE = "passphrase"  # noqa: S105  the name of a kind
        RECOVERY = "recovery"
        OPENING = "opening"  # a one-time link
        SESSION = "session"  # a browser
        TERMINAL = "terminal"  # `smallwins unlock`

    pk = CompositePrimaryKey("vault_id", "id")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="ways")
    id = IdField(default=new_id)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    generation = models.PositiveIntegerField()
    public_key = models.BinaryField()
    salt = models.BinaryField()
    cost = models.CharField(max_length=200, blank=True)
    sealed_root = models.BinaryField()
    proof = models.BinaryField()
    proof_key = models.BinaryField()  # sealed under the root
    device = models.CharField(max_length=80, blank=True)  # "Firefox on Linux": for the list of sessions
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)


class OlderRoot(models.Model):
    """The root of an earlier generation, sealed under the one after it."""

    pk = CompositePrimaryKey("vault_id", "generation")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="older_roots")
    generation = models.PositiveIntegerField()
    sealed = models.BinaryField()


class Attempt(models.Model):
    """A wrong passphrase, for the limit on guessing. No address is kept: a person's own vault is what is guessed at."""

    pk = CompositePrimaryKey("vault_id", "id")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="attempts")
    id = IdField(default=new_id)
    at = models.DateTimeField()

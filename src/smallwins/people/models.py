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
    # What their sign-in name is found by (`people.names`). None on one's own computer, where nobody asks for a name.
    tag = models.BinaryField(max_length=32, null=True, unique=True, default=None)


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
    # Bytes kept, as sealed, for the quota of a host: at least what is there, and counted anew where that matters.
    used = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, default=None)


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
    adder = IdField(null=True, default=None)  # of a session: what its browser may add with
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)


class Adder(models.Model):
    """Whoever shows its secret may add wins, and do nothing else. See `people.adders`."""

    class Kind(models.TextChoices):
        BROWSER = "browser"  # a cookie, so that keeping survives a lock
        TOKEN = "token"  # noqa: S105  for a phone shortcut or a script

    pk = CompositePrimaryKey("vault_id", "id")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="adders")
    id = IdField(default=new_id)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    digest = models.BinaryField(max_length=32)  # SHA-256 of the secret
    sealed_name = models.BinaryField(default=b"")  # a token's own name, readable only with its secret
    device = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    # How often it was used since `since`, for the limit.
    since = models.DateTimeField()
    uses = models.PositiveIntegerField(default=0)


class Invitation(models.Model):
    """A link that lets one new person in, once."""

    id = IdField(primary_key=True, default=new_id)
    digest = models.BinaryField(max_length=32)  # SHA-256 of the secret in the link
    expires_at = models.DateTimeField()


class OlderRoot(models.Model):
    """The root of an earlier generation, sealed under the one after it."""

    pk = CompositePrimaryKey("vault_id", "generation")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="older_roots")
    generation = models.PositiveIntegerField()
    sealed = models.BinaryField()


class Attempt(models.Model):
    """A wrong passphrase, for the limits on guessing. Gone within the hour."""

    pk = CompositePrimaryKey("bucket", "id")
    bucket = IdField()  # what is limited, as a keyed hash: no name, no vault, no address (`people.limits`)
    id = IdField(default=new_id)
    at = models.DateTimeField()

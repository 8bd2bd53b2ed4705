"""What is sealed, as rows: letters that wait, and pages of the book. No row says what is in it, or when it happened."""

from django.db import models
from django.db.models import CompositePrimaryKey

from smallwins.people.fields import IdField
from smallwins.people.models import Vault


class Letter(models.Model):
    """Dropped in while nobody needed to be there; becomes a page when the owner reads."""

    pk = CompositePrimaryKey("vault_id", "id")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="letters")
    id = IdField()
    kind = models.CharField(max_length=20)
    generation = models.PositiveIntegerField()
    sealed = models.BinaryField()


class Page(models.Model):
    """One record of the book in its newest revision."""

    pk = CompositePrimaryKey("vault_id", "id")
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, db_index=False, related_name="pages")
    id = IdField()
    kind = models.CharField(max_length=20)
    revision = models.PositiveIntegerField()
    generation = models.PositiveIntegerField()
    sealed = models.BinaryField()
    change = models.PositiveBigIntegerField()  # the vault's `changes` when this row was last written
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["vault", "change"], name="page_change"),
            models.Index(
                fields=["vault", "deleted_at"], name="page_deleted", condition=models.Q(deleted_at__isnull=False)
            ),
        )

from django.db import migrations, models

import smallwins.people.fields
import smallwins.people.models


class Migration(migrations.Migration):
    """Names, what may only add, invitations, room; attempts are counted by bucket (the old ones last ten minutes)."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Attempt"),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "bucket", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("bucket", smallwins.people.fields.IdField()),
                ("id", smallwins.people.fields.IdField(default=smallwins.people.models.new_id)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField("person", "tag", models.BinaryField(max_length=32, null=True, unique=True, default=None)),
        migrations.AddField("vault", "used", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("vault", "counted_at", models.DateTimeField(null=True, default=None)),
        migrations.AddField("wayin", "adder", smallwins.people.fields.IdField(null=True, default=None)),
        migrations.CreateModel(
            name="Adder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "vault_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", smallwins.people.fields.IdField(default=smallwins.people.models.new_id)),
                ("kind", models.CharField(choices=[("browser", "Browser"), ("token", "Token")], max_length=12)),
                ("digest", models.BinaryField(max_length=32)),
                ("sealed_name", models.BinaryField(default=b"")),
                ("device", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("since", models.DateTimeField()),
                ("uses", models.PositiveIntegerField(default=0)),
                (
                    "vault",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.deletion.CASCADE,
                        related_name="adders",
                        to="people.vault",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    smallwins.people.fields.IdField(
                        default=smallwins.people.models.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("expires_at", models.DateTimeField()),
            ],
        ),
    ]

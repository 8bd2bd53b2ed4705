"""Whether the database has the tables of this version."""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def on_disk() -> set[tuple[str, str]]:
    """The migrations this version brings. Django's own loader would import and link them all, on every start."""
    found = set()
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        found |= {(app.label, file.stem) for file in folder.glob("[0-9]*.py")}
    return found

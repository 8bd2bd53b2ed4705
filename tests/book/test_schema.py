"""The rule that lets a host grow: what grows with people has its vault first in every unique index."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.database

# Few rows, or none of a person's: people and vaults themselves, sessions, and Django's own.
# Invitations and wrong tries belong to nobody yet, and are gone within days and within the hour.
EXCEPTIONS = {
    "people_person",
    "people_vault",
    "people_invitation",
    "people_attempt",
    "django_session",
    "django_migrations",
    "django_content_type",
}


def unique_indexes() -> dict[str, list[list[str]]]:
    """The columns of every unique index, by table."""
    with connection.cursor() as cursor:
        return _of_postgresql(cursor) if connection.vendor == "postgresql" else _of_sqlite(cursor)


def _of_postgresql(cursor) -> dict[str, list[list[str]]]:
    cursor.execute(
        """SELECT t.relname, array(SELECT a.attname FROM unnest(i.indkey::int[]) WITH ORDINALITY k(num, place)
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num ORDER BY k.place)
           FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
           WHERE i.indisunique AND n.nspname = current_schema()"""
    )
    found: dict[str, list[list[str]]] = {}
    for table, columns in cursor.fetchall():
        found.setdefault(table, []).append([str(column) for column in columns])
    return found


def _of_sqlite(cursor) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for table in connection.introspection.table_names():
        cursor.execute(f"PRAGMA index_list({table})")
        names = [row[1] for row in cursor.fetchall() if row[2]]
        for name in names:
            cursor.execute(f"PRAGMA index_info({name})")
            found.setdefault(table, []).append([row[2] for row in cursor.fetchall()])
        cursor.execute(f"PRAGMA table_info({table})")
        keys = sorted((row[5], row[1]) for row in cursor.fetchall() if row[5])
        found.setdefault(table, []).append([column for _, column in keys])
    return found


def test_every_unique_index_begins_with_the_vault(db):
    found = unique_indexes()
    ours = {model._meta.db_table for model in apps.get_models()} - EXCEPTIONS
    assert ours >= {"book_page", "book_letter", "people_wayin", "people_olderroot", "people_adder"}
    assert ours <= found.keys()
    wrong = {
        table: columns
        for table, indexes in found.items()
        for columns in indexes
        if table not in EXCEPTIONS and columns[:1] != ["vault_id"]
    }
    assert wrong == {}


def test_it_knows_of_no_table_that_is_not_there(db):
    assert {table for table in EXCEPTIONS if table.startswith("people_")} <= set(connection.introspection.table_names())
    assert set(connection.introspection.table_names()) - EXCEPTIONS <= {
        model._meta.db_table for model in apps.get_models()
    }


def test_no_foreign_key_leads_from_one_vaults_rows_to_anothers(db):
    """Only to the vault itself, which every shard has."""
    for model in apps.get_models():
        if model._meta.db_table not in EXCEPTIONS:
            targets = {field.related_model._meta.db_table for field in model._meta.fields if field.is_relation}
            assert targets == {"people_vault"}, model


def test_no_row_says_what_is_in_it(db):
    """Content is sealed: a column of our rooms is an id, a number, a moment of the row, or sealed bytes."""
    readable = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if model._meta.db_table.startswith(("book_", "people_"))
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField", "JSONField")
    }
    assert readable == {
        "book_letter.kind",
        "book_page.kind",
        "people_adder.device",
        "people_adder.kind",
        "people_vault.leave_to",
        "people_wayin.cost",
        "people_wayin.device",
        "people_wayin.kind",
    }


def test_the_migrations_say_what_the_models_say(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

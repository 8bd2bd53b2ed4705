"""Columns that hold 16-byte ids."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from smallwins.vault.place import ID_BYTES


class IdField(models.BinaryField):  # type: ignore[type-arg]
    """A random id of 16 bytes, read back as `bytes` from every database.

    Not a UUIDField: reading 100,000 of those takes three times as long, and the bytes are what the vault binds to.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = ID_BYTES
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        # SQLite gives bytes already; a converter called 100,000 times would be a third of opening a book.
        return [] if connection.vendor == "sqlite" else [_as_bytes]


def _as_bytes(value: Any, expression: object, connection: object) -> bytes | None:
    return None if value is None else bytes(value)

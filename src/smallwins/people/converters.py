"""Record ids in addresses: 32 hex digits."""

from django.urls import register_converter


class RecordConverter:
    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def to_url(self, value: bytes | str) -> str:
        return value if isinstance(value, str) else value.hex()


register_converter(RecordConverter, "record")

"""Sign-in names. The database holds only what a name is found by, made with a key that is not in the database."""

import hashlib
import hmac
import unicodedata

from django.conf import settings

MOST_CHARACTERS = 60


def tag_of(name: str) -> bytes:
    """32 bytes: the same for every spelling a person would call the same name."""
    return keyed("name", tidy_name(name).encode("utf-8", "surrogatepass"))


def tidy_name(name: str) -> str:
    """NFKC, any case, single blanks: as PRECIS compares names (RFC 8265), where blanks are allowed."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def letterbox_tag(vault: bytes) -> str:
    """What a browser knows a letterbox by, so that what waits there is never sent to somebody else's."""
    return keyed("letterbox", vault).hex()[:32]


def keyed(label: str, content: bytes) -> bytes:
    """HMAC-SHA256 under the server key: useless to whoever has only the database."""
    return hmac.new(settings.SERVER_KEY.encode(), label.encode() + b"\n" + content, hashlib.sha256).digest()

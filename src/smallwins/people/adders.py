"""Who may only add: a browser, by a cookie that outlives a lock, and a token for a phone shortcut or a script.

Such a secret opens nothing. It names a letterbox and says that its holder was let in once, so it can be ended. Stored
is its SHA-256 alone, which is enough for 256 random bits.
"""

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Q, Value, When

from smallwins.people.models import Adder, Vault, new_id
from smallwins.vault.errors import VaultError
from smallwins.vault.letters import open_letter, seal_letter
from smallwins.vault.place import ID_BYTES, Place
from smallwins.vault.root import keypair, public_bytes
from smallwins.vault.ways import TOKEN_BYTES, new_token

Kind = Adder.Kind
PREFIX = "sw_add_"  # so that a secret scanner, and a person, can tell what it is
LABEL = b"smallwins add token name"
BROWSER_LASTS = timedelta(days=400)  # as long as browsers keep a cookie (RFC 6265bis)
WITHIN = timedelta(hours=1)
# A month without signal comes in at once; a shortcut is pressed by a person.
MOST_USES = {Kind.BROWSER: 600, Kind.TOKEN: 60}


class TooManyUses(Exception):
    """Wait within the hour."""


def new_adder(vault: Vault, kind: Kind, now: datetime, *, name: str = "", **others: Any) -> tuple[Adder, str]:
    """The row, and what its holder shows: never stored, so it is seen only now. others: device, expires_at."""
    record, secret = new_id(), new_token()
    sealed = seal_letter(public_bytes(secret, vault.id, LABEL), _place(vault.id, record), json.dumps(name).encode())
    digest = hashlib.sha256(secret).digest()
    fresh = {"created_at": now, "seen_at": now, "since": now} | others
    adder = Adder.objects.create(
        vault=vault, id=record, kind=kind, digest=digest, sealed_name=sealed if name else b"", **fresh
    )
    return adder, PREFIX + base64.urlsafe_b64encode(vault.id + record + secret).decode()


def adder_of(written: str, now: datetime) -> Adder | None:
    """The holder of this secret, its vault with it; None where it was ended, is over, or never was."""
    parts = _parts(written)
    if parts is None:
        return None
    vault, record, secret = parts
    adder = Adder.objects.select_related("vault").filter(vault_id=vault, id=record).first()
    right = adder and secrets.compare_digest(bytes(adder.digest), hashlib.sha256(secret).digest())
    return adder if adder and right and (adder.expires_at is None or adder.expires_at > now) else None


def count_use(adder: Adder, now: datetime) -> None:
    """Raises TooManyUses. One statement, so that many at once are counted right."""
    over = Q(since__lte=now - WITHIN)
    allowed = Adder.objects.filter(vault_id=adder.vault_id, id=adder.id).filter(
        over | Q(uses__lt=MOST_USES[Kind(adder.kind)])
    )
    counted = allowed.update(
        seen_at=now,
        uses=Case(When(over, then=Value(1)), default=F("uses") + 1),
        since=Case(When(over, then=Value(now)), default=F("since")),
    )
    if not counted:
        raise TooManyUses


def token_name(adder: Adder, written: str) -> str:
    """What its owner calls a token: sealed under the token itself, so that only its holder can put it on a letter."""
    parts = _parts(written)
    if parts is None or not adder.sealed_name:
        return ""
    try:
        key = keypair(parts[2], adder.vault_id, LABEL)
        return str(json.loads(open_letter(key, _place(adder.vault_id, bytes(adder.id)), bytes(adder.sealed_name))))
    except (VaultError, ValueError):
        return ""


def secret_of(written: str) -> bytes:
    """The random half of what a holder shows."""
    parts = _parts(written)
    return parts[2] if parts else b""


def end(adder: Adder) -> None:
    Adder.objects.filter(vault_id=adder.vault_id, id=adder.id).delete()


def _place(vault: bytes, record: bytes) -> Place:
    return Place(vault, record, "token", 0, 1)


def _parts(written: str) -> tuple[bytes, bytes, bytes] | None:
    try:
        raw = base64.b64decode(written.removeprefix(PREFIX), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 2 * ID_BYTES + TOKEN_BYTES or not written.startswith(PREFIX):
        return None
    return raw[:ID_BYTES], raw[ID_BYTES : 2 * ID_BYTES], raw[2 * ID_BYTES :]

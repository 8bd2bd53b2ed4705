"""Reads what Small Wins keeps, without Small Wins: with Python 3.11 and `pip install cryptography` alone.

    python open_without_us.py small-wins-2026-03-14.zip           an export
    python open_without_us.py DATA_FOLDER --latch LATCH_FILE      the database and the spool, opened by the latch
    python open_without_us.py DATA_FOLDER                         the same; asks for the passphrase or recovery code

Prints the wins as JSON, one a line, newest first. Names on standard error what does not open, and exits with 1 then.
Every step is described in docs/formats.md."""

import argparse
import base64
import getpass
import json
import sqlite3
import sys
import unicodedata
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FAILURES = (InvalidTag, ValueError, KeyError, TypeError, OverflowError)
WAYS = "SELECT vault_id, id, kind, generation, salt, cost, sealed_root FROM people_wayin"
OLDER_ROOTS = "SELECT vault_id, generation, sealed FROM people_olderroot ORDER BY generation DESC"
LETTERS = "SELECT vault_id, id, kind, 0, generation, sealed FROM book_letter"
PAGES = "SELECT vault_id, id, kind, revision, generation, sealed FROM book_page WHERE deleted_at IS NULL"


def bound(sealing, vault, record, kind, revision, generation):
    numbers = (revision.to_bytes(8, "big"), generation.to_bytes(4, "big"))
    parts = (b"smallwins", sealing.encode(), b"\x01", vault, record, kind.encode(), *numbers)
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def derive(secret, salt, label, length):
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=label).derive(secret)


def private_key(secret, salt, label):
    raw = derive(secret, salt, label, 96)
    x25519 = X25519PrivateKey.from_private_bytes(raw[64:])
    return MLKEM768X25519PrivateKey(MLKEM768PrivateKey.from_seed_bytes(raw[:64]), x25519)


def opened(key, sealed, place):
    """What is sealed under a private key (letters and ways in) or under a book key (pages and older roots)."""
    if sealed[:1] != b"\x01":
        raise ValueError("an unknown format")
    if isinstance(key, bytes):
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place)
    return SUITE.decrypt(sealed[1:], key, info=place)


def secrets_of(latch):
    """The latch; or what is typed, which may be a passphrase or a recovery code."""
    if latch:
        return [("latch", latch.read_bytes())]
    typed = getpass.getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    code = "".join(typed.split()).replace("-", "").upper().translate(str.maketrans("018", "OIB"))
    found = [("passphrase", unicodedata.normalize("NFKC", typed).encode("utf-8", "surrogatepass"))]
    with suppress(ValueError):
        found.append(("recovery", base64.b32decode(code)))
    return found


def find_root(ways, secrets):
    for name, secret in secrets:
        for vault, record, kind, generation, salt, cost, sealed in (way for way in ways if way[2] == name):
            with suppress(*FAILURES):
                raw = Argon2id(salt=salt, length=32, **json.loads(cost)).derive(secret) if cost else secret
                key = private_key(raw, salt, b"smallwins way in: " + kind.encode())
                return vault, generation, opened(key, sealed, bound("way", vault, record, kind, 0, generation))
    sys.exit("This does not open it.")


def keys_of(vault, generation, root, older_roots):
    keys = {}  # by generation: the book key, and the letterbox
    for owner, older, sealed in [*older_roots, (None, 0, b"")]:
        book = derive(root, vault, b"smallwins book key", 32)
        keys[generation] = book, private_key(root, vault, b"smallwins letterbox")
        if owner == vault and older < generation:
            place = bound("older root", vault, older.to_bytes(16, "big"), "older root", 0, generation)
            with suppress(*FAILURES):
                root, generation = opened(book, sealed, place), older
    return keys


def rows_of(folder):
    file, rows = folder / "smallwins.sqlite3", [[], [], [], []]
    if file.exists():
        database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        rows = [list(database.execute(query)) for query in (WAYS, OLDER_ROOTS, LETTERS, PAGES)]
    for path in folder.glob("founding.json"):  # the first way in, while no database has taken it in
        raw = {name: base64.b64decode(value) for name, value in json.loads(path.read_bytes())["bytes"].items()}
        rows[0].append((raw["vault"], raw["way"], "latch", 1, raw["salt"], "", raw["sealed_root"]))
    for path in folder.glob("spool/*.letter"):
        body = path.read_bytes().removeprefix(b"smallwins letter 1\n")
        rows[2].append((body[:16], body[16:32], "win", 0, int.from_bytes(body[32:36], "big"), body[36:]))
    return rows  # ways in, older roots, letters, pages


def open_folder(folder, secrets):
    ways, older_roots, letters, pages = rows_of(folder)
    vault, generation, root = find_root(ways, secrets)
    keys, wins, damaged = keys_of(vault, generation, root, older_roots), {}, set()
    for sealing, rows in (("letter", letters), ("page", pages)):  # a page goes before the letter it was made of
        for record, kind, revision, under, sealed in (row[1:] for row in rows if row[0] == vault and row[2] == "win"):
            try:
                key = keys[under][sealing == "letter"]
                parts = json.loads(opened(key, sealed, bound(sealing, vault, record, kind, revision, under)))
                parts["door"] = parts.get("door") or ("letter" if sealing == "letter" else "")
                wins[record] = parts["when"], as_item(record, parts)
            except FAILURES:
                damaged.add(record.hex())
    return [item for _, item in sorted(wins.values(), key=lambda win: -win[0])], sorted(damaged)


def as_item(record, parts):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=parts["when"])
    at = moment.astimezone(timezone(timedelta(minutes=parts.get("offset", 0)))).isoformat()
    item = {"id": record.hex(), "at": at, "text": parts["text"], "kind": parts.get("kind", "")}
    item["hard"] = "hard" in parts.get("marks", ())
    return item | {name: parts[name] for name in ("before", "door", "source", "beside") if parts.get(name)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", type=Path)
    parser.add_argument("--latch", type=Path)
    args, damaged = parser.parse_args(), []
    if args.what.is_file():
        wins = json.loads(zipfile.ZipFile(args.what).read("wins.json"))["wins"]
    else:
        wins, damaged = open_folder(args.what, secrets_of(args.latch))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    for win in wins:
        print(json.dumps(win, ensure_ascii=False))
    for name in damaged:
        print(f"Cannot be opened: {name}", file=sys.stderr)
    sys.exit(bool(damaged))

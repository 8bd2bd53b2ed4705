"""The floor of the book: rows of sealed JSON in SQLite, brought in, opened, and taken out in the shortest way there is.

Run: import JSONL DATABASE · open DATABASE · export DATABASE ZIP. Prints a JSON object with the seconds it took.
"""

import json
import os
import sqlite3
import sys
import time
import zipfile

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CIPHER, VAULT = AESGCM(bytes(32)), bytes(16)
Rows = list[tuple[bytes, bytes]]


def import_(lines: str, database: str) -> None:
    rows = []
    with open(lines, "rb") as file:
        for line in file:
            win, record, nonce = json.loads(line), os.urandom(16), os.urandom(12)
            text = json.dumps({"text": win["text"], "at": win["at"]}, ensure_ascii=False).encode().ljust(256)
            rows.append((VAULT, record, nonce + CIPHER.encrypt(nonce, text, VAULT + record)))
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE page (vault BLOB, id BLOB, sealed BLOB, PRIMARY KEY (vault, id))")
        connection.executemany("INSERT INTO page VALUES (?, ?, ?)", rows)
    connection.close()


def open_(database: str) -> list[dict[str, str]]:
    connection = sqlite3.connect(database)
    rows: Rows = connection.execute("SELECT id, sealed FROM page WHERE vault = ?", (VAULT,)).fetchall()
    connection.close()
    texts = [CIPHER.decrypt(sealed[:12], sealed[12:], VAULT + record) for record, sealed in rows]
    wins: list[dict[str, str]] = json.loads(b"[" + b",".join(texts) + b"]")
    return sorted(wins, key=lambda win: win["at"], reverse=True)


def export(database: str, target: str) -> None:
    document = ",\n".join(json.dumps(win, ensure_ascii=False) for win in open_(database))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bag:
        bag.writestr("wins.json", "[" + document + "]")


if __name__ == "__main__":
    begin = time.perf_counter()
    {"import": import_, "open": open_, "export": export}[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
    print(json.dumps({"seconds": time.perf_counter() - begin}))

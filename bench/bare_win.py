"""The floor of `win`: imports, seals one win and writes it durably. Run as a file: KEY FOLDER WORDS…"""

import json
import os
import sys
import time

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

key_file, folder, *words = sys.argv[1:]
with open(key_file, "rb") as file:
    key = file.read()
public = MLKEM768X25519PublicKey(
    MLKEM768PublicKey.from_public_bytes(key[:1184]), X25519PublicKey.from_public_bytes(key[1184:])
)
record = os.urandom(16)
text = json.dumps({"text": " ".join(words), "when": int(time.time())}).encode().ljust(256)
suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
sealed = suite.encrypt(text, public, info=b"bare" + record)

name = os.path.join(folder, record.hex())
handle = os.open(name + ".part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
os.write(handle, record + sealed)
os.fsync(handle)
os.close(handle)
os.rename(name + ".part", name)
handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
os.fsync(handle)
os.close(handle)
print("Kept.")

"""What was sealed by any version of the program opens in this one. The vectors are frozen: see scripts/make_vectors."""

import base64
import importlib.util
import json
from hashlib import sha256
from pathlib import Path

import pytest

from smallwins.home.spool import SpooledLetter
from smallwins.vault.letters import open_letter
from smallwins.vault.pages import Opener, open_older_root, open_page
from smallwins.vault.place import Place
from smallwins.vault.root import Root
from smallwins.vault.ways import Lock, open_root, passphrase_secret, proof_key, prove, recovery_secret

ROOT = Path(__file__).parents[2]
V1 = json.loads((ROOT / "tests" / "vectors" / "v1.json").read_text(encoding="utf-8"))


def root_of(generation: int) -> Root:
    known = V1["roots"][generation - 1]
    return Root(bytes.fromhex(known["vault"]), known["generation"], bytes.fromhex(known["secret"]))


def place_of(vector: dict) -> Place:
    ids = {name: bytes.fromhex(vector[name]) for name in ("vault", "record")}
    return Place(**ids, kind=vector["kind"], revision=vector["revision"], generation=vector["generation"])


def sealed_of(vector: dict) -> bytes:
    return base64.b64decode(vector["sealed"])


@pytest.mark.parametrize("known", V1["roots"], ids=lambda known: f"generation-{known['generation']}")
def test_it_derives_the_known_keys_from_a_root(known):
    root = root_of(known["generation"])
    assert root.book_key.hex() == known["book_key"]
    assert root.public_key == base64.b64decode(known["public_key"])
    assert sha256(root.public_key).hexdigest() == known["fingerprint"]


def test_it_opens_the_letter():
    opened = open_letter(root_of(2).letterbox, place_of(V1["letter"]), sealed_of(V1["letter"]))
    assert opened.rstrip(b" ").decode() == V1["text"]


@pytest.mark.parametrize("vector", V1["pages"], ids=lambda vector: f"revision-{vector['revision']}")
def test_it_opens_each_page(vector):
    for opened in (
        open_page(root_of(2), place_of(vector), sealed_of(vector)),
        Opener([root_of(2)]).open(place_of(vector), sealed_of(vector)),
    ):
        assert opened.rstrip(b" ").decode() == V1["text"]


def test_it_opens_the_older_root():
    vector = V1["older_root"]
    assert open_older_root(root_of(vector["under"]), vector["generation"], sealed_of(vector)) == root_of(1)


@pytest.mark.parametrize("vector", V1["ways"], ids=lambda vector: vector["kind"])
def test_it_opens_each_way_in(vector):
    lock = Lock(base64.b64decode(vector["public_key"]), bytes.fromhex(vector["salt"]), vector["cost"])
    place, sealed, secret = place_of(vector), sealed_of(vector), bytes.fromhex(vector["secret"])
    proof = prove(proof_key(lock, place.kind, secret), lock, place, sealed)
    opened = open_root(lock, place, sealed, secret, proof)
    assert opened == root_of(2)


def test_it_makes_the_known_secrets_of_what_is_typed():
    vectors = {vector["kind"]: vector for vector in V1["ways"]}
    assert passphrase_secret(vectors["passphrase"]["typed"]).hex() == vectors["passphrase"]["secret"]
    assert recovery_secret(vectors["recovery"]["typed"]).hex() == vectors["recovery"]["secret"]


def test_it_opens_the_file_of_the_spool():
    letter = SpooledLetter.from_bytes(base64.b64decode(V1["spool"]["file"]))
    place = place_of(V1["spool"])
    assert (letter.vault, letter.record, letter.generation) == (place.vault, place.record, place.generation)
    assert open_letter(root_of(2).letterbox, place, letter.sealed).rstrip(b" ").decode() == V1["text"]


@pytest.mark.parametrize("vector", V1["bound"], ids=lambda vector: vector["sealing"])
def test_it_binds_a_place_to_the_known_bytes(vector):
    assert place_of(vector).bound(vector["sealing"]).hex() == vector["bytes"]


def test_it_never_writes_a_vector_again():
    spec = importlib.util.spec_from_file_location("make_vectors", ROOT / "scripts" / "make_vectors.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    path = script.VECTORS / "v1.json"
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        script.make_vectors(path)
    assert path.read_bytes() == before


def test_it_makes_new_vectors_of_the_same_shape(tmp_path):
    spec = importlib.util.spec_from_file_location("make_vectors", ROOT / "scripts" / "make_vectors.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.make_vectors(tmp_path / "v.json")
    made = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert made.keys() == V1.keys()
    assert made["bound"] == V1["bound"]

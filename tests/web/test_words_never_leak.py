"""A canary word, run through every act, is found nowhere but on the pages of whoever may read it."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

CANARY = "Zuckerschote"
PASSPHRASE = "plum kettle orbit Xylophonwal"
SECRETS = (CANARY, "Xylophonwal")


class Acts:
    """Every act there is, through the program's doors, in a home of its own. Remembers what left with each answer."""

    def __init__(self, home: str) -> None:
        from django.test import Client

        self.home = home
        self.browser = Client(raise_request_exception=False)
        self.left: list[str] = []
        self.answers = 0

    def send(self, path: str, data=None, method: str = "post", **others):
        answer = getattr(self.browser, method)(path, data or {}, **others)
        self.answers += 1
        self.left += [str(value) for value in answer.headers.values()]
        self.left += [morsel.OutputString() for morsel in answer.cookies.values()]
        if not answer.streaming:
            page = answer.content.decode()
            self.left += re.findall(r"<title>.*?</title>", page, re.DOTALL)
            self.left += re.findall(r'(?:href|action|src)="([^"]*)"', page)
            self.left += re.findall(r"<meta[^>]*>", page)
        return answer

    def get(self, path: str):
        return self.send(path, method="get")

    def open(self) -> None:
        from smallwins.cli import ground
        from smallwins.people import actions, clock

        root = ground.reader().root
        link = actions.opening_link(root, clock.now())
        self.get(f"/open/{link}/")
        assert self.get(f"/open/{link}/?again").status_code == 302
        assert self.get("/").context["unlocked"]

    def keep(self) -> None:
        assert self.send("/", {"text": f"{CANARY} kept open", "form_key": "1"}).status_code == 200
        assert self.send("/", {"text": CANARY * 3000, "form_key": "1"}).status_code == 400
        win = [sys.executable, "-m", "smallwins.cli.win"]
        subprocess.run([*win, CANARY, "by", "win"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*win, "-"], input=f"{CANARY} by stdin\n", text=True, check=True, stdout=subprocess.DEVNULL)
        assert self.get("/wins/").content.decode().count(CANARY) >= 3

    def change(self) -> None:
        record = self.get("/wins/").context["groups"][0]["wins"][0]["id_hex"]
        edited = {"text": f"{CANARY} edited", "before": f"{CANARY} before", "own_kind": f"{CANARY} kind"}
        edited |= {"day": "2026-03-14", "time": "08:00", "revision": "1"}
        assert self.send(f"/wins/{record}/edit/", edited).status_code == 302
        assert self.send(f"/wins/{record}/edit/", edited | {"text": f"{CANARY} elsewhere"}).status_code == 302
        both = self.get(f"/wins/{record}/").context
        assert [version["text"] for version in both["versions"]] == [f"{CANARY} edited", f"{CANARY} elsewhere"]
        self.send(f"/wins/{record}/keep-this/", {"seen": both["seen"]})
        assert self.send(f"/wins/{record}/edit/", edited | {"day": CANARY}).status_code == 400
        self.send(f"/wins/{record}/hard/")
        assert self.send("/what-counts/", {"text": f"{CANARY} tap"}).status_code == 302
        tap = self.get("/").context["taps"][0]
        self.send("/", {"tap": tap.id, "form_key": "2"})
        assert self.send("/wins/search/", {"q": f"{CANARY} “{CANARY} edited” {CANARY[:-1]}x"}).status_code == 200
        assert self.send("/wins/search/", {"q": f"{CANARY}"}).context["wins"]
        self.send(f"/wins/{record}/delete/")
        self.get("/wins/")
        self.send(f"/wins/{record}/undo/")
        self.send(f"/wins/{record}/delete/")

    def carry(self) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        bag = b"".join(self.send("/take-away/export/").streaming_content)
        assert CANARY.encode() in zipfile.ZipFile(io.BytesIO(bag)).read("wins.json")
        bad = f'{{"text": "{CANARY} imported", "id": "{CANARY}"}}\n{CANARY}\n{{"text": 5, "kind": "{CANARY}"}}\n'
        files = {f"{CANARY}.zip": bag, f"{CANARY}.jsonl": bad.encode(), f"{CANARY}.csv": b"no text here\n" * 3}
        for name, content in files.items():
            self.send("/take-away/import/", {"file": SimpleUploadedFile(name, content)})
        big = SimpleUploadedFile("big.txt", (f"{CANARY} in a large file " * 400 + "\n").encode() * 300)
        assert self.send("/take-away/import/", {"file": big}).status_code == 200

    def lock(self) -> None:
        groups = self.send("/lock/recovery/").context["groups"]
        both = {"new": PASSPHRASE, "again": PASSPHRASE}
        assert self.send("/lock/passphrase/", both | {"again": CANARY}).status_code == 400
        assert self.send("/lock/passphrase/", both).status_code == 302
        assert self.get("/wins/").status_code == 200
        self.send("/lock/now/")
        assert self.send("/", {"text": f"{CANARY} kept locked", "form_key": "3"}).status_code == 200
        assert self.get(f"/unlock/?next=/{CANARY}/").status_code == 200
        assert self.send("/unlock/", {"secret": CANARY}).status_code == 403
        assert self.send("/unlock/", {"secret": PASSPHRASE}).status_code == 302
        assert f"{CANARY} kept locked" in self.get("/wins/").content.decode()
        self.left_out = ["".join(groups), " ".join(groups)]

    def go_wrong(self) -> None:
        from unittest import mock

        from django.db import OperationalError

        for broken, error in (
            ("smallwins.wins.actions.keep", OperationalError(f"near {CANARY}")),
            ("smallwins.wins.views.KeepForm", RuntimeError(CANARY)),
            ("smallwins.wins.queries.search", OSError(5, CANARY)),
        ):
            with mock.patch(broken, side_effect=error):
                self.send("/", {"text": f"{CANARY} in trouble", "form_key": "4"})
                self.send("/wins/search/", {"q": CANARY})
        self.send("/", "text=" + CANARY * 1_200_000, content_type="application/x-www-form-urlencoded")
        self.send("/sessions/", {"end": CANARY})
        self.browser.get("/", headers={"user-agent": CANARY, "accept-language": CANARY, "referer": f"http://{CANARY}/"})

    def leave(self) -> None:
        assert self.send("/leave/").status_code == 303
        assert self.get("/wins/").status_code == 302


def main(found: str) -> None:
    """Runs in a process of its own: a real home, a real database file, real logs."""
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    from smallwins.cli.main import main as smallwins

    setup_test_environment()
    assert smallwins(["list"]) == 0
    acts = Acts(os.environ["SMALLWINS_HOME"])
    for act in (acts.open, acts.keep, acts.change, acts.carry, acts.lock, acts.go_wrong, acts.leave):
        act()
    seen = {"left": acts.left, "answers": acts.answers, "secrets": acts.left_out}
    Path(found).write_text(json.dumps(seen))


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """What is left of all the acts: the folders, what the program printed, and what left with its answers."""
    place = tmp_path_factory.mktemp("acts")
    seen, temporary = tmp_path_factory.mktemp("seen") / "seen.json", place / "tmp"
    temporary.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "SMALLWINS_HOME": str(place / "data"),
        "SMALLWINS_KEYS": str(place / "keys"),
        "DJANGO_SETTINGS_MODULE": "smallwins.web.settings",
        "TMPDIR": str(temporary),
        "HOME": str(place),
    }
    code = "import sys; from tests.web.test_words_never_leak import main; main(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(seen)], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return place, done.stdout + done.stderr, json.loads(seen.read_text())


def forms_of(secret: str) -> list[bytes]:
    """A word as it may stand in a file: as text in three encodings, in hex, in base64 at each of its offsets."""
    import base64

    plain = secret.encode()
    encoded = [base64.b64encode(b" " * shift + plain + b" " * 3)[(shift * 8 + 5) // 6 : -6] for shift in range(3)]
    return [plain, plain.lower(), secret.encode("utf-16-le"), plain.hex().encode(), *encoded]


def test_it_looks_for_words_in_every_form():
    import base64

    for shift in range(6):
        hidden = base64.b64encode(b"x" * shift + b'{"text":"' + CANARY.encode() + b' and more"}')
        assert any(form in hidden for form in forms_of(CANARY))


def test_it_leaves_no_word_in_any_file(after):
    place, _, seen = after
    files = [path for path in place.rglob("*") if path.is_file()]
    assert {"smallwins.sqlite3", "letterbox.json", "web-secret"} <= {path.name for path in files}
    words = [form for secret in (*SECRETS, *seen["secrets"]) for form in forms_of(secret)]
    leaks = {str(path): word for path in files for word in words if word in path.read_bytes()}
    assert leaks == {}


def test_it_leaves_no_word_in_a_file_name(after):
    place, _, _ = after
    assert [path for path in place.rglob("*") if CANARY.lower() in path.name.lower()] == []


def test_it_prints_and_logs_no_word(after):
    _, printed, seen = after
    assert "RuntimeError" in printed  # the errors it was made to have are logged
    assert [secret for secret in (*SECRETS, *seen["secrets"]) if secret.lower() in printed.lower()] == []


def test_it_sends_no_word_in_addresses_titles_or_cookies(after):
    _, _, seen = after
    assert seen["answers"] > 40
    assert len(seen["left"]) > 1000
    assert [value for value in seen["left"] if any(secret.lower() in value.lower() for secret in SECRETS)] == []


def test_it_leaves_nothing_that_others_on_this_computer_can_read(after):
    place, _, _ = after
    ours = [place / "data", place / "keys", *(place / "data").rglob("*"), *(place / "keys").rglob("*")]
    assert {
        str(path): oct(path.stat().st_mode) for path in ours if path.is_file() and path.stat().st_mode & 0o077
    } == {}


@pytest.mark.database
def test_it_leaves_no_word_in_any_row(alice):
    """In whatever database: every column of every row, sessions included."""
    from django.contrib.sessions.models import Session
    from django.db import connection

    acts = Acts(alice.cast.home.data)
    acts.browser = alice.browser
    assert acts.send("/", {"text": f"{CANARY} kept open", "form_key": "1"}).status_code == 200
    acts.change()
    alice.lock()
    acts.send("/", {"text": f"{CANARY} kept locked", "form_key": "3"})
    words = [form for secret in SECRETS for form in forms_of(secret)]
    read = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                read += 1
                for value in row:
                    content = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert not [word for word in words if word in content], table
    assert read > 8
    assert Session.objects.exists()
    for session in Session.objects.all():
        assert CANARY not in json.dumps(session.get_decoded())
    cookies = SimpleCookie("; ".join(morsel.OutputString() for morsel in alice.browser.cookies.values()))
    assert CANARY not in cookies.output()

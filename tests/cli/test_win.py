"""`win`, as a person or a script runs it."""

import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from smallwins.cli import win
from smallwins.home.letterbox import Letterbox
from smallwins.home.paths import Home
from smallwins.vault.root import Root
from tests.cli.reading import spooled

QUESTION = "What's one small win?"
CTRL_C = b"\x03"
PATIENCE = 20  # seconds, only so that a program that hangs fails its test


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """A home past its first run, shared by tests that only look at what they themselves add."""
    from tests.cli.commands import Commands

    commands = Commands(tmp_path_factory.mktemp("win") / "here")
    assert commands.win("the first").returncode == 0
    return commands


def kept(commands, *words, **others):
    """What one run of `win` put into the spool."""
    before = {win["text"] for win in spooled(commands)}, len(spooled(commands))
    done = commands.win(*words, **others)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return spooled(commands)[before[1] :]


def at_a_terminal(commands, typed: bytes, *words: str) -> tuple[str, int]:
    """Runs `win` with a terminal for its keyboard and its screen: what the screen shows, and the exit code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "smallwins.cli.win", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=commands.environment | {"TERM": "dumb"},
        start_new_session=True,
        preexec_fn=own_terminal,
    )
    os.close(theirs)
    try:
        shown = conversation(ours, typed)
        return shown.decode(), process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def conversation(ours: int, typed: bytes) -> bytes:
    """All that the screen shows, until the program is gone. Types once it has been asked."""
    shown, answered, end = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([ours], [], [], 0.2)[0]:
            # Ctrl-C just before readline begins to listen is noticed at the next key. A person would press again.
            if answered and typed == CTRL_C:
                os.write(ours, typed)
            continue
        try:
            part = os.read(ours, 4096)
        except OSError:  # how Linux says that nobody writes to the terminal any more
            part = b""
        if not part:
            return shown
        shown += part
        if QUESTION.encode() in shown and not answered:
            os.write(ours, typed)
            answered = True
    pytest.fail(f"win did not end; it showed {shown!r}")


def own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


# --- Words --------------------------------------------------------------------------------------------------------


def test_it_keeps_on_a_first_run_and_says_one_warm_line(here):
    done = here.win("got", "out", "of", "bed")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Kept. That counts.\n", "")
    assert [one["text"] for one in spooled(here)] == ["got out of bed"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["got", "up"], "got up"),
        (["got up"], "got up"),
        (["walked", "--hard", "--json", "-x", "--at", "2020-01-01"], "walked --hard --json -x --at 2020-01-01"),
        (["said", "--help"], "said --help"),
        (["a", "-", "b"], "a - b"),
        (["a", "--", "b"], "a -- b"),
        (["--", "--hard", "was", "it"], "--hard was it"),
        (["--", "-"], "-"),
        (["two  blanks", "x"], "two  blanks x"),
        (["-5", "degrees,", "still", "out"], "-5 degrees, still out"),
        (["it's", '"quoted"', "$HOME", "`x`", "\\n"], 'it\'s "quoted" $HOME `x` \\n'),
        (["👩‍👧 ☀️ 🙂"], "👩‍👧 ☀️ 🙂"),
        (["קמתי מהמיטה", "\u202eabc"], "קמתי מהמיטה \u202eabc"),
        (["line one\nline two"], "line one\nline two"),
        ([b"caf\xe9 closed"], "caf? closed"),
        (["x" * 20_000], "x" * 20_000),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_it_keeps_every_word(founded, words, text):
    assert [one["text"] for one in kept(founded, *words)] == [text]


def test_it_takes_options_only_before_the_first_word(founded):
    (one,) = kept(founded, "--hard", "--at", "2024-02-29", "told", "--json")
    assert (one["text"], one["marks"]) == ("told --json", ["hard"])


def test_it_says_how_the_words_came(founded):
    (one,) = kept(founded, "rested")
    assert one["door"] == "win"
    assert "marks" not in one


def test_it_prints_json_where_asked(founded):
    done = founded.win("--json", "--at", "2024-02-29 08:15", "told", "the", "truth")
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert said.keys() == {"id", "at", "kept"}
    assert said["at"] == "2024-02-29T08:15:00+00:00"
    assert (founded.data / "spool" / f"{said['id']}.letter").is_file()


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_it_helps(founded, option):
    done = founded.win(option)
    assert done.returncode == 0
    assert "nothing stays in your shell's history" in " ".join(done.stdout.lower().split())
    assert {"--at", "--hard", "--json"} <= set(done.stdout.replace(",", " ").split())


def test_it_leaves_no_words_in_the_clear(here):
    here.win("canaryword", "kept")
    for path in here.folder.rglob("*"):
        assert "canaryword" not in str(path)
        assert path.is_dir() or b"canaryword" not in path.read_bytes()


def test_it_writes_for_this_account_alone(here):
    here.win("x")
    for path in here.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_it_imports_nothing_from_the_folder_it_is_run_in(here):
    for name in ("secrets", "json", "dataclasses"):
        (here.folder / f"{name}.py").write_text("raise SystemExit('somebody else is in here')\n")
    done = here.win("got up")
    assert (done.returncode, done.stderr) == (0, "")


# --- Asking, and standard input -----------------------------------------------------------------------------------


def test_it_asks_when_it_is_alone(founded):
    before = len(spooled(founded))
    shown, code = at_a_terminal(founded, "Drank water ☕\n".encode())
    assert code == 0
    assert QUESTION in shown
    assert "Kept. That counts." in shown
    assert [one["text"] for one in spooled(founded)[before:]] == ["Drank water ☕"]


@pytest.mark.parametrize(
    ("typed", "code"), [(b"\n", 2), (b"   \n", 2), (b"\x04", 1), (CTRL_C, 1)], ids=["enter", "blank", "end", "stop"]
)
def test_it_leaves_nothing_where_nothing_was_said(founded, typed, code):
    before = len(spooled(founded))
    shown, ended = at_a_terminal(founded, typed)
    assert ended == code
    assert "Kept" not in shown
    assert "Traceback" not in shown
    assert len(spooled(founded)) == before


def test_it_takes_what_is_piped_for_one_win(founded):
    assert [one["text"] for one in kept(founded, said="one\nand its second line\n")] == ["one\nand its second line"]


def test_it_keeps_one_a_line(founded):
    said = "first\n\n   \nsecond\r\n☀️ third\nlast without an end"
    assert [one["text"] for one in kept(founded, "-", said=said)] == [
        "first",
        "second",
        "☀️ third",
        "last without an end",
    ]


def test_it_answers_json_for_each_line(founded):
    done = founded.win("--json", "-", said="a\nb\n")
    assert [json.loads(line)["kept"] for line in done.stdout.splitlines()] == [True, True]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (b"a\0b", "ab"),
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        (b"caf\xe9", "caf\ufffd"),
        (b"\xed\xa0\x80x", "\ufffd\ufffd\ufffdx"),
        ("🙂 שלום".encode(), "🙂 שלום"),
    ],
    ids=["NUL", "byte order mark", "latin-1", "lone surrogate", "emoji and RTL"],
)
def test_it_keeps_what_can_be_shown_of_odd_bytes(founded, said, text):
    assert [one["text"] for one in kept(founded, said=said)] == [text]


@pytest.mark.parametrize("said", [b"", b"\n", b" \n \n", b"\0\0"])
def test_it_says_that_there_are_no_words(founded, said):
    before = len(spooled(founded))
    done = founded.win(said=said)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no words" in done.stderr
    assert len(spooled(founded)) == before


def test_it_says_so_of_an_empty_argument(founded):
    assert founded.win("").returncode == 2


@pytest.mark.parametrize("words", [[], ["-"]], ids=["one", "a line"])
def test_it_hands_a_megabyte_back(founded, words):
    before, said = len(spooled(founded)), "word " * 200_000
    done = founded.win(*words, said=said)
    assert (done.returncode, done.stdout) == (2, "")
    assert "20,000" in done.stderr
    assert said.strip() in done.stderr
    assert len(spooled(founded)) == before


def test_it_keeps_the_other_lines_where_one_is_too_long(founded):
    before = len(spooled(founded))
    done = founded.win("-", said="short\n" + "x" * 20_001 + "\nalso short\n")
    assert done.returncode == 2
    assert "x" * 20_001 in done.stderr
    assert [one["text"] for one in spooled(founded)[before:]] == ["short", "also short"]


class Interrupted(io.TextIOWrapper):
    """A person who says one line, and then presses Ctrl-C."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(b"said and kept\n"))

    def __next__(self) -> str:
        line = self.readline()
        if not line:
            raise KeyboardInterrupt
        return line


def test_it_does_not_say_that_nothing_was_kept_where_something_was(here, monkeypatch, capsys):
    here.win("the first")
    for name in ("SMALLWINS_HOME", "SMALLWINS_KEYS"):
        monkeypatch.setenv(name, here.environment[name])
    monkeypatch.setattr(sys, "stdin", Interrupted())
    win.main(["-"])
    assert [one["text"] for one in spooled(here)] == ["the first", "said and kept"]
    assert "Nothing was kept" not in capsys.readouterr().err


# --- When it was --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2024-02-29", "2024-02-29T12:00:00+00:00"),
        ("2024-07-01", "2024-07-01T12:00:00+01:00"),
        ("2024-07-01T08:05", "2024-07-01T08:05:00+01:00"),
        ("2024-07-01 08:05:06", "2024-07-01T08:05:06+01:00"),
        ("2024-07-01T08:05:06Z", "2024-07-01T08:05:06+00:00"),
        ("2024-07-01T08:05-05:30", "2024-07-01T08:05:00-05:30"),
        ("20240701", "2024-07-01T12:00:00+01:00"),
    ],
)
def test_it_reads_when_it_was(founded, at, moment):
    done = founded.win("--json", "--at", at, "x")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["at"] == moment


@pytest.mark.parametrize(
    "at",
    ["0000-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "2023-02-29", "tomorrow", "14/03/2024", "12:30", " "],
)
def test_it_hands_the_words_back_where_it_cannot_be_then(founded, at):
    before = len(spooled(founded))
    done = founded.win("--at", at, "walked", "to", "the river")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Not kept. Your words:\nwalked to the river\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(spooled(founded)) == before


@pytest.mark.parametrize("at", ["0001-01-01", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-12:00"])
def test_it_keeps_or_hands_back_the_first_day_there_is(founded, at):
    done = founded.win("--json", "--at", at, "x")
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["kept"] if done.returncode == 0 else "Your words:\nx" in done.stderr


def test_it_takes_now_where_nothing_is_said(founded):
    done = founded.win("--json", "x")
    told = datetime.fromisoformat(json.loads(done.stdout)["at"])
    assert abs((datetime.now().astimezone() - told).total_seconds()) < 60


# --- When it cannot be kept ---------------------------------------------------------------------------------------


def handed_back(done) -> bool:
    assert "Traceback" not in done.stderr
    return done.returncode == 1 and done.stdout == "" and done.stderr.endswith("Your words:\nmy own words\n")


def test_it_refuses_a_letterbox_that_was_exchanged(here):
    here.win("mine")
    stranger = Root.new(b"s" * 16)
    box = Letterbox(stranger.vault, 1, stranger.public_key)
    (here.data / "letterbox.json").write_bytes(box.as_json())
    done = here.win("my", "own", "words")
    assert handed_back(done)
    assert "not the one this computer remembers" in done.stderr
    assert here.spooled == 1


def test_it_hands_the_words_back_where_it_cannot_write(here):
    here.win("mine")
    for path in (here.data / "spool").iterdir():
        path.unlink()
    (here.data / "spool").rmdir()
    (here.data / "spool").write_text("a file in the way")
    assert handed_back(here.win("my", "own", "words"))
    assert (here.data / "spool").read_text() == "a file in the way"


def test_it_hands_every_line_back_where_it_cannot_write(here):
    here.data.mkdir()
    (here.data / "spool").write_text("a file in the way")
    done = here.win("-", said="one\ntwo\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "one" in done.stderr
    assert "two" in done.stderr


def test_it_hands_the_words_back_where_there_is_no_place_for_a_home(here):
    here.data.write_text("a file in the way")
    assert handed_back(here.win("my", "own", "words"))


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": "AAAA"},
        {"vault": "aa"},
        {"vault": ""},
        {"generation": "1"},
        {"generation": -1},
        {"generation": None},
        {"format": "smallwins letterbox 2"},
    ],
    ids=str,
)
def test_it_hands_the_words_back_where_the_letterbox_is_broken(here, change):
    root = Root.new(b"a" * 16)
    box = Letterbox(root.vault, 1, root.public_key)
    here.data.mkdir()
    (here.data / "letterbox.json").write_text(json.dumps(json.loads(box.as_json()) | change))
    pin = Path(Home(str(here.data), str(here.keys)).pin)
    if "public_key" not in change:  # the key is the one that is remembered: only the rest is broken
        pin.parent.mkdir(parents=True)
        pin.write_bytes(box.fingerprint)
    assert handed_back(here.win("my", "own", "words"))
    assert here.spooled == 0


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "cut", "bytes", "deep"])
def test_it_hands_the_words_back_where_the_letterbox_is_no_json(here, content):
    here.data.mkdir()
    (here.data / "letterbox.json").write_bytes(content)
    assert handed_back(here.win("my", "own", "words"))


def test_it_says_how_it_is_used_where_an_option_is_unknown(founded):
    done = founded.win("--streak", "x")
    assert done.returncode == 2
    assert "usage: win" in done.stderr

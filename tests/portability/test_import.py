"""Bringing wins in: zip, JSONL, CSV and text; twice in gives no doubles; bad lines are named; all or nothing."""

import io
import json
import zipfile
from itertools import permutations, product

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from smallwins.book.memory import close_book
from smallwins.book.models import Page
from smallwins.portability.actions import bring_in
from smallwins.portability.reading import Unreadable, read
from tests.portability.test_export import document, exported

pytestmark = pytest.mark.database


def bring(alice, content: bytes | str, name: str = "wins.jsonl"):
    content = content.encode() if isinstance(content, str) else content
    return alice.browser.post("/take-away/import/", {"file": SimpleUploadedFile(name, content)})


def report(alice, content: bytes | str, name: str = "wins.jsonl"):
    answer = bring(alice, content, name)
    assert answer.status_code == 200
    return answer.context["report"]


def jsonl(*items) -> str:
    return "\n".join(json.dumps(item) for item in items) + "\n"


def bag(content: bytes, name: str = "wins.json", **others) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
        for other, text in others.items():
            file.writestr(other, text)
    return target.getvalue()


def kept(alice) -> list[tuple]:
    return [(win.text, win.draft.moment().isoformat(), win.draft.kind, win.draft.hard) for win in alice.wins]


# --- What it reads ----------------------------------------------------------------------------------------------

TWO = [
    ("Walked, slowly", "2026-03-02T09:05:00+00:00", "care", True),
    ("Said “no”; twice", "2026-03-01T12:00:00+00:00", "", False),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "wins.jsonl",
            '{"text": "Walked, slowly", "at": "2026-03-02T09:05", "kind": "care", "hard": true}\n'
            '{"text": "Said “no”; twice", "at": "2026-03-01"}\n',
        ),
        (
            "wins.csv",
            'at,text,hard,kind\n2026-03-02T09:05,"Walked, slowly",yes,care\n2026-03-01,Said “no”; twice,no,\n',
        ),
        (
            "semicolons.csv",
            'Text;At;Kind;Hard\nWalked, slowly;2026-03-02 09:05;care;x\n"Said “no”; twice";2026-03-01;;\n',
        ),
        (
            "tabs.csv",
            "text\tat\tkind\thard\nWalked, slowly\t2026-03-02 09:05\tcare\t1\nSaid “no”; twice\t2026-03-01\t\t0\n",
        ),
        (
            "list.json",
            '[{"text": "Walked, slowly", "at": "2026-03-02T09:05:00Z", "kind": "care", "hard": 1},'
            ' {"text": "Said “no”; twice", "at": "2026-03-01T12:00:00+00:00"}]',
        ),
        (
            "ours.json",
            '{"format": "smallwins wins 1", "wins": [{"text": "Walked, slowly", "at": "2026-03-02T09:05",'
            ' "kind": "care", "hard": true}, {"text": "Said “no”; twice", "at": "2026-03-01"}]}',
        ),
    ],
)
def test_it_reads_the_same_from_every_file(name, content, alice):
    """However it is encoded: the first brings two, and each of the others the same two again."""
    for number, (encoding, ends) in enumerate(product(("utf-8", "utf-8-sig", "utf-16", "cp1252"), ("\n", "\r\n"))):
        found = report(alice, content.replace("\n", ends).encode(encoding), name)
        assert (found.added, found.already, found.bad) == ((0, 2, []) if number else (2, 0, [])), encoding
        assert kept(alice) == TWO


def test_it_reads_text_one_a_line(alice, clock):
    found = report(alice, "Drank water\r\n\r\n  Slept  \n\tשתיתי מים\n", "list.txt")
    assert (found.added, found.bad) == (3, [])
    assert sorted(alice.texts) == sorted(["Drank water", "Slept", "שתיתי מים"])
    assert {win.draft.moment() for win in alice.wins} == {clock.now()}


def test_it_reads_lines_within_quotes(alice):
    report(alice, 'text,at\n"Walked\nand ""rested""",2026-03-01\n', "wins.csv")
    assert alice.texts == ['Walked\nand "rested"']


def test_it_brings_everything_back_as_it_was(alice, bob):
    """Out of one place and into another: equal in all that was the person's."""
    bob.has("Plain")
    bob.has('"Quotes", \\ and\nlines\t💧\u2028 end', kind="my garden", marks=("hard",), before="said nothing")
    bob.lock()
    bob.browser.post("/open/none/")
    bob.open_browser()
    content = exported(bob).fp.getvalue()
    assert report(alice, content, "wins.zip").added == 2
    assert {(win.record, *win.draft[:7]) for win in alice.wins} == {(win.record, *win.draft[:7]) for win in bob.wins}


# --- Versions of one win, from two devices ----------------------------------------------------------------------


def versions(alice) -> dict[str, str]:
    """What stands beside what, by their texts; `?` where that one is not there."""
    texts = {win.record.hex(): win.text for win in alice.wins}
    return {win.text: texts.get(win.beside, "?") for win in alice.wins if win.beside}


@pytest.fixture
def two(alice):
    """A win that two devices changed; the late one is newer in the list, or older, or of the same moment."""
    win = alice.has("Was", source="of a file")
    for text in ("First", "Second", "Third"):
        day = {"First": "2026-03-10", "Second": "2026-03-14", "Third": "2026-03-01"}[text]
        alice.browser.post(f"/wins/{win.record.hex()}/edit/", {"text": text, "day": day, "revision": "1"})
    return win


def test_a_win_of_two_devices_goes_out_and_in_equal(two, alice, bob):
    content = exported(alice)
    assert {item.get("beside") for item in document(content)["wins"]} == {None, two.record.hex()}
    assert report(bob, content.fp.getvalue(), "wins.zip").added == 3
    assert versions(bob) == versions(alice) == {"Second": "First", "Third": "First"}
    assert {(win.record, win.draft) for win in bob.wins} == {(win.record, win.draft) for win in alice.wins}
    assert report(bob, content.fp.getvalue(), "wins.zip").added == 0


def test_it_stands_beside_one_that_was_there_already(two, alice):
    content = exported(alice).fp.getvalue()
    second = next(win for win in alice.wins if win.text == "Second")
    Page.objects.filter(id=second.record).delete()
    close_book(alice.vault_id)
    assert report(alice, content, "wins.zip").added == 1
    assert versions(alice) == {"Second": "First", "Third": "First"}


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_a_chain_comes_in_whole_in_any_order(order, alice):
    beside = {"a": {}, "b": {"beside": "a" * 32}, "c": {"beside": "b" * 32}}
    report(alice, jsonl(*({"id": name * 32, "text": name} | beside[name] for name in order)))
    assert versions(alice) == {"b": "a", "c": "b"}
    content = exported(alice).fp.getvalue()
    Page.objects.all().delete()
    close_book(alice.vault_id)
    assert report(alice, content, "wins.zip").added == 3
    assert versions(alice) == {"b": "a", "c": "b"}


def test_it_stands_beside_nothing_where_it_says_itself(alice):
    report(alice, jsonl({"id": "a" * 32, "text": "Alone", "beside": "a" * 32}))
    assert alice.wins[0].beside == ""


def test_it_is_a_win_of_its_own_where_the_other_was_not_brought_in(alice, bob):
    theirs = bob.has("Bob's own")
    ours = {"id": "a" * 32, "text": "Alice's own"}
    for number, beside in enumerate(("b" * 32, theirs.record.hex(), "c" * 32)):
        report(alice, jsonl(ours | {"id": "abc"[number] * 32, "text": str(number), "beside": beside}))
    assert {win.beside for win in alice.wins} == {""}
    assert len(alice.wins) == 3


@pytest.mark.parametrize("beside", [5, [1], {}, True, "ab", "AB" * 16, "z" * 32, "\ud800" * 32, "٣" * 32], ids=repr)
def test_it_takes_no_odd_link(beside, alice):
    assert report(alice, jsonl({"id": "ab" * 16, "text": "One"}, {"text": "Two", "beside": beside})).added == 2
    assert versions(alice) == {}
    document(exported(alice))


# --- Twice ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.jsonl",
            jsonl({"text": "One", "at": "2026-03-01"}, {"text": "Two"}, {"text": "Two"}, {"id": 7, "text": "Three"}),
        ),
        ("a.csv", "text,at\nOne,2026-03-01\nTwo,\nTwo,\nThree,2026-03-02\n"),
        ("a.txt", "One\nTwo\nTwo\nThree\n"),
    ],
)
def test_it_makes_no_doubles(name, content, alice, clock):
    """The same line twice in one file is two wins; the same file twice is not."""
    assert report(alice, content, name).added == 4
    clock.move(days=3)
    again = report(alice, content, name)
    assert (again.added, again.already) == (0, 4)
    assert sorted(alice.texts) == ["One", "Three", "Two", "Two"]


def test_it_makes_no_doubles_of_its_own_export(alice):
    alice.has("Kept here")
    report(alice, "Brought in\n", "a.txt")
    content = exported(alice).fp.getvalue()
    assert (report(alice, content, "wins.zip").added, len(alice.wins)) == (0, 2)


def test_it_leaves_what_is_there_as_it_is(alice):
    win = alice.has("As it was")
    alice.browser.post(f"/wins/{win.record.hex()}/edit/", {"text": "As it is", "day": "2026-03-14", "revision": "1"})
    found = report(alice, jsonl({"id": win.record.hex(), "text": "As it was", "at": "2026-03-14"}))
    assert (found.added, found.already, alice.texts) == (0, 1, ["As it is"])


def test_it_makes_no_double_of_what_was_edited_since(alice):
    content = jsonl({"text": "As it was", "at": "2026-03-01"})
    report(alice, content)
    win = alice.wins[0]
    alice.browser.post(f"/wins/{win.record.hex()}/edit/", {"text": "As it is", "day": "2026-03-01", "revision": "1"})
    assert (report(alice, content).added, alice.texts) == (0, ["As it is"])


def test_it_says_the_truth_about_an_id_that_was_deleted(alice):
    """Deleted, and not destroyed yet: whatever is counted as brought in is there afterwards."""
    win = alice.has("Goes")
    content = exported(alice).fp.getvalue()
    alice.browser.post(f"/wins/{win.record.hex()}/delete/")
    found = report(alice, content, "wins.zip")
    assert len(alice.texts) == found.added


def test_it_does_not_take_over_an_id_of_somebody_else(alice, bob):
    theirs = bob.has("Bob's own")
    report(alice, jsonl({"id": theirs.record.hex(), "text": "Alice's own"}))
    assert (alice.texts, bob.texts) == (["Alice's own"], ["Bob's own"])


# --- Bad lines --------------------------------------------------------------------------------------------------

BAD = {
    "not JSON": "{text: no}",
    "cut off": '{"text": "no',
    "a list": "[1]",
    "a word": '"no"',
    "no text": '{"at": "2026-03-01"}',
    "text null": '{"text": null}',
    "text a number": '{"text": 5}',
    "text a list": '{"text": ["no"]}',
    "blank text": '{"text": " \\n"}',
    "long text": json.dumps({"text": "x" * 20_001}),
    "no date": '{"text": "no", "at": "yesterday"}',
    "date a number": '{"text": "no", "at": 5}',
    "date a list": '{"text": "no", "at": [2026]}',
    "year 0": '{"text": "no", "at": "0000-01-01"}',
    "year 9999": '{"text": "no", "at": "9999-12-31"}',
    "year 10000": '{"text": "no", "at": "10000-01-01"}',
    "date NaN": '{"text": "no", "at": NaN}',
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep inside": '{"text": "no", "at": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a number too long": '{"text": "no", "at": ' + "9" * 10_000 + "}",
}


@pytest.mark.parametrize("name", BAD)
def test_it_names_a_bad_line_and_takes_the_rest(name, alice):
    found = report(alice, f'{{"text": "First"}}\n\n{BAD[name]}\n{{"text": "Last"}}\n')
    assert [number for number, _ in found.bad] == [3]
    assert found.bad[0][1].endswith(".")
    assert sorted(alice.texts) == ["First", "Last"]


ODD = {
    "kind a number": {"kind": 5},
    "kind long": {"kind": "k" * 500},
    "kind blank": {"kind": " \n "},
    "kind with NUL": {"kind": "a\x00b"},
    "hard a list": {"hard": [1]},
    "hard a word": {"hard": "perhaps"},
    "before a number": {"before": 5},
    "before long": {"before": "x" * 100_000},
    "before a surrogate": {"before": "a\ud800"},
    "before with NUL": {"before": "a\x00b"},
    "door long": {"door": "x" * 100_000},
    "door a surrogate": {"door": "a\ud800"},
    "source a list": {"source": [1]},
    "source a surrogate": {"source": "a\ud800"},
    "kind a surrogate": {"kind": "a\ud800"},
    "text a surrogate": {"text": "a\ud800"},
    "id a list": {"id": [1]},
    "id of another length": {"id": "ab"},
    "id not hex": {"id": "z" * 32},
    "id a surrogate": {"id": "\ud800" * 32},
    "id in capitals": {"id": "AB" * 16},
    "id with blanks": {"id": "ab cd " * 5 + "ab"},
    "the first day": {"at": "0001-01-01"},
    "the first second, east": {"at": "0001-01-01T00:00:00+14:00"},
    "an odd zone": {"at": "2026-03-01T10:00:00+23:59"},
    "with fractions": {"at": "2026-03-01T10:00:00.999999"},
    "a week": {"at": "2026-W10-1"},
    "more than we know": {"streak": 5, "<b>": {}},
}


@pytest.mark.parametrize("name", ODD)
def test_it_takes_or_names_an_odd_one_and_everything_works_after(name, alice):
    found = report(alice, jsonl({"text": "Odd"} | ODD[name], {"text": "Last"}))
    assert found.added + len(found.bad) == 2
    assert len(alice.texts) == found.added
    assert "Last" in alice.texts
    for path in ("/wins/", "/", *(f"/wins/{win.record.hex()}/edit/" for win in alice.wins)):
        assert alice.browser.get(path).status_code == 200
    assert alice.browser.post("/wins/search/", {"q": "last"}).context["wins"]
    try:
        document(exported(alice))
    except jsonschema.ValidationError as error:
        pytest.fail(f"an export after it is not valid: {error.message} at {list(error.absolute_path)}")


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("text,at\nGood,2026-03-01\n,2026-03-01\nAlso good,\n", [3]),
        ("text,at\nGood,never\nAlso good,\n", [2]),
        ("text\nGood\n" + "x" * 20_001 + "\nAlso good\n", [3]),
        ("text,at\nGood,2026-03-01,more,and more\nAlso good\n", []),
        ("text,at\n\n\nGood,2026-03-01\n", []),
    ],
)
def test_it_names_bad_lines_of_a_table(content, lines, alice):
    found = report(alice, content, "wins.csv")
    assert [number for number, _ in found.bad] == lines
    assert "Also good" in alice.texts or not lines


def test_the_number_is_that_of_the_line_in_the_file(alice):
    found = report(alice, 'text,at\n"two\nlines",2026-03-01\nbad,never\n', "wins.csv")
    assert [number for number, _ in found.bad] == [4]


# --- Hostile files ----------------------------------------------------------------------------------------------


def _claims(size: int) -> bytes:
    """A zip that says its wins.json is larger than it is."""
    raw = bytearray(bag(b'{"wins": []}'))
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = size.to_bytes(4, "little")
    return bytes(raw)


HOSTILE = {
    "bomb claim": ("a.zip", _claims(2**31)),
    "claims less": ("a.zip", _claims(1)),
    "no wins.json": ("a.zip", bag(b"{}", "other.json")),
    "empty zip": ("a.zip", b"PK\x05\x06" + b"\0" * 18),
    "truncated": ("a.zip", bag(b'{"wins": [{"text": "no"}]}')[:-30]),
    "cut in the middle": ("a.zip", bag(b'{"wins": [{"text": "no"}]}')[:60]),
    "only a name": ("a.zip", b"PK\x03\x04"),
    "wins not a list": ("a.zip", bag(b'{"wins": {"text": "no"}}')),
    "wins missing": ("a.zip", bag(b'{"format": "smallwins wins 1"}')),
    "wins.json not JSON": ("a.zip", bag(b"no")),
    "deep nesting": ("a.zip", bag(b"[" * 200_000)),
    "deep and closed": ("a.json", b'{"wins": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "json cut off": ("a.json", b'{"wins": [{"text": "no"}'),
    "table without text": ("a.csv", b"when,what\n2026-03-01,no\n"),
    "an empty table": ("a.csv", b""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses_a_hostile_file_in_a_sentence(name, alice):
    alice.has("Alice's own words")
    answer = bring(alice, HOSTILE[name][1], HOSTILE[name][0])
    assert answer.status_code == 400
    assert answer.context["problem"].endswith(".")
    assert alice.texts == ["Alice's own words"]


def test_it_unpacks_nothing_but_wins_json(alice, tmp_path):
    content = bag(b'{"wins": [{"text": "Good"}]}', **{"../../evil.txt": "x", "/etc/evil": "x"})
    assert report(alice, content, "../../a.zip").added == 1
    assert not list(tmp_path.parent.glob("evil*"))
    path_name = bag(b'{"wins": [{"text": "no"}]}', "../wins.json")
    assert bring(alice, path_name, "a.zip").status_code == 400


def test_it_stops_unpacking_where_a_bomb_does_not_say_how_large_it_is(monkeypatch):
    monkeypatch.setattr("smallwins.portability.reading.MOST_BYTES", 100_000)
    raw = bytearray(bag(b'{"wins": []}' + b" " * 5_000_000))
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = (50_000).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        list(read(bytes(raw), "a.zip"))


def test_it_reads_nan_as_no_moment_and_no_text(alice):
    found = report(alice, bag(b'{"wins": [{"text": NaN}, {"text": "x", "at": Infinity}, {"text": "Good"}]}'), "a.zip")
    assert ([number for number, _ in found.bad], alice.texts) == ([1, 2], ["Good"])


def test_it_asks_for_a_file(alice):
    answer = alice.browser.post("/take-away/import/", {"file": "not a file"})
    assert (answer.status_code, bool(answer.context["problem"])) == (400, True)


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.json", "a.csv", "a", "", "a.zip"])
def test_it_survives_any_bytes(name, alice):
    for content in (b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 100, bytes(range(256)) * 20):
        before = len(alice.wins)
        answer = bring(alice, content, name or "x")
        assert answer.status_code in (200, 400), content
        assert alice.browser.get("/wins/").status_code == 200
        if answer.status_code == 400:
            assert len(alice.wins) == before


# --- All or nothing ---------------------------------------------------------------------------------------------


def test_it_writes_nothing_where_it_fails_midway(alice, monkeypatch):
    alice.has("Alice's own words")
    real, calls = Page.objects.bulk_create, []

    def failing(*args, **others):
        calls.append(1)
        if len(calls) > 1:
            raise DatabaseError("disk full")
        return real(*args, **others)

    lines = list(read("".join(f"win {n}\n" for n in range(5000)).encode(), "a.txt"))
    with monkeypatch.context() as patch:
        patch.setattr("smallwins.book.models.Page.objects.bulk_create", failing)
        with pytest.raises(DatabaseError), transaction.atomic():
            bring_in(alice.reader, lines, alice.cast.clock.now())
    assert len(calls) == 2
    assert (Page.objects.count(), alice.texts) == (1, ["Alice's own words"])
    assert bring_in(alice.reader, lines, alice.cast.clock.now()).added == 5000


def test_it_writes_nothing_where_the_file_breaks_off_midway(alice):
    def lines():
        yield from read(b"First\nSecond\n", "a.txt")
        raise Unreadable("This file breaks off.")

    with pytest.raises(Unreadable):
        bring_in(alice.reader, lines(), alice.cast.clock.now())
    assert alice.texts == []


def test_it_says_so_where_the_database_does_not_take_it(alice, monkeypatch):
    monkeypatch.setattr("smallwins.portability.actions.add_pages", _fails)
    alice.browser.raise_request_exception = False
    assert bring(alice, "First\n", "a.txt").status_code in (503, 507)
    monkeypatch.undo()


def _fails(*_):
    raise DatabaseError("database or disk is full")


def test_the_real_thousand_goes_in_and_out_and_in_equal(alice, bob, shared):
    content = (shared / "wins-1k.jsonl").read_bytes()
    found = report(alice, content, "wins-1k.jsonl")
    assert (found.added, found.bad) == (1000, [])
    assert report(alice, content, "wins-1k.jsonl").added == 0
    out = exported(alice).fp.getvalue()
    assert report(bob, out, "wins.zip").added == 1000
    assert [win.draft for win in bob.wins] == [win.draft for win in alice.wins]
    assert json.loads(exported(bob).read("wins.json")) == json.loads(exported(alice).read("wins.json"))

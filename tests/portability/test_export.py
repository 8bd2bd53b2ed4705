"""Taking everything away: one zip that needs no program of ours."""

import io
import json
import zipfile
from datetime import UTC, datetime

import jsonschema
import pytest

from smallwins.portability.bag import schema
from smallwins.wins import actions
from smallwins.wins.draft import draft

pytestmark = pytest.mark.database


def exported(alice, **data) -> zipfile.ZipFile:
    answer = alice.browser.post("/take-away/export/", data)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="small-wins-2026-03-14.zip"'
    assert answer["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def document(bag: zipfile.ZipFile) -> dict:
    found = json.loads(bag.read("wins.json"))
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(json.loads(bag.read("wins.schema.json")), format_checker=checker).validate(found)
    return found


def test_it_is_what_its_schema_says(alice):
    alice.has("Plain")
    alice.has('"Quotes", \\ and\nlines\t💧\u2028 end', kind="my garden", marks=("hard",), before="said nothing")
    alice.lock()
    alice.keep("Kept while locked")
    alice.open_browser()
    found = document(exported(alice))
    assert found["format"] == "smallwins wins 1"
    assert found["exported_at"] == "2026-03-14T18:30:00+00:00"
    by_text = {item.pop("text"): item for item in found["wins"]}
    assert by_text.keys() == {"Plain", '"Quotes", \\ and\nlines\t💧\u2028 end', "Kept while locked"}
    quoted = by_text['"Quotes", \\ and\nlines\t💧\u2028 end']
    assert (quoted["kind"], quoted["hard"], quoted["before"]) == ("my garden", True, "said nothing")
    assert by_text["Kept while locked"]["door"] == "page"
    assert set(by_text["Plain"]) == {"id", "at", "kind", "hard"}


def test_an_empty_one_is_valid_too(alice):
    bag = exported(alice)
    assert document(bag)["wins"] == []
    assert sorted(bag.namelist()) == ["wins.json", "wins.schema.json"]


def test_the_schema_refuses_what_is_not_an_export():
    ours = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(ours)
    good = {"id": "0" * 32, "at": "2026-03-14T18:30:00+00:00", "text": "Kept", "kind": "", "hard": False}
    whole = {"format": "smallwins wins 1", "exported_at": "2026-03-14T18:30:00+00:00", "wins": [good]}
    jsonschema.validate(whole, ours)
    for wrong in (
        {"text": ""},
        {"id": "x"},
        {"hard": "yes"},
        {"streak": 3},
        {"kind": None},
        {"beside": ""},
        {"beside": "x"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(whole | {"wins": [good | wrong]}, ours)


def test_it_has_a_page_a_month_with_the_oldest_first(alice):
    for text, moment in (
        ("later", datetime(2026, 3, 14, 8, tzinfo=UTC)),
        ("earlier", datetime(2026, 3, 2, 9, 5, tzinfo=UTC)),
        ("a year ago", datetime(2025, 3, 2, tzinfo=UTC)),
        ("the first", datetime(1, 1, 1, tzinfo=UTC)),
        ("the last", datetime(9999, 12, 31, tzinfo=UTC)),
    ):
        actions.keep(alice.vault, alice.reader, draft(text, moment, marks=("hard",), before="not dared"), text)
    bag = exported(alice)
    months = [name for name in bag.namelist() if name.startswith("months/")]
    assert sorted(months) == [f"months/{month}.md" for month in ("0001-01", "2025-03", "2026-03", "9999-12")]
    march = bag.read("months/2026-03.md").decode()
    assert march.index("earlier") < march.index("later")
    assert "02 09:05" in march
    assert "Before, I might have… not dared" in march
    assert len(document(bag)["wins"]) == 5


def test_a_words_file_name_is_never_made_of_words(alice):
    alice.has("../../etc/passwd", kind="../../x")
    assert sorted(exported(alice).namelist()) == ["months/2026-03.md", "wins.json", "wins.schema.json"]


def test_it_asks_for_the_passphrase_where_there_is_one(alice, monkeypatch):
    monkeypatch.setattr("smallwins.vault.ways.ARGON2", {"memory_cost": 64, "iterations": 1, "lanes": 1})
    alice.has("Alice's own words")
    words = "plum kettle orbit"
    alice.browser.post("/lock/passphrase/", {"new": words, "again": words})
    for wrong in ({}, {"secret": ""}, {"secret": "not it at all"}):
        answer = alice.browser.post("/take-away/export/", wrong)
        assert (answer.status_code, answer["Content-Type"]) == (403, "text/html; charset=utf-8")
        assert "Content-Disposition" not in answer.headers
        assert b"own words" not in answer.content
    assert len(document(exported(alice, secret=words))["wins"]) == 1


def test_it_says_so_where_there_is_nothing_to_ask_for(alice):
    page = alice.browser.get("/take-away/")
    assert page.context["nothing_to_reenter"]
    assert "secret" not in page.context["form"].fields


def test_it_takes_only_ones_own(alice, bob):
    alice.has("Alice's own words")
    bob.has("Bob's own words")
    assert [item["text"] for item in document(exported(bob))["wins"]] == ["Bob's own words"]


def test_it_leaves_out_what_was_deleted(alice):
    win = alice.has("Goes")
    alice.browser.post(f"/wins/{win.record.hex()}/delete/")
    bag = exported(alice)
    assert document(bag)["wins"] == []
    assert all(b"Goes" not in bag.read(name) for name in bag.namelist())


def test_nothing_of_it_is_sealed_and_nothing_secret_is_in_it(alice):
    alice.has("Alice's own words")
    bag = exported(alice)
    content = b"".join(bag.read(name) for name in bag.namelist())
    for secret in (alice.root.secret, alice.root.book_key):
        assert secret not in content
        assert secret.hex().encode() not in content
    assert alice.vault_id.hex().encode() not in content

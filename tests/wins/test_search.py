"""Finding wins: words and phrases, case and accents folded, small typing errors forgiven, nothing in addresses."""

import pytest

from tests.web import html
from tests.wins.test_list import brought

pytestmark = pytest.mark.database

WINS = (
    "Walked to the café with Ana",
    "Said no to him",
    "No, I told myself, to him it is a game",
    "Made soup, ÜBER late",
    "שתיתי מים",
    "Slept through — finally",
    "Cleaned the straße",
)


@pytest.fixture
def found(alice):
    brought(alice, *((text, f"2026-03-{day:02}") for day, text in enumerate(reversed(WINS), 1)))

    def find(query: str) -> list[str]:
        page = alice.browser.post("/wins/search/", {"q": query})
        assert page.status_code == 200
        assert html(page).form_with("q")["q"] == query[:400]
        return [win["text"] for win in page.context["wins"]]

    return find


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("soup", [3]),
        ("SOUP made", [3]),
        ("cafe", [0]),
        ("CAFÉ", [0]),
        ("cafe\u0301", [0]),
        ("uber", [3]),
        ("strasse", [6]),
        ("מים", [4]),
        ("wal", [0]),
        ("alked", [0]),  # a letter is missing, and forgiven
        ("wakled", [0]),
        ("fnally", [5]),
        ("to him", [1, 2]),
        ("“no to him”", [1]),
        ('"no to him"', [1]),
        ('"to him" game', [2]),
        ("soup ana", []),
        ("nothing like it", []),
        ("", []),
        ("   ", []),
        ("…!?", []),
    ],
)
def test_it_finds(query, expected, found):
    assert found(query) == [WINS[position] for position in expected]


@pytest.mark.parametrize(
    "query",
    [
        ".*",
        "(",
        "[a-",
        "\\",
        '"',
        '"" ""',
        "'; DROP TABLE book_page; --",
        "%",
        "_",
        "a\nb",
        "\x00",
        "a " * 500,
        "x" * 5000,
    ],
)
def test_it_takes_every_query_as_words(query, found):
    assert set(found(query)) <= set(WINS)
    assert found("soup") == [WINS[3]]


def test_it_looks_into_the_line_about_before(alice):
    alice.has("Called", before="hidden under the blanket")
    page = alice.browser.post("/wins/search/", {"q": "blanket"})
    assert [win["text"] for win in page.context["wins"]] == ["Called"]


def test_it_finds_what_has_just_been_changed_and_not_what_it_was(alice, found):
    win = next(win for win in alice.wins if win.text == WINS[3])
    alice.browser.post(f"/wins/{win.record.hex()}/edit/", {"text": "Made bread", "day": "2026-03-04", "revision": "1"})
    assert (found("bread"), found("soup")) == (["Made bread"], [])
    alice.browser.post(f"/wins/{win.record.hex()}/delete/")
    assert found("bread") == []


def test_it_shows_more_a_page_at_a_time(alice):
    brought(alice, *((f"soup number{n}", f"2025-01-01T00:{n:02}") for n in range(40)), ("bread", "2025-02-01"))
    first = alice.browser.post("/wins/search/", {"q": "soup"})
    rest = alice.browser.post("/wins/search/", html(first).form_with("from"))
    texts = [win["text"] for page in (first, rest) for win in page.context["wins"]]
    assert texts == [f"soup number{n}" for n in reversed(range(40))]
    assert rest.context["more_from"] is None


@pytest.mark.parametrize("begin", ["-1", "x", "9" * 30, "١", "", "1e3"])
def test_it_takes_no_harm_from_an_odd_beginning(begin, alice, found):
    assert alice.browser.post("/wins/search/", {"q": "soup", "from": begin}).status_code == 200


def test_it_says_so_where_nothing_is_found_and_counts_nothing(alice, found):
    page = alice.browser.post("/wins/search/", {"q": "neverwritten"})
    assert page.context["nothing"]
    assert any(given.get("role") == "status" for given in html(page).all("p"))
    shown = alice.browser.post("/wins/search/", {"q": "to"}).content.decode().partition("<main")[2]
    assert "results" not in shown
    assert "matches" not in shown


def test_it_is_never_asked_by_address(alice):
    asked = alice.browser.get("/wins/search/", {"q": "soup"})
    assert (asked.context["wins"], b"soup" in asked.content) == ([], False)
    for page in (alice.browser.get("/wins/"), alice.browser.post("/wins/search/", {"q": "soup"})):
        forms = [form["given"] for form in html(page).forms if "q" in form["fields"]]
        assert {form["method"] for form in forms} <= {"post"}

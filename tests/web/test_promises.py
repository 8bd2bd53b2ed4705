"""Promise 2: nothing counts days, compares or cheers; and coming back after weeks is like coming back after an hour."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import smallwins
from tests.web import Html

SRC = Path(smallwins.__file__).parent
FORBIDDEN = re.compile(
    r"""\b(?:
        streaks? | scor(?:e|es|ed|ing) | badges? | rank(?:s|ed|ing|ings)? | leader\s?boards? | goals? | confetti
      | (?:in|on)\s+a\s+row | missed | missing\s+a\s+day | fail(?:s|ed|ure|ures|ing)?
      | per\s?cent(?:age|ages)? | levels?
      | days?\s+(?:ago|since|away|without|active) | (?:weeks?|months?|years?)\s+(?:ago|since|away)
      | last\s+time\s+you | welcome\s+back | long\s+time\s+no | consecutive | every\s+single\s+day | daily\s+average
      | productiv(?:e|ity) | journeys? | warriors? | suffer(?:s|ing)?\s+from | achievements? | unlocked\s+an? | trophy
      | trophies | medals? | points? | xp | perfect\s+(?:day|week|month) | keep\s+it\s+up | well\s+done | good\s+job
      | congratulations? | amazing | awesome | proud\s+of\s+you
    )\b | \d\s*% | 100\s*% | ! (?!=) | 🎉 | 🔥 | 🏆
    """,
    re.IGNORECASE | re.VERBOSE,
)
TRANSLATED = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate.*?%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
READ_BY_PEOPLE = ("alt", "title", "placeholder", "aria-label", "aria-description", "value", "content")
TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext"}
TOML_TEXTS = {"text", "name", "about", "hours", "text_word"}


def of_template(source: str) -> Iterator[str]:
    """What a person reads of a template: translated sentences, and what stands in it as it is."""
    yield from (first or second for first, second in TRANSLATED.findall(source))
    yield from BLOCK.findall(source)
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", source, flags=re.DOTALL)
    read = Html(re.sub(r"<!doctype[^>]*>", "", bare, flags=re.IGNORECASE))
    yield from (words for under, words in read.text if under not in ("script", "style") and words.strip())
    yield from (given[name] for _, given in read.tags for name in READ_BY_PEOPLE if given.get(name, "").strip())


def of_python(source: str) -> Iterator[str]:
    """What a person reads of a module: what is translated, and every other string that is a sentence or a prompt."""
    tree = ast.parse(source)
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATING:
            yield from (part.value for part in node.args if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            yield from (text for text in [node.value.replace("<!doctype", "")] if is_sentence(text))


def is_sentence(text: str) -> bool:
    return bool(re.search(r"\w \w", text)) and not text.startswith(("BEGIN ", "PRAGMA "))


def of_toml(source: str) -> Iterator[str]:
    def texts(value) -> Iterator[str]:
        for name, inner in value.items() if isinstance(value, dict) else ():
            if isinstance(inner, str) and name in TOML_TEXTS:
                yield inner
            for each in inner if isinstance(inner, list) else [inner]:
                yield from texts(each)

    yield from texts(tomllib.loads(source))


def of_script(source: str) -> Iterator[str]:
    yield from re.findall(r"""["'`]([^"'`\n]*)["'`]""", re.sub(r"^\s*//.*$|/\*.*?\*/", "", source, flags=re.MULTILINE))


def of_markdown(source: str) -> Iterator[str]:
    yield re.sub(r"```.*?```|`[^`]*`|<!--.*?-->|!\[", " ", source, flags=re.DOTALL)


def of_svg(source: str) -> Iterator[str]:
    yield from (words for _, words in Html(source).text)


READERS = {
    ".html": of_template,
    ".py": of_python,
    ".toml": of_toml,
    ".js": of_script,
    ".md": of_markdown,
    ".svg": of_svg,
    ".txt": of_markdown,
}


def files() -> list[Path]:
    return sorted(path for path in SRC.rglob("*") if path.suffix in READERS and "migrations" not in path.parts)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SRC)))
def test_it_never_counts_compares_or_cheers(path):
    texts = READERS[path.suffix](path.read_text("utf-8"))
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (".html", '<p>{% translate "You kept 3 days in a row" %}</p>'),
        (".html", "<p>{% blocktranslate %}Your streak is {{ n }}{% endblocktranslate %}</p>"),
        (".html", '<img alt="A badge">'),
        (".html", "<p>Well done</p>"),
        (".html", "<p>Hello!</p>"),
        (".html", "<p>You are at 40 %</p>"),
        (".py", 'x = _("streak")'),
        (".py", 'raise CannotKeep(f"You missed {n} days")'),
        (".py", "def f():\n    '''A doc.'''\n    return 'Kept 3 days ago'"),
        (".toml", 'first = ["a"]\n[[kind]]\nname = "goals"'),
        (".toml", '[[kind]]\n[[kind.win]]\ntext = "I reached a new level"'),
        (".js", 'show("Welcome back");'),
        (".md", "Your longest streak"),
        (".svg", "<svg><text>100 %</text></svg>"),
    ],
)
def test_it_would_notice(name, source):
    assert any(FORBIDDEN.search(text) for text in READERS[name](source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (".html", "{% if not missed != score %}{{ rank }}<p class='streak'>Kept</p>{# a goal #}{% endif %}"),
        (".html", '<!doctype html><svg viewBox="0 0 1 1" width="100%"></svg>'),
        (".py", '"""No streak, no badge!"""\nLEVELS = {"level": "WARNING"}  # in a row\nif a != b: pass'),
        (".toml", '# no streaks here!\nsource = "https://example.org/goal"'),
        (".js", "// no score!\nif (!score) rank();"),
        (".html", "<p>{% translate 'Some words came through the goalkeeper and the appointed hour.' %}</p>"),
    ],
)
def test_it_raises_no_false_alarm(name, source):
    assert [text for text in READERS[name](source) if FORBIDDEN.search(text)] == []


def test_it_reads_enough_to_mean_something():
    found = {
        suffix: [t for p in files() if p.suffix == suffix for t in READERS[suffix](p.read_text())] for suffix in READERS
    }
    assert any("small win" in text for text in found[".html"])
    assert any("There are no words here yet." in text for text in found[".py"])
    assert any("I got out of bed" in text for text in found[".toml"])
    assert min(len(found[suffix]) for suffix in (".html", ".py", ".toml")) > 100


def same(page: bytes) -> bytes:
    """A page without what is random in every page: the tokens of its forms."""
    return re.sub(rb'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', b"", page)


@pytest.mark.database
@pytest.mark.parametrize("path", ["/", "/more/", "/what-counts/", "/take-away/", "/hard-moment/"])
def test_it_is_after_five_weeks_as_it_was_after_an_hour(path, alice, clock):
    alice.has("Drank some water", kind="care")
    alice.has("Slept", kind="rest")
    clock.move(hours=1)
    before = alice.browser.get(path).content
    clock.move(days=35)
    alice.open_browser()
    after = alice.browser.get(path).content
    assert len(before) > 1000
    assert same(after) == same(before)


@pytest.mark.database
def test_it_is_after_five_weeks_as_it_was_after_an_hour_while_locked(alice, clock):
    alice.lock()
    clock.move(hours=1)
    before = alice.browser.get("/").content
    clock.move(days=35)
    assert same(alice.browser.get("/").content) == same(before)


@pytest.mark.database
def test_it_honors_the_first_win_after_five_weeks_as_any_other(alice, clock):
    before = alice.keep("Drank some water").content
    clock.move(days=35)
    alice.open_browser()
    after = alice.keep("Drank some water", form_key="another").content
    pebble = re.compile(rb' d="[^"]*"|/wins/[0-9a-f]{32}/')  # its shape comes from the id
    assert pebble.sub(b"", same(after)) == pebble.sub(b"", same(before))


@pytest.mark.database
def test_the_list_says_what_is_there_and_never_how_long_it_was_not(alice, clock):
    alice.has("Drank some water")
    clock.move(days=35)
    alice.open_browser()
    alice.has("Came back")
    page = alice.browser.get("/wins/").content.decode()
    headings = [words for under, words in Html(page).text if under == "h2"]
    assert headings == ["Today", "March"]
    assert not FORBIDDEN.search(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]))

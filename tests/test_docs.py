"""The papers: they say what the program does, point at what is there, and are plain to read."""

import argparse
import re
from pathlib import Path

import pytest

from scripts import make_command_docs
from smallwins.cli.main import VERBS

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "smallwins"
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in PAPERS]
HOUSE = (
    "README.md",
    "ARCHITECTURE.md",
    "GLOSSARY.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/manual.md",
    "docs/privacy.md",
    "docs/hazards.md",
    "docs/commands.md",
    "docs/settings.md",
    "docs/formats.md",
    "docs/benchmarks.md",
    "docs/picture.png",
)
VARIABLE = re.compile(r"\b(?:SMALLWINS_[A-Z_]+|DATABASE_URL)\b")
CODE = re.compile(r"```.*?```|^ {4}.*?$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
CLAIMS = re.compile(
    r"zero.knowledge|end.to.end|military.grade|bank.grade|unbreakable|unhackable|100\s*% (?:safe|secure)"
    r"|\b(?:treats|cures|heals) (?:you|your|people|anxiety|depression|trauma)|clinically (?:proven|tested)",
    re.IGNORECASE,
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def claimed(name: str) -> str:
    """A paper without the list of words that it tells us to avoid."""
    return re.sub(r"^## Words to avoid$.*?(?=^## |\Z)", "", text_of(name), flags=re.DOTALL | re.MULTILINE)


# --- They say what the program does -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOUSE)
def test_it_is_there(name):
    assert (ROOT / name).is_file()


def test_the_commands_are_written_down_as_they_are_now():
    message = "please run: .venv/bin/python scripts/make_command_docs.py"
    assert text_of("docs/commands.md") == make_command_docs.as_markdown(), message


@pytest.mark.parametrize("verb", VERBS)
def test_it_names_every_verb_with_its_options(verb):
    from importlib import import_module

    parser = argparse.ArgumentParser(add_help=False)
    import_module(f"smallwins.cli.verbs.{verb.replace('-', '_')}_").arguments(parser)
    section = text_of("docs/commands.md").split(f"## `smallwins {verb}`\n")[1].split("\n## ")[0]
    missing = [option for action in parser._actions for option in action.option_strings if option not in section]
    assert not missing
    assert all(action.help for action in parser._actions)


@pytest.mark.parametrize("verb", VERBS)
def test_the_readme_teaches_every_verb(verb):
    assert f"`{verb}`" in text_of("README.md")


def test_it_lists_every_variable_and_no_other():
    read = {name for path in SRC.rglob("*.py") for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert set(VARIABLE.findall(text_of("docs/settings.md"))) == read


def test_the_version_and_its_day_stand_in_the_changelog():
    from smallwins import UPDATED, __version__

    assert f"## {__version__} ({UPDATED})" in text_of("CHANGELOG.md")


def test_it_says_how_to_reach_the_makers_as_the_program_does():
    from django.conf import settings

    assert settings.CONTACT in text_of("SECURITY.md")
    assert settings.CONTACT.removesuffix("/issues") + "/security/advisories/new" in text_of("SECURITY.md")


# --- They point at what is there ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_its_links_lead_somewhere(name):
    links = [target for _, target in LINK.findall(text_of(name)) if "://" not in target]
    lost = [target for target in links if not ((ROOT / name).parent / target.split("#")[0]).resolve().exists()]
    assert not lost


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_its_paths_exist(name):
    quoted = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text_of(name))
    folders = (ROOT, SRC)
    # What is only there once it is set up (.venv/…), and the names that a room may have.
    paths = [path for path in quoted if not path.startswith(".venv/") and path != "templates/"]
    assert not [path for path in paths if not any((folder / path).exists() for folder in folders)]


def test_every_decision_is_in_the_list():
    listed = {target for _, target in LINK.findall(text_of("docs/decisions/0001-record-decisions.md"))}
    pages = {path.name for path in (ROOT / "docs" / "decisions").glob("*.md")} - {"0001-record-decisions.md"}
    assert pages <= listed


# --- They are plain to read ---------------------------------------------------------------------------------------


def test_the_front_door_is_short_and_begins_with_a_command():
    lines = text_of("README.md").splitlines()
    assert len(lines) < 120
    assert "    make run" in lines[:20]


def test_the_architecture_is_about_a_page():
    assert len(text_of("ARCHITECTURE.md").splitlines()) < 120


def test_the_manual_is_short():
    assert len(text_of("docs/manual.md").splitlines()) <= 150


@pytest.mark.parametrize("name", NAMES)
def test_it_claims_nothing_that_it_cannot_hold(name):
    assert not CLAIMS.search(claimed(name))


@pytest.mark.parametrize("name", NAMES)
def test_it_does_not_shout(name):
    assert "!" not in CODE.sub("", text_of(name)).replace("![", "[")


@pytest.mark.parametrize("name", ["docs/manual.md", "docs/privacy.md"])
def test_it_is_easy_to_read(name):
    found = sentences(text_of(name))
    assert grade(found) <= 8
    assert not [sentence for sentence in found if len(words(sentence)) > 25]


def test_it_would_notice_what_is_hard_to_read():
    hard = (
        "Notwithstanding considerable methodological heterogeneity, individuals demonstrating persistent psychological "
        "vulnerability frequently underestimate incremental behavioural improvements."
    )
    assert grade(sentences(hard)) > 8
    assert grade(sentences("You got up. You drank some water. That counts.")) < 3


def sentences(markdown: str) -> list[str]:
    """The sentences of a paper. Headings and the entries of lists are sentences of their own."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    text = LINK.sub(r"\1", re.sub(r"<https?://[^>]+>", "the page", text))
    kept = [line for line in text.splitlines() if not line.startswith(("|", "    "))]
    blocks = re.split(r"\n\s*\n|\n(?=[-#]|\d+\. )", "\n".join(kept))
    found = [part for block in blocks for part in re.split(r"(?<=[.?:])\s+", re.sub(r"[*`#]", "", block))]
    return [sentence for sentence in found if words(sentence)]


def words(sentence: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'’-]*", sentence)


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out. Rough, and near enough."""
    shorter = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeioudt])ed$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", shorter)))


def grade(found: list[str]) -> float:
    """The school year in which it can be read (Flesch and Kincaid, 1975)."""
    every = [word for sentence in found for word in words(sentence)]
    return 0.39 * len(every) / len(found) + 11.8 * sum(map(syllables, every)) / len(every) - 15.59

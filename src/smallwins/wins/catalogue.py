"""What counts: a gentle catalogue of kinds, each with wins that one tap keeps. The words are in the .toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from django.utils.translation import gettext as _


class Tap(NamedTuple):
    """A win that is kept with one tap. id: a word in the catalogue; for the person's own, 32 hex digits."""

    id: str
    text: str
    kind: str

    @property
    def value(self) -> str:
        """What its button sends: for the person's own the words too, in case reading is locked by then."""
        return self.id if self.id in taps() else f"{self.id} {self.text}"


class Kind(NamedTuple):
    id: str
    name: str
    about: str
    taps: tuple[Tap, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its id, in the order they are shown."""
    return {kind["id"]: _kind(kind) for kind in _catalogue()["kind"]}


@cache
def taps() -> dict[str, Tap]:
    return {tap.id: tap for kind in kinds().values() for tap in kind.taps}


@cache
def first_taps() -> tuple[Tap, ...]:
    """The ones a hard night needs."""
    return tuple(taps()[name] for name in _catalogue()["first"])


def kind_name(kind: str) -> str:
    """What a person reads: ours in their language, their own as they wrote it."""
    known = kinds().get(kind)
    return _(known.name) if known else kind


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files("smallwins.wins").joinpath("catalogue.toml").read_text("utf-8"))


def _kind(kind: dict[str, Any]) -> Kind:
    found = tuple(Tap(win["id"], win["text"], kind["id"]) for win in kind["win"])
    return Kind(kind["id"], kind["name"], kind["about"], found)

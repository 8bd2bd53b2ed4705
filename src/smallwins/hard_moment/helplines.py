"""Helplines by country. The numbers, with their sources, are in helplines.toml."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, NamedTuple


class Line(NamedTuple):
    """One way to reach somebody. call is as it is written, dial as it is dialled."""

    name: str
    source: str
    checked: date
    call: str = ""
    dial: str = ""
    text_to: str = ""
    text_word: str = ""
    chat: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()


class Country(NamedTuple):
    """emergency: the number for an ambulance or the police. Lines may be none: then the finder is what we have."""

    code: str
    name: str
    emergency: str
    lines: tuple[Line, ...]
    note: str = ""


def country(code: str) -> Country:
    """What is known for a country; elsewhere the emergency number most phones know."""
    known = countries().get(code)
    if known:
        return known
    elsewhere, number = _data()["elsewhere"], _data()["emergency"].get(code)
    return Country(code if number else "", "", number or elsewhere["emergency"], (), elsewhere["emergency_note"])


@cache
def countries() -> dict[str, Country]:
    return {item["code"]: _country(item) for item in sorted(_data()["country"], key=itemgetter("name"))}


def finder() -> str:
    """An address that lists helplines for every country."""
    return str(_data()["elsewhere"]["finder"])


def country_of(languages: str) -> str:
    """The country in an Accept-Language header ('de-AT,de;q=0.8' → 'AT'), as far as it names one we know."""
    for tag in languages.split(","):
        region = tag.split(";")[0].strip().rpartition("-")[2].upper()
        if "-" in tag and (region in countries() or region in _data()["emergency"]):
            return region
    return ""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("smallwins.hard_moment").joinpath("helplines.toml").read_text("utf-8"))


def _country(item: dict[str, Any]) -> Country:
    lines = tuple(_line(line) for line in item.get("line", ()))
    return Country(str(item["code"]), str(item["name"]), str(item["emergency"]), lines)


def _line(line: dict[str, Any]) -> Line:
    known = {name: value for name, value in line.items() if name in Line._fields}
    known["languages"] = tuple(line.get("languages", ()))
    return Line(**known)

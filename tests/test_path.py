"""The path of pebbles: nothing over anything else, the same picture for the same wins, safe for any month."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallwins.wins import path
from smallwins.wins.path import (
    APART,
    MOST_PEBBLES,
    RADIUS,
    REACH,
    SWAY,
    WIDTH,
    Pebble,
    path_svg,
    pebble_path,
    text_width,
)

SVG = "{http://www.w3.org/2000/svg}"
SEEDS = st.binary(min_size=1, max_size=16)
MONTHS = st.sampled_from(
    ["May", "June 2024", "November", "décembre", "نوفمبر", "十一月", "", "Septembruary of the long year"]
)
PEBBLES = st.lists(st.builds(Pebble, SEEDS, MONTHS), max_size=MOST_PEBBLES + 20)
COUNTS = [1, 2, 3, 5, 8, 13, 20, 34, 55, 74, 90]


def made(count: int, month: str = "May") -> list[Pebble]:
    return [Pebble(bytes([i // 256, i % 256]), month) for i in range(count)]


def drawn(pebbles: list[Pebble], label: str = "A path") -> ET.Element:
    return ET.fromstring(path_svg(pebbles, label))


def middles(svg: ET.Element) -> list[tuple[float, float]]:
    moves = [stone.attrib["transform"] for stone in svg.iter(SVG + "path") if "transform" in stone.attrib]
    return [(float(x), float(y)) for x, y in (move[len("translate(") : -1].split() for move in moves)]


def labels(svg: ET.Element) -> list[tuple[float, float, float, float]]:
    """The boxes of the month labels."""
    boxes = []
    for text in svg.iter(SVG + "text"):
        x, y, width = float(text.attrib["x"]), float(text.attrib["y"]), text_width(text.text or "")
        left = x - width if text.attrib["text-anchor"] == "end" else x
        boxes.append((left, y - 11, left + width, y + 3))
    return boxes


def height(svg: ET.Element) -> float:
    return float(svg.attrib["viewBox"].split()[3])


def numbers(outline: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?[\d.]+", outline)]


@given(PEBBLES)
@settings(deadline=None)
def test_no_pebble_lies_over_another(pebbles: list[Pebble]) -> None:
    rounding = 0.15
    for a, b in combinations(middles(drawn(pebbles)), 2):
        assert math.dist(a, b) >= 2 * RADIUS * REACH - rounding


@pytest.mark.parametrize("count", range(1, MOST_PEBBLES + 1))
def test_places_are_apart_before_any_pebble_sways(count: int) -> None:
    for a, b in combinations(path._way(count).places, 2):
        assert math.dist(a, b) >= APART > 2 * (RADIUS * REACH + SWAY)


@given(SEEDS)
def test_the_whole_outline_is_within_reach(seed: bytes) -> None:
    values = numbers(pebble_path(seed, 0, 0, 100))
    points = list(zip(values[::2], values[1::2], strict=True))
    start, rest = points[0], points[1:]
    for corner, end in zip(rest[::2], rest[1::2], strict=True):
        for t in (0, 0.25, 0.5, 0.75, 1):
            x, y = (
                (1 - t) ** 2 * s + 2 * t * (1 - t) * c + t**2 * e for s, c, e in zip(start, corner, end, strict=True)
            )
            assert math.hypot(x, y) <= 100 * REACH + 0.2
        start = end


@given(SEEDS)
def test_a_pebble_fits_the_picture_shown_after_keeping(seed: bytes) -> None:
    values = numbers(pebble_path(seed, 60, 46, 40))
    assert all(0 <= x <= 120 for x in values[::2])
    assert all(0 <= y <= 92 for y in values[1::2])


@pytest.mark.parametrize("count", COUNTS)
def test_everything_is_inside_the_picture(count: int) -> None:
    svg = drawn(made(count))
    for x, y in middles(svg):
        assert RADIUS * REACH <= x <= WIDTH - RADIUS * REACH
        assert RADIUS * REACH <= y <= height(svg) - RADIUS * REACH
    for left, top, right, bottom in labels(svg):
        assert left >= 0
        assert top >= 0
        assert right <= WIDTH
        assert bottom <= height(svg)


@given(PEBBLES)
@settings(deadline=None)
def test_labels_are_over_nothing(pebbles: list[Pebble]) -> None:
    svg = drawn(pebbles)
    boxes = labels(svg)
    for a, b in combinations(boxes, 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
    for left, top, right, bottom in boxes:
        for x, y in middles(svg):
            near = (min(max(x, left), right), min(max(y, top), bottom))
            assert math.dist((x, y), near) > RADIUS * REACH


@pytest.mark.parametrize("count", COUNTS)
def test_one_month_is_named_once(count: int) -> None:
    assert path_svg(made(count), "A path").count(">May</text>") == 1


@pytest.mark.parametrize("count", COUNTS)
def test_the_newest_is_nearest_and_only_it_is_warm(count: int) -> None:
    svg = drawn(made(count))
    stones = [stone.attrib["class"] for stone in svg.iter(SVG + "path") if "transform" in stone.attrib]
    assert stones[0] == "p now"
    assert all(re.fullmatch("p k[0-5]", stone) for stone in stones[1:])
    assert middles(svg)[0][1] == max(y for _, y in middles(svg))


def test_what_is_not_there_is_not_drawn() -> None:
    assert len(middles(drawn(made(7)))) == 7
    assert len(middles(drawn(made(300)))) == MOST_PEBBLES
    nothing = drawn([])
    assert list(nothing.iter(SVG + "path")) == []
    assert list(nothing.iter(SVG + "text")) == []


def test_more_pebbles_make_a_longer_picture() -> None:
    heights = [height(drawn(made(count))) for count in COUNTS]
    assert heights == sorted(heights)


@given(PEBBLES)
@settings(deadline=None)
def test_the_same_wins_give_the_same_picture(pebbles: list[Pebble]) -> None:
    before = path_svg(pebbles, "A path")
    for cache in (path._way, path._outline, path._shape):
        cache.cache_clear()
    assert path_svg(pebbles, "A path") == before


@given(st.text(max_size=12), st.text(max_size=40))
@settings(deadline=None)
def test_any_words_make_good_markup(month: str, label: str) -> None:
    svg = drawn(made(12, month), label)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {"svg", "g", "path", "text"}


@pytest.mark.parametrize("month", ["<script>alert(1)</script>", '"><b>', "&amp;", "]]>", "May\x00\x0b", "\ud800"])
def test_hostile_months_stay_words(month: str) -> None:
    svg = drawn(made(3, month), month)
    shown = "".join(c if c.isprintable() else " " for c in month)
    assert [text.text for text in svg.iter(SVG + "text")] in ([], [shown])
    assert set(svg.attrib) == {"viewBox", "role", "aria-label"}

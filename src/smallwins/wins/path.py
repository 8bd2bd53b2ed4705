"""Draws the path: one pebble for each win, laid along a bending way, the newest nearest.

The way advances by pebble, never by time, so a quiet month leaves no gap in it.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from html import escape
from itertools import groupby

WIDTH = 342
MOST_PEBBLES = 90
RADIUS = 12.2
# No point of a pebble is further from its middle than this many radii. Its corners are at most 1.09 away, and the
# curve between nine corners stays inside them: 1.09 * (3 + cos 40°) / 4.
REACH = 1.03
# Each pebble lies a little off its place, by its own seed, so the way does not look laid by a machine.
SWAY = 1.0
APART = 2 * (RADIUS * REACH + SWAY) + 0.5

_CORNERS = 9
_BEND = 1.3  # how far the way turns aside from straight on, in radians
_WAVE = 530.0  # length of one bend to the left and one to the right
_START = math.pi + 0.15  # begins at the right, turning left
_FIRST = 5  # how far along the way the newest pebble lies
_ALONE = 24  # nothing lies beside the newest, so that it is the nearest
_LANES = (0.0, -0.94, 0.88, -0.5, 0.46, 1.0, -1.0)
# Which lane is taken when several are nearly as near: enough whim that no row looks laid with a ruler.
_WHIM = (0, 7, 3, 9, 1, 5, 11, 2, 8, 4, 10)
_NEAR = 12  # a pebble can only touch those laid shortly before it
_TEXT = 13  # letter height of the month labels, in the units of the picture
_LABEL_GAP = 9.0
_NUDGES = (0.0, 16.0, -16.0, 32.0, -32.0)

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pebble:
    """One win, as the picture knows it: what gives it its shape, and the name of its month."""

    seed: bytes
    month: str


@dataclass(frozen=True)
class _Way:
    """Where pebbles lie for a given number of them; heights grow upwards from the newest."""

    places: tuple[Point, ...]
    middle: tuple[Point, ...]
    half_width: float


def pebble_path(seed: bytes, cx: float, cy: float, r: float) -> str:
    """The outline of one pebble as an SVG path; the same seed always gives the same shape."""
    corners = [(cx + r * x, cy + r * y) for x, y in _outline(seed)]
    start = _between(corners[-1], corners[0])
    curves = (
        "Q{:.1f},{:.1f} {:.1f},{:.1f}".format(*corner, *_between(corner, corners[(i + 1) % _CORNERS]))
        for i, corner in enumerate(corners)
    )
    return "M{:.1f},{:.1f}".format(*start) + "".join(curves) + "Z"


def path_svg(pebbles: Sequence[Pebble], label: str, *, from_newest: bool = True) -> str:
    """The whole picture, for pebbles given newest first. Only what is there is drawn.

    from_newest: whether the first is the newest of all, and so the warm one.
    """
    shown = pebbles[:MOST_PEBBLES]
    way = _way(len(shown))
    rim = way.half_width + 4
    top, bottom = (max(heights) + rim, min(heights) - rim) if (heights := [y for _, y in way.middle]) else (0.0, 0.0)
    height = top - bottom
    places = [_sway(p.seed, x, top - y) for p, (x, y) in zip(shown, way.places, strict=True)]
    middle = [(x, top - y) for x, y in way.middle]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-label="{_text(label)}">',
        _ground(middle, way.half_width),
        '<g class="pebbles">',
        *_stones(shown, places, from_newest),
        "</g>",
        *_labels(shown, places, middle, way.half_width, height),
        "</svg>",
    ]
    return "".join(parts)


# --- one pebble ---


@lru_cache(maxsize=4096)
def _outline(seed: bytes) -> tuple[Point, ...]:
    """Corners of a pebble of radius one. The smooth curve stays inside them, so REACH holds for it too."""
    a, b, c, tilt, flat = (byte / 255 for byte in blake2b(seed, digest_size=5).digest())
    turn = (tilt - 0.5) * 0.9
    squash = 0.76 + 0.14 * flat
    corners = []
    for k in range(_CORNERS):
        angle = math.tau * k / _CORNERS
        bumps = 0.045 * math.cos(2 * angle + math.tau * a) + 0.045 * math.cos(3 * angle + math.tau * b)
        radius = 1 + bumps * (0.5 + 0.5 * c)
        x, y = radius * math.cos(angle), radius * math.sin(angle) * squash
        corners.append((x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)))
    return tuple(corners)


@lru_cache(maxsize=4096)
def _shape(seed: bytes) -> tuple[str, int, float, float]:
    """What is drawn again and again for one win: outline around zero, colour, and its little sway."""
    colour, aside, along = blake2b(seed, digest_size=3, person=b"place").digest()
    angle, far = math.tau * aside / 256, SWAY * along / 255
    return pebble_path(seed, 0, 0, RADIUS), colour % 6, far * math.cos(angle), far * math.sin(angle)


def _sway(seed: bytes, x: float, y: float) -> Point:
    _, _, dx, dy = _shape(seed)
    return x + dx, y + dy


def _stones(pebbles: Sequence[Pebble], places: Sequence[Point], from_newest: bool) -> Iterator[str]:
    for number, (pebble, place) in enumerate(zip(pebbles, places, strict=True)):
        yield _stone(pebble, place, newest=from_newest and number == 0)


def _stone(pebble: Pebble, place: Point, *, newest: bool) -> str:
    outline, colour, _, _ = _shape(pebble.seed)
    tone = "now" if newest else f"k{colour}"
    return f'<path class="p {tone}" transform="translate({place[0]:.1f} {place[1]:.1f})" d="{outline}"/>'


# --- the way ---


@lru_cache(maxsize=MOST_PEBBLES + 1)
def _way(count: int) -> _Way:
    """A few pebbles lie one behind the other; many lie three abreast, so the picture stays on one screen."""
    if not count:
        return _Way((), (), RADIUS)
    spread = min(33.0, 5 + 0.4 * count)
    stride = max(0.0, 37 - 1.4 * count)
    half_width = spread + RADIUS * REACH + SWAY + 9
    line = _line(_FIRST + count * max(stride, APART))
    places, last = _lay(line, count, spread, stride)
    inset = int(spread * 0.55)  # the round ends of the ground reach that much further
    middle = [point for point, _ in line[inset : max(inset + 2, last - inset)]]
    shift = (WIDTH - max(x for x, _ in middle) - min(x for x, _ in middle)) / 2
    return _Way(
        tuple((x + shift, y) for x, y in places),
        tuple((x + shift, y) for x, y in middle[::5] + middle[-1:]),
        half_width,
    )


def _line(length: float) -> list[tuple[Point, Point]]:
    """The middle of the way unit by unit, each point with its sideways direction.

    Its direction swings like a sine: the curve rivers take, with no corner and a known sharpest bend.
    """
    x = y = 0.0
    line = []
    for s in range(int(length) + 30):
        angle = _BEND * math.sin(math.tau * s / _WAVE + _START)
        line.append(((x, y), (math.cos(angle), -math.sin(angle))))
        x, y = x + math.sin(angle), y + math.cos(angle)
    return line


def _lay(line: list[tuple[Point, Point]], count: int, spread: float, stride: float) -> tuple[list[Point], int]:
    """Lays each pebble as near as it may lie: beside or beyond those before it, never on one of them."""
    asides = [lane * spread for lane in _LANES]
    ready = [float(_FIRST)] * len(asides)
    places: list[Point] = []
    last = _FIRST
    for k in range(count):
        lane = min(range(len(asides)), key=lambda i: ready[i] + _WHIM[(k * 5 + i) % len(_WHIM)])
        place = _place(line, int(ready[lane]), asides[lane])
        places.append(place)
        last = max(last, int(ready[lane]))
        least = ready[lane] + (stride if k else max(stride, _ALONE))
        recent = places[: -_NEAR - 1 : -1]
        ready = [_next_free(line, max(at, least), aside, recent) for at, aside in zip(ready, asides, strict=True)]
    return places, last


def _next_free(line: list[tuple[Point, Point]], at: float, aside: float, recent: Sequence[Point]) -> float:
    """Where a lane is next free. It was free of all but the newest pebble before, so that one is asked first."""
    while not _is_free(_place(line, int(at), aside), recent):
        at += 2
    return at


def _place(line: list[tuple[Point, Point]], at: int, aside: float) -> Point:
    (x, y), (dx, dy) = line[at]
    return x + aside * dx, y + aside * dy


def _is_free(place: Point, others: Iterable[Point]) -> bool:
    x, y = place
    return all((x - ox) * (x - ox) + (y - oy) * (y - oy) >= APART * APART for ox, oy in others)


def _ground(middle: Sequence[Point], half_width: float) -> str:
    """The soft ground under the pebbles, only as long as there are pebbles."""
    if not middle:
        return ""
    line = "M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in middle)
    return f'<path class="ground" stroke-width="{2 * half_width:.0f}" d="{line}"/>'


# --- the month labels ---


def _labels(
    shown: Sequence[Pebble], places: Sequence[Point], middle: Sequence[Point], half_width: float, height: float
) -> Iterator[str]:
    """One label for each run of a month, beside the way; one that finds no free place is left out."""
    taken: list[Box] = []
    for month, at in _runs(shown, places):
        for nudge in _NUDGES:
            found = _beside(month, at + nudge, middle, half_width)
            if found and _is_clear(found[1], taken, height):
                taken.append(found[1])
                yield found[0]
                break


def _runs(shown: Sequence[Pebble], places: Sequence[Point]) -> Iterator[tuple[str, float]]:
    """Each run of equal months with the height of its middle pebble."""
    numbered = groupby(enumerate(shown), key=lambda pair: pair[1].month)
    for month, run in numbered:
        indexes = [i for i, _ in run]
        if month.strip():
            yield month, places[indexes[len(indexes) // 2]][1]


def _beside(month: str, y: float, middle: Sequence[Point], half_width: float) -> tuple[str, Box] | None:
    """The label on the roomier side of the way at this height, with the box it fills."""
    top, bottom = y - _TEXT * 0.6, y + _TEXT * 0.6
    left, right = _extent(middle, half_width, top, bottom)
    width = text_width(month)
    if left >= WIDTH - right:
        edge, anchor, box = left - _LABEL_GAP, "end", (left - _LABEL_GAP - width, top, left - _LABEL_GAP, bottom)
    else:
        edge, anchor, box = right + _LABEL_GAP, "start", (right + _LABEL_GAP, top, right + _LABEL_GAP + width, bottom)
    if box[0] < 0 or box[2] > WIDTH:
        return None
    return f'<text x="{edge:.1f}" y="{y + _TEXT * 0.35:.1f}" text-anchor="{anchor}">{_text(month)}</text>', box


def _extent(middle: Sequence[Point], half_width: float, top: float, bottom: float) -> tuple[float, float]:
    """How far the ground reaches to the left and to the right between two heights."""
    left, right = float(WIDTH), 0.0
    for x, y in middle:
        away = max(top - y, y - bottom, 0.0)
        if away < half_width:
            reach = math.sqrt(half_width * half_width - away * away)
            left, right = min(left, x - reach), max(right, x + reach)
    return left, right


def _is_clear(box: Box, taken: Iterable[Box], height: float) -> bool:
    """Whether the label is inside the picture and has air above and below it."""
    if box[1] < 0 or box[3] > height:
        return False
    return all(box[2] + 3 < t[0] or box[0] - 3 > t[2] or box[3] + 3 < t[1] or box[1] - 3 > t[3] for t in taken)


def text_width(text: str) -> float:
    """A width the text surely fits in, since the server cannot measure letters."""
    return sum(_TEXT * (1.05 if unicodedata.east_asian_width(c) in "WF" else 0.72) for c in text)


def _text(text: str) -> str:
    """Safe inside markup: escaped, and without the control characters XML forbids."""
    return escape("".join(c if c.isprintable() else " " for c in text))


def _between(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2

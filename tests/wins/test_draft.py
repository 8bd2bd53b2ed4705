"""A win as it is written down."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallwins.wins.draft import (
    MOST_CHARACTERS,
    BadMoment,
    CannotKeep,
    Draft,
    Empty,
    TooLong,
    check_moment,
    draft,
    from_parts,
    moment_of,
    parse_moment,
    tidy,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 14, 18, 30, 15, tzinfo=ZoneInfo("Europe/Lisbon"))
MOMENTS = st.datetimes(timezones=st.builds(lambda m: timezone(timedelta(minutes=m)), st.integers(-1439, 1439)))
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


def is_tidy(text: str) -> bool:
    try:
        return tidy(text) == text
    except CannotKeep:
        return False


DRAFTS = st.builds(
    Draft,
    text=TEXTS.filter(is_tidy),
    when=st.integers(-62135596800, 253402300799),
    offset=st.integers(-1439, 1439),
    kind=TEXTS,
    marks=st.lists(st.sampled_from(["hard", "quiet"]), unique=True).map(tuple),
    before=TEXTS,
    door=TEXTS,
    source=TEXTS,
    beside=st.just("") | st.binary(min_size=16, max_size=16).map(bytes.hex),
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  Got up \n", "Got up"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\0b", "ab"),
        ("a\ud800b", "a?b"),
        ("👩‍👧 שלום ☀️", "👩‍👧 שלום ☀️"),
        ("x" * MOST_CHARACTERS, "x" * MOST_CHARACTERS),
        (" " * 50_000 + "x", "x"),
    ],
    ids=["edges", "line ends", "NUL", "surrogate", "emoji and RTL", "longest", "much blank"],
)
def test_it_tidies(said, kept):
    assert tidy(said) == kept


@pytest.mark.parametrize("said", ["", " ", "\n\t\r\n", "\0", " \0 \0", "\u00a0", "\u2003"])
def test_it_says_that_there_are_no_words(said):
    with pytest.raises(Empty):
        tidy(said)


def test_it_says_what_is_too_long():
    with pytest.raises(TooLong, match="20,000"):
        tidy("x" * (MOST_CHARACTERS + 1))


@given(st.text())
def test_it_tidies_once_and_for_all(said):
    try:
        kept = tidy(said)
    except CannotKeep:
        return
    assert tidy(kept) == kept
    assert kept.encode().decode() == kept
    assert "\0" not in kept
    assert "\r" not in kept


@given(DRAFTS)
def test_it_comes_back_from_json_as_it_was(win):
    assert from_parts(json.loads(win.as_json())) == win


@given(DRAFTS)
def test_it_writes_down_only_what_is_there(win):
    parts = json.loads(win.as_json())
    assert {"text", "when"} <= parts.keys()
    assert all(value for name, value in parts.items() if name not in ("text", "when"))


@given(MOMENTS)
def test_it_gives_every_moment_back(moment):
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return  # a moment of that clock that the calendar of UTC has no name for
    win = draft("x", moment)
    again = moment_of(win.when, win.offset)
    assert abs(again - moment) < timedelta(seconds=1)
    assert again.utcoffset() == moment.utcoffset()


@given(st.datetimes(), st.integers(-1439, 1439))
def test_it_never_fails_to_say_a_moment(moment, minutes):
    when = (moment.replace(tzinfo=UTC) - EPOCH - timedelta(minutes=minutes)).total_seconds()
    assert isinstance(moment_of(int(when), minutes), datetime)


ENDS = {
    "before the first": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    "after the last": datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12))),
    "first": datetime(1, 1, 1, tzinfo=timezone(-timedelta(hours=12))),
    "last": datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=14))),
    "last moment of all": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
}


@pytest.mark.parametrize("moment", ENDS.values(), ids=ENDS)
def test_it_can_say_the_two_ends_of_the_calendar(moment):
    assert moment_of(int((moment.replace(tzinfo=UTC) - EPOCH - moment.utcoffset()).total_seconds()), 0).year in (
        1,
        9999,
    )


@given(MOMENTS)
def test_it_can_read_back_whatever_it_kept(moment):
    try:
        win = draft("x", moment)
    except CannotKeep:
        return
    assert from_parts(json.loads(win.as_json())) == win


@pytest.mark.parametrize("moment", ENDS.values(), ids=ENDS)
def test_it_can_read_back_the_two_ends_of_the_calendar_or_refuses_them(moment):
    try:
        win = draft("x", moment)
    except CannotKeep:
        return
    assert from_parts(json.loads(win.as_json())) == win


@pytest.mark.parametrize(("when", "offset"), [(10**30, 0), (-(10**30), 0), (0, 10**30), (0, 1440), (0, -1440)])
def test_it_can_say_even_what_a_stranger_wrote(when, offset):
    assert isinstance(moment_of(when, offset), datetime)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"text": "x"},
        {"when": 1},
        {"text": 5, "when": 1},
        {"text": None, "when": 1},
        {"text": "x", "when": "1"},
        {"text": "x", "when": None},
        {"text": "x", "when": float("nan")},
        {"text": "x", "when": 1, "offset": "60"},
        {"text": "x", "when": 1, "kind": 5},
        {"text": "x", "when": 1, "kind": ["a"]},
        {"text": "x", "when": 1, "marks": 5},
        {"text": "x", "when": 1, "marks": [[]]},
        {"text": "x", "when": 1, "before": {}},
        {"text": "x", "when": 1, "door": 5},
        {"text": "x", "when": 1, "source": []},
        {"text": "x", "when": 1, "beside": 5},
        {"text": "x", "when": 1, "beside": ["0" * 32]},
        {"text": "x", "when": 1, "beside": "0" * 31},
        {"text": "x", "when": 1, "beside": "0" * 33},
        {"text": "x", "when": 1, "beside": "A" * 32},
        {"text": "x", "when": 1, "beside": "0" * 31 + "٣"},
        {"text": "x", "when": 1, "beside": "0" * 32 + "\n"},
    ],
    ids=repr,
)
def test_it_refuses_what_we_did_not_write(parts):
    # A letter can be written by anybody: one that is not a win must not spoil the list of those that are.
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_parts(parts)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-10", "2026-03-10T12:00:00+00:00"),
        ("2026-07-10T08:05", None),
        ("2025-07-10T08:05", "2025-07-10T08:05:00+01:00"),
        ("2026-03-10 08:05", "2026-03-10T08:05:00+00:00"),
        ("2026-03-10T08:05:06Z", "2026-03-10T08:05:06+00:00"),
        ("2026-03-10T08:05:06-05:00", "2026-03-10T08:05:06-05:00"),
        ("  2026-03-10  ", "2026-03-10T12:00:00+00:00"),
        ("20260310", "2026-03-10T12:00:00+00:00"),
        ("0001-01-01", "0001-01-01T12:00:00"),
        ("2026-03-15", "2026-03-15T12:00:00+00:00"),
        ("2026-03-16", None),
        ("9999-12-31", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("0000-01-01", None),
        ("2026-02-30", None),
        ("yesterday", None),
        ("", None),
        ("2026-03-10T25:00", None),
        ("x" * 100_000, None),
        ("\0", None),
        ("२०२६-०३-१०", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_it_reads_a_moment(written, moment):
    if moment is None:
        with pytest.raises(BadMoment):
            parse_moment(written, NOW)
    else:
        assert parse_moment(written, NOW).isoformat().startswith(moment)


def test_it_takes_today_for_noon_or_for_now_where_noon_has_not_come():
    assert parse_moment("2026-03-14", NOW).hour == 12
    early = NOW.replace(hour=8)
    assert parse_moment("2026-03-14", early) == early


@given(st.text(max_size=40))
def test_it_raises_only_bad_moment(written):
    try:
        moment = parse_moment(written, NOW)
    except BadMoment:
        return
    assert moment.tzinfo is not None


@given(st.datetimes(max_value=datetime(2026, 3, 13)), st.sampled_from(["seconds", "minutes"]))
def test_it_reads_every_moment_that_can_be_written(moment, precision):
    written = moment.isoformat(timespec=precision)
    assert parse_moment(written, NOW).replace(tzinfo=None) == datetime.fromisoformat(written)


def test_it_believes_a_clock_that_is_a_day_ahead():
    assert check_moment(NOW + timedelta(hours=23), NOW)
    with pytest.raises(BadMoment):
        check_moment(NOW + timedelta(hours=25), NOW)


def test_it_quotes_only_the_start_of_what_it_cannot_read():
    with pytest.raises(BadMoment) as error:
        parse_moment("x" * 100_000, NOW)
    assert len(str(error.value)) < 200

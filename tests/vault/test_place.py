"""Two different places never look alike to the cipher."""

from hypothesis import given
from hypothesis import strategies as st

from smallwins.vault.place import Place

IDS = st.binary(min_size=16, max_size=16)
SEALINGS = st.sampled_from(["letter", "page", "way", "older root"])
# Few and alike on purpose: collisions are looked for where parts could run into each other.
KINDS = st.one_of(st.sampled_from(["", "w", "wi", "win", "win\0", "\0"]), st.text(max_size=20))
PLACES = st.builds(
    Place,
    vault=st.one_of(st.sampled_from([b"\0" * 16, b"\1" * 16]), IDS),
    record=st.one_of(st.sampled_from([b"\0" * 16, b"\1" * 16]), IDS),
    kind=KINDS,
    revision=st.one_of(st.integers(0, 3), st.integers(0, 2**63 - 1)),
    generation=st.one_of(st.integers(0, 3), st.integers(0, 2**31 - 1)),
)


def parts_of(bound: bytes) -> list[bytes]:
    """A reader of the layout that docs/formats.md describes: each part after its length in two bytes."""
    parts = []
    while bound:
        length = int.from_bytes(bound[:2], "big")
        assert len(bound) >= 2 + length
        parts.append(bound[2 : 2 + length])
        bound = bound[2 + length :]
    return parts


@given(PLACES, SEALINGS)
def test_it_can_be_read_back_part_by_part(place, sealing):
    assert parts_of(place.bound(sealing)) == [
        b"smallwins",
        sealing.encode(),
        b"\x01",
        place.vault,
        place.record,
        place.kind.encode(),
        place.revision.to_bytes(8, "big"),
        place.generation.to_bytes(4, "big"),
    ]


@given(PLACES, PLACES, SEALINGS, SEALINGS)
def test_it_never_binds_two_places_alike(one, other, sealing, other_sealing):
    assert ((one, sealing) == (other, other_sealing)) == (one.bound(sealing) == other.bound(other_sealing))


@given(PLACES, st.sampled_from(Place._fields), PLACES, SEALINGS)
def test_it_changes_with_every_single_part(place, field, other, sealing):
    moved = place._replace(**{field: getattr(other, field)})
    assert (moved == place) == (moved.bound(sealing) == place.bound(sealing))

"""Hiding how long a text is.

Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019) rounds a
length up so that at most O(log log n) bits of it leak, for at most 12 % more bytes. Below FLOOR all are alike, so that
nearly every win has the same size.
"""

FLOOR = 256


def padded_length(length: int) -> int:
    """The length, in bytes, that `length` bytes are padded to."""
    if length <= FLOOR:
        return FLOOR
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def pad(text: bytes) -> bytes:
    """`text`, a JSON document, followed by spaces. JSON allows them, so nothing has to be taken off again."""
    return text.ljust(padded_length(len(text)), b" ")

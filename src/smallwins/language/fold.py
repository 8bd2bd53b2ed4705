"""Words made comparable: case and accents folded, everything but letters and digits a blank."""

import re
import unicodedata
from collections.abc import Iterable

BREAK = "\n"
_NOT_WORD = re.compile(r"[^\w\n]+|_+")
_BLANKS = re.compile("  +")
# For texts without any letter beyond ASCII: a table is many times as fast as a pattern.
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != BREAK}


def fold(text: str) -> str:
    """'Café, at LAST' → 'cafe at last'. Single blanks, none at the ends."""
    return _fold(text.replace(BREAK, " ")).strip()


def fold_lines(texts: Iterable[str]) -> str:
    """Every text folded, a blank before and after each, and a line break between two."""
    joined = f" {BREAK} ".join([text.replace(BREAK, " ") if BREAK in text else text for text in texts])
    return _fold(joined)


def _fold(text: str) -> str:
    if text.isascii():
        return _BLANKS.sub(" ", text.lower().translate(_ASCII))
    return _BLANKS.sub(" ", BREAK.join(map(_fold_line, text.split(BREAK))))


def _fold_line(line: str) -> str:
    if line.isascii():
        return line.lower().translate(_ASCII)
    decomposed = unicodedata.normalize("NFKD", line.casefold())
    return _NOT_WORD.sub(" ", "".join(char for char in decomposed if not unicodedata.combining(char)))

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
    return _BLANKS.sub(" ", _fold(text.replace(BREAK, " "))).strip()


def fold_lines(texts: Iterable[str]) -> str:
    """Every text folded, a blank before and after each, and a line break between two."""
    lines = [text.replace(BREAK, " ") if BREAK in text else text for text in texts]
    # Those in ASCII all at once, since most texts are, and it takes a tenth of the time.
    plain = iter(_fold(BREAK.join(filter(str.isascii, lines))).split(BREAK))
    folded = [next(plain) if line.isascii() else _fold(line) for line in lines]
    return _BLANKS.sub(" ", f" {BREAK} ".join(folded))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_ASCII)
    # Decomposed twice: a bold B has a small form only once it is a B, and İ has an accent only when it is small.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _NOT_WORD.sub(" ", "".join(char for char in decomposed if unicodedata.category(char)[0] != "M"))

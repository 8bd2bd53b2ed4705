"""Words made comparable: case and accents folded, everything but letters and digits a space."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """'Café, at LAST' → 'cafe at last'. Single spaces, none at the ends."""
    lowered = text.lower() if text.isascii() else _fold_unicode(text)
    return _NOT_WORD.sub(" ", lowered).strip()


def _fold_unicode(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))

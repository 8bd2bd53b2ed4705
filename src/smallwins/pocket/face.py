"""The name and the icon that a person chose for this browser. They are in a cookie and nowhere else."""

from typing import NamedTuple
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ICONS = ("pebble", "page", "list", "cloud", "book", "leaf")
MOST_CHARACTERS = 30
SHELL = "Shell"  # a header: the worker fetches this page for nobody in particular, to be shown under this face


class Face(NamedTuple):
    name: str
    icon: str

    @property
    def drawing(self) -> str:
        return f"pocket/icons/{self.icon}.svg"

    @property
    def small(self) -> str:
        return f"pocket/icons/{self.icon}-192.png"

    @property
    def large(self) -> str:
        return f"pocket/icons/{self.icon}-512.png"

    @property
    def written(self) -> str:
        """As it stands in the cookie."""
        return f"{self.icon}.{quote(self.name, safe='')}"


OURS = Face(settings.PRODUCT_NAME, "pebble")
PRESETS = {
    "notes": Face(gettext_noop("Notes"), "page"),
    "list": Face(gettext_noop("List"), "list"),
    "weather": Face(gettext_noop("Weather"), "cloud"),
    "journal": Face(gettext_noop("Journal"), "book"),
    "garden": Face(gettext_noop("Garden"), "leaf"),
}


def presets() -> dict[str, Face]:
    return {key: Face(_(face.name), face.icon) for key, face in PRESETS.items()}


def face_of(request: HttpRequest) -> Face:
    """What this browser is to show. A cookie that we could not have written counts as none."""
    if not hasattr(request, "face"):
        written = request.headers.get(SHELL) or request.COOKIES.get(settings.FACE_COOKIE_NAME, "")
        request.face = read(written) or OURS  # type: ignore[attr-defined]
    return request.face  # type: ignore[attr-defined,no-any-return]


def for_nobody(request: HttpRequest) -> bool:
    """Whether this page is to be shown without the network: then it holds nobody's token and nobody's letterbox."""
    return SHELL in request.headers or getattr(request, "for_nobody", False)


def read(written: str) -> Face | None:
    icon, _dot, quoted = written.partition(".")
    try:
        face = Face(unquote(quoted, errors="strict"), icon)
    except UnicodeDecodeError:
        return None
    return face if icon in ICONS and is_sound(face.name) and face.written == written else None


def is_sound(name: str) -> bool:
    """Short, in one line, and without the signs that turn the direction of what follows."""
    return 0 < len(name) <= MOST_CHARACTERS and name == name.strip() and name.isprintable()

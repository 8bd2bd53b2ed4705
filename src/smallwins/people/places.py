"""Where "Leave now" goes: neutral places a person can choose from. Nothing here is asked for until somebody leaves."""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Place(NamedTuple):
    label: "StrPromise"
    url: str


PLACES = {
    "encyclopedia": Place(_("An encyclopedia (Wikipedia)"), "https://www.wikipedia.org/"),
    "weather": Place(_("The weather"), "https://weather.com/"),
    "search": Place(_("A search page"), "https://duckduckgo.com/"),
    "recipes": Place(_("Recipes"), "https://www.bbcgoodfood.com/"),
    "blank": Place(_("An empty page"), "about:blank"),
}


def leave_url(name: str) -> str:
    return PLACES.get(name, PLACES["encyclopedia"]).url

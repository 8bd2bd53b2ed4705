"""Handing words back: whatever a person had written in a form that could not be taken."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.http.response import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

WRITTEN = ("text", "before", "own_kind", "q")  # the fields that people write words into


def words_of(request: HttpRequest) -> str:
    """The words in the body of a request, or nothing where it has none that can be read."""
    try:
        found = [request.POST.get(name, "") for name in WRITTEN]
    except (RawPostDataException, SuspiciousOperation, ValueError, OSError):
        return ""
    return "\n\n".join(words for words in found if words.strip())


def message(
    request: HttpRequest, heading: str, sentences: list[str], status: int, leads_to: tuple[str, str] | None = None
) -> HttpResponse:
    """A page of a few sentences, with whatever words the person had sent. leads_to: an address, and its name."""
    url, label = leads_to or (reverse("wins:today"), _("Today"))
    context = {
        "heading": heading,
        "sentences": sentences,
        "words": words_of(request),
        "action_url": url,
        "action_label": label,
    }
    return render(request, "web/message.html", context, status=status)

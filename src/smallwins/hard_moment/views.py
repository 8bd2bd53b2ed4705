"""The door for a hard moment: the same on every page, locked or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from smallwins.hard_moment.helplines import countries, country, country_of, finder

OTHER = "ZZ"  # as the list of countries calls what it does not hold


@require_http_methods(["GET", "HEAD"])
def door(request: HttpRequest) -> HttpResponse:
    """The country is the one chosen here, else the one the browser's language names; never from the network.

    The choice is in the address only: nothing stays behind to say that somebody was here.
    """
    chosen = request.GET.get("country", country_of(request.headers.get("Accept-Language", "")))
    found = country(chosen)
    context = {
        "emergency": found.emergency,
        "note": found.note,
        "country_name": found.name,
        "country": found.code or (OTHER if chosen == OTHER else ""),
        "lines": found.lines,
        "finder": finder(),
        "countries": [(each.code, each.name) for each in countries().values()],
        "section": "",
    }
    return render(request, "hard_moment/door.html", context)


@require_http_methods(["GET", "HEAD"])
def everywhere(request: HttpRequest) -> HttpResponse:
    """Every country on one page, for when there is no signal to ask for one."""
    elsewhere = country("")
    context = {
        "emergency": elsewhere.emergency,
        "note": elsewhere.note,
        "countries": countries().values(),
        "finder": finder(),
        "section": "",
    }
    return render(request, "hard_moment/all.html", context)

"""The page of tokens that may only add."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from smallwins.people import clock
from smallwins.people.access import reading
from smallwins.people.notices import say_next
from smallwins.people.ways import Reader
from smallwins.pocket import tokens
from smallwins.pocket.forms import TokenForm


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def token_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    if "end" in request.POST:
        return _end(request, reader)
    form = TokenForm(request.POST or None)
    written = _add(reader, form) if request.method == "POST" and form.is_valid() else ""
    context = {
        "form": form,
        "tokens": tokens.tokens_of(reader, clock.now()),
        "written": written,
        "origin": settings.ORIGIN,
        "section": "more",
    }
    return render(request, "pocket/tokens.html", context, status=400 if form.errors else 200)


def _add(reader: Reader, form: TokenForm) -> str:
    try:
        return tokens.add_token(reader, form.cleaned_data["name"], clock.now())
    except tokens.TooManyTokens:
        form.add_error("name", _("There are many already. Please end one first."))
        return ""


def _end(request: HttpRequest, reader: Reader) -> HttpResponse:
    if not tokens.end_token(reader, request.POST["end"]):
        raise Http404
    say_next(request, "token_ended")
    return redirect("api:tokens")

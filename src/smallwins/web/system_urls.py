"""Addresses for machines: health, and what browsers ask for by themselves."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from smallwins.web.tables import applied, on_disk


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answers a challenge with what only a program with this home's secret can say."""
    challenge = request.GET.get("challenge", "")[:64]
    return HttpResponse(proof_of_home(challenge) if challenge else "ok\n", content_type="text/plain")


def proof_of_home(challenge: str) -> str:
    return salted_hmac("smallwins health", challenge, algorithm="sha256").hexdigest()


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether the database answers and has the tables of this version: 200 or 503."""
    try:
        said, status = ("not migrated", 503) if on_disk() - applied() else ("ok", 200)
    except DatabaseError:
        said, status = "the database does not answer", 503
    return HttpResponse(said + "\n", status=status, content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


urlpatterns = [
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    path("robots.txt", robots, name="robots"),
]

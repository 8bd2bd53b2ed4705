"""Addresses for machines: health, and what browsers ask for by themselves."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answers a challenge with what only a program with this home's secret can say."""
    challenge = request.GET.get("challenge", "")[:64]
    return HttpResponse(proof_of_home(challenge) if challenge else "ok\n", content_type="text/plain")


def proof_of_home(challenge: str) -> str:
    return salted_hmac("smallwins health", challenge, algorithm="sha256").hexdigest()


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


urlpatterns = [
    path("health", health, name="health"),
    path("robots.txt", robots, name="robots"),
]

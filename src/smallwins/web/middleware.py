"""What happens around every request."""

from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from smallwins.book.actions import NoRoom
from smallwins.people.access import NotSignedIn
from smallwins.people.actions import OutOfDate
from smallwins.people.adders import BROWSER_LASTS, TooManyUses
from smallwins.people.views import AGAIN
from smallwins.web import errors

Respond = Callable[[HttpRequest], HttpResponse]


class Private:
    """Private pages are not stored by the browser; cookies with secrets are set and dropped here."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        response.setdefault("Cache-Control", "no-store")
        for name, value, seconds in _cookies_of(request):
            response.set_cookie(name, value, max_age=seconds, secure=True, httponly=True, samesite="Lax")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        for kind, page in PAGES.items():
            if isinstance(error, kind):
                return page(request)
        if isinstance(error, DatabaseError | OSError):
            return errors.cannot_write(request, error)
        return None


PAGES: dict[type[Exception], Respond] = {
    RequestDataTooBig: errors.too_big,
    NotSignedIn: errors.not_signed_in,
    TooManyUses: errors.too_many,
    NoRoom: errors.no_room,
    OutOfDate: errors.out_of_date,
}


def _cookies_of(request: HttpRequest) -> Iterator[tuple[str, str, int]]:
    """What this request ends with in the browser: a name, a value, and for how many seconds."""
    secret, adder = getattr(request, "new_secret", None), getattr(request, "new_adder", None)
    if secret is not None:
        yield settings.KEY_COOKIE_NAME, secret.hex(), settings.SESSION_COOKIE_AGE
    if adder is not None:
        yield settings.ADD_COOKIE_NAME, adder, int(BROWSER_LASTS.total_seconds())
    if getattr(request, "drop_secret", False):
        yield settings.KEY_COOKIE_NAME, "", 0
    if getattr(request, "drop_adder", False):
        yield settings.ADD_COOKIE_NAME, "", 0


class BehindProxy:
    """On a host: only what came over TLS through our own proxy is answered, and only its word on who asks is taken."""

    OPEN = ("/health", "/ready")  # asked on loopback by whoever watches over the process

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if not self._is_ours(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        elif forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()  # the last one is what our proxy saw
        if settings.HOSTED and request.path not in self.OPEN and not self._is_sound(request):
            return HttpResponse("This address is reached over https only.\n", status=400, content_type="text/plain")
        return self.respond(request)

    def _is_ours(self, address: str) -> bool:
        peer = _address(address)
        return peer is not None and any(peer in network for network in settings.PROXIES)

    def _is_sound(self, request: HttpRequest) -> bool:
        """Over TLS, and from somewhere: else all who come from nowhere would be counted as one."""
        return request.is_secure() and _address(request.META.get("REMOTE_ADDR", "")) is not None


def _address(written: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(written)
    except ValueError:
        return None


class Zone:
    """On a host people live in other time zones than the server: their browser says in which, by its name alone."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.COOKIES.get(settings.ZONE_COOKIE_NAME, "")
        if not settings.HOSTED or name not in _zones():
            return self.respond(request)
        with timezone.override(name):
            return self.respond(request)


@cache
def _zones() -> set[str]:
    return available_timezones()


class LoopbackCookies:
    """For browsers that refuse `Secure` cookies on http://localhost: the same cookies under plain names.

    Only where they are refused: a browser that came without cookies where it must have been given some.
    """

    NAMES = (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.KEY_COOKIE_NAME,
        settings.ADD_COOKIE_NAME,
        settings.FACE_COOKIE_NAME,
    )

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        plain = self._takes_plain_ones(request)
        response = self.respond(request)
        for name in self.NAMES if plain else ():
            if name in response.cookies:
                self._make_plain(response, name)
        return response

    def _takes_plain_ones(self, request: HttpRequest) -> bool:
        if request.is_secure() or any(name in request.COOKIES for name in self.NAMES):
            return False
        for name in self.NAMES:
            if _plain(name) in request.COOKIES:
                request.COOKIES[name] = request.COOKIES[_plain(name)]
        return AGAIN in request.GET or request.method == "POST" or any(name in request.COOKIES for name in self.NAMES)

    def _make_plain(self, response: HttpResponse, name: str) -> None:
        cookie = response.cookies.pop(name)
        response.cookies[_plain(name)] = cookie.value
        response.cookies[_plain(name)].update({**cookie, "secure": ""})


def _plain(name: str) -> str:
    return name.removeprefix("__Host-")

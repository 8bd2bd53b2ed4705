"""What happens around every request."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from smallwins.people.actions import OutOfDate
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
        secret = getattr(request, "new_secret", None)
        if secret is not None:
            response.set_cookie(
                settings.KEY_COOKIE_NAME,
                secret.hex(),
                max_age=settings.SESSION_COOKIE_AGE,
                secure=True,
                httponly=True,
                samesite="Lax",
            )
        if getattr(request, "drop_secret", False):
            response.set_cookie(settings.KEY_COOKIE_NAME, "", max_age=0, secure=True, httponly=True, samesite="Lax")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            return errors.too_big(request)
        if isinstance(error, OutOfDate):
            return errors.out_of_date(request)
        if isinstance(error, DatabaseError | OSError):
            return errors.cannot_write(request, error)
        return None


class LoopbackCookies:
    """For browsers that refuse `Secure` cookies on http://localhost: the same cookies under plain names.

    Only where they are refused: a browser that came without cookies where it must have been given some.
    """

    NAMES = (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.KEY_COOKIE_NAME,
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

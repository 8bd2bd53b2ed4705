"""What happens around every request."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

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
        if isinstance(error, DatabaseError | OSError):
            return errors.cannot_write(request, error)
        return None


class LoopbackCookies:
    """For browsers that refuse `Secure` cookies on http://localhost: the same cookies under plain names.

    A browser that keeps our `__Host-` cookies never gets here: only one that posts a form without any of them is
    answered with plain ones too, and only on this computer.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

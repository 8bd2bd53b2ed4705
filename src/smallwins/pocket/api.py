"""Keeping from anywhere: `POST /api/v1/wins`, with a token that may only add, or a browser's add-only cookie.

Nothing can be read here. A cookie is taken only with a JSON body: another site cannot send one without asking first
(CORS), and we never allow it; besides, the cookie does not go with another site's requests (SameSite).
"""

import hashlib
import json
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import get_random_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from smallwins.book.actions import NoRoom
from smallwins.people import adders, clock
from smallwins.people.access import adder_of
from smallwins.people.models import Adder
from smallwins.people.names import letterbox_tag
from smallwins.pocket.openapi import document
from smallwins.wins.actions import PAGE_DOOR, post
from smallwins.wins.draft import HARD, MOST_KIND_CHARACTERS, CannotKeep, Draft, draft, parse_moment, showable, tidy
from smallwins.wins.taps import tapped

MOST_BYTES = 256 * 1024  # the longest win, every letter of it written as an escape
MOST_KEY_CHARACTERS = 255
FIELDS = {"text": str, "tap": str, "at": str, "hard": bool, "kind": str, "before": str}


class Problem(Exception):
    """Why nothing was kept, as RFC 9457 writes it."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(status)
        self.status, self.detail, self.headers = status, detail, headers

    def answer(self) -> HttpResponse:
        title = HTTPStatus(self.status).phrase
        parts = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        return JsonResponse(parts, status=self.status, content_type="application/problem+json", headers=self.headers)


class Holder(NamedTuple):
    """Who adds. door: what a letter says it came through. secret: what makes a caller's key unguessable."""

    adder: Adder
    door: str
    secret: bytes


@csrf_exempt
def wins(request: HttpRequest) -> HttpResponse:
    """Keeps one win."""
    try:
        return _add(request)
    except Problem as problem:
        return problem.answer()
    except adders.TooManyUses:
        wait = str(int(adders.WITHIN.total_seconds()))
        return Problem(
            429, "Many wins came within an hour. Nothing was lost here; send this one later.", **{"Retry-After": wait}
        ).answer()
    except NoRoom:
        return Problem(507, "The room for this person is full. Nothing was kept.").answer()
    except (DatabaseError, OSError):
        return Problem(503, "This cannot be kept just now. Please send it again.", **{"Retry-After": "30"}).answer()


def _add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Problem(405, "Only POST: nothing can be read here.", Allow="POST")
    holder = _holder(request)
    win = _win(_body(request), clock.now())._replace(door=holder.door)
    key = _key(request, holder)
    adders.count_use(holder.adder, clock.now())
    record = post(holder.adder.vault, win, key)
    return JsonResponse({"id": record.hex(), "at": win.moment().isoformat(), "kept": True}, status=201)


def _holder(request: HttpRequest) -> Holder:
    scheme, _blank, written = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        adder = adders.adder_of(written.strip(), clock.now())
        if adder and adder.kind == Adder.Kind.TOKEN:
            name = adders.token_name(adder, written.strip()) or "token"
            return Holder(adder, name, adders.secret_of(written.strip()))
    elif not scheme and (browser := adder_of(request)):
        return _from_browser(request, browser)
    raise Problem(401, "This token is not known here. It may have been ended.", **{"WWW-Authenticate": "Bearer"})


def _from_browser(request: HttpRequest, adder: Adder) -> Holder:
    """What waits in a browser is for the letterbox it was kept for, and for no other."""
    if request.headers.get("Letterbox") != letterbox_tag(adder.vault_id):
        raise Problem(409, "Another person is signed in here. This win waits for whom it belongs to.")
    return Holder(adder, PAGE_DOOR, b"")


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Problem(415, "Please send JSON, with Content-Type: application/json.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Problem(413, "This is more than one win can hold.")
    try:
        parts = json.loads(request.body)
    except RequestDataTooBig as error:
        raise Problem(413, "This is more than one win can hold.") from error
    except (ValueError, RecursionError) as error:
        raise Problem(400, "This is not JSON that can be read.") from error
    if not isinstance(parts, dict):
        raise Problem(422, 'Please send an object, such as {"text": "Got out of bed"}.')
    return parts


def _win(parts: dict[str, Any], now: datetime) -> Draft:
    for name, value in parts.items():
        if type(value) is not FIELDS.get(name):
            raise Problem(
                422, f"Only these are understood: {', '.join(FIELDS)}. All are words, but hard: true or false."
            )
    if len(parts.get("kind", "")) > MOST_KIND_CHARACTERS:
        raise Problem(422, "Please use at most 40 letters for a kind.")
    tap, before = tapped(parts.get("tap", ""), None), parts.get("before", "")
    try:
        return draft(
            tap.text if tap else parts.get("text", ""),
            parse_moment(parts["at"], now) if "at" in parts else now,
            kind=tap.kind if tap else " ".join(showable(parts.get("kind", "")).split()),
            marks=(HARD,) if parts.get("hard") else (),
            before=tidy(before) if before.strip() else "",
        )
    except CannotKeep as error:
        raise Problem(422, str(error)) from error


def _key(request: HttpRequest, holder: Holder) -> str:
    """What makes a second sending harmless. A caller's own key may be guessable; mixed with its secret it is not."""
    written = request.headers.get("Idempotency-Key", "")
    if len(written) > MOST_KEY_CHARACTERS:
        raise Problem(400, "Please use at most 255 letters for an Idempotency-Key.")
    if not written:
        return get_random_string(32)
    return hashlib.sha256(holder.secret + b"\n" + written.encode()).hexdigest() if holder.secret else written[:64]


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of this API."""
    return JsonResponse(document(settings.ORIGIN), json_dumps_params={"indent": 1})

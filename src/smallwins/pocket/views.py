"""What a phone needs: the worker, the pages it shows without signal, what is shared with us, and the face we wear."""

import hashlib
from functools import cache
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

import smallwins
from smallwins.pocket.face import ICONS, OURS, Face, face_of, presets
from smallwins.pocket.forms import AppearanceForm, initial
from smallwins.wins.catalogue import taps
from smallwins.wins.forms import KeepForm
from smallwins.wins.views import shown_taps, today_page

YEAR = 365 * 24 * 3600


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It begins with its version, so that a browser sees when anything it carries is new."""
    text = render_to_string("pocket/sw.js", {"face": face_of(request)})
    version = hashlib.sha256(text.encode() + _papers()).hexdigest()[:12]
    response = HttpResponse(f'const VERSION = "{version}";\n{text}', content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _papers() -> bytes:
    """What the pages that the worker carries are made of."""
    found = sorted(path for path in Path(smallwins.__file__).parent.rglob("*.*") if path.suffix in (".html", ".toml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found) + smallwins.__version__.encode()).digest()


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    context = {"face": face_of(request)}
    return render(request, "pocket/manifest.json", context, content_type="application/manifest+json")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Today, for when there is no signal."""
    request.for_nobody = True  # type: ignore[attr-defined]
    return render(request, "pocket/offline.html", shown_taps(None) | {"section": "today"})


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """The answer to a win that waits on this phone. The browser puts the words in, from its own memory."""
    request.for_nobody = True  # type: ignore[attr-defined]
    return render(request, "pocket/kept.html", {"every_tap": taps().values(), "section": "today"})


@csrf_exempt  # it only fills the field; nothing is kept until somebody presses the button
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """Today, with what another app shared in the field."""
    if request.method != "POST":
        return redirect("wins:today")
    parts = [request.POST.get(name, "").strip() for name in ("title", "text", "url")]
    words = "\n".join(dict.fromkeys(part for part in parts if part))
    return today_page(request, form=KeepForm(initial={"text": words, "form_key": token_hex(16)}))


@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    form = AppearanceForm(request.POST or None, initial=initial(face_of(request)))
    if request.method == "POST" and form.is_valid():
        request.face = form.chosen()  # type: ignore[attr-defined]
        return _wear(_appearance(request, form, saved=True), form.chosen())
    return _appearance(request, form, status=400 if request.method == "POST" else 200)


def _appearance(request: HttpRequest, form: AppearanceForm, *, saved: bool = False, status: int = 200) -> HttpResponse:
    context = {"form": form, "ours": OURS, "presets": presets(), "icons": ICONS, "saved": saved, "section": "more"}
    return render(request, "pocket/appearance.html", context, status=status)


def _wear(response: HttpResponse, face: Face) -> HttpResponse:
    age = 0 if face == OURS else YEAR
    value = "" if face == OURS else face.written
    response.set_cookie(
        settings.FACE_COOKIE_NAME, value, max_age=age, secure=True, httponly=True, samesite="Lax", path="/"
    )
    return response

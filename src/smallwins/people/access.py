"""Who may read and who may write: the one place that decides, for every view.

Reading takes a session and the secret in this browser's own cookie. Keeping takes only knowing whose letterbox it is.
What is not yours is not there: 404, never 403.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from smallwins.people import clock
from smallwins.people.actions import end_sessions, set_up
from smallwins.people.models import Vault, WayIn
from smallwins.people.ways import Kind, Reader, add_way, open_way
from smallwins.people.words import message, words_of
from smallwins.vault.errors import VaultError
from smallwins.vault.root import Root
from smallwins.vault.ways import new_token

SESSION = "way"
KEY_CHANGED = "key_changed"  # in the session: the list has to say so, once
SEEN_EVERY = timedelta(seconds=30)  # how exactly we know when a session was last used; rarer means fewer writes
P = ParamSpec("P")


def start_session(request: HttpRequest, root: Root, device: str) -> bytes:
    """Opens the book in this browser: a new session id, and a new secret for its cookie, which is returned."""
    now, secret = clock.now(), new_token()
    expires = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    way = add_way(root, Kind.SESSION, secret, now, device=device, expires_at=expires)
    request.session.cycle_key()
    request.session[SESSION] = [root.vault.hex(), way.id.hex()]
    request.new_secret = secret  # type: ignore[attr-defined]  # the middleware makes a cookie of it
    return secret


def reader_of(request: HttpRequest) -> Reader | None:
    """Who reads with this request, or None while it is locked. Opened once a request."""
    if not hasattr(request, "reader"):
        request.reader = _find_reader(request)  # type: ignore[attr-defined]
    return request.reader  # type: ignore[attr-defined,no-any-return]


def forget(request: HttpRequest) -> None:
    """This browser reads no more."""
    request.session.flush()
    request.reader = None  # type: ignore[attr-defined]
    request.drop_secret = True  # type: ignore[attr-defined]


def reading(
    view: Callable[Concatenate[HttpRequest, Reader, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For views that read: they are given the reader; whoever is locked out is asked to unlock, and then comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        reader = reader_of(request)
        if reader is None:
            return _locked_out(request)
        return view(request, reader, *args, **kwargs)

    return guarded


def _locked_out(request: HttpRequest) -> HttpResponse:
    """To unlocking, and then back. Words that came with the request are handed back first."""
    if words_of(request):
        heading = _("Reading is locked.")
        sentences = [_("Your words are here. Copy them, unlock, then send them again.")]
        return message(request, heading, sentences, 403, (reverse("people:unlock"), _("Unlock")))
    query = "?" + urlencode({"next": request.path}) if request.method == "GET" else ""
    return HttpResponseRedirect(reverse("people:unlock") + query)


def letterbox_of(request: HttpRequest) -> Vault:
    """Whose letterbox this browser writes to: the reader's own; locked, that of the only person here.

    Raises Http404 where several live here and none of them has been seen in this browser.
    """
    reader = reader_of(request)
    if reader is not None:
        return reader.vault
    return only_vault()


def only_vault() -> Vault:
    """The vault of the one person here; a new one where everything was deleted. Raises Http404 where several live."""
    vaults = list(Vault.objects.all()[:2])
    if not vaults:
        return set_up(settings.HOME, clock.now())
    if len(vaults) != 1:
        raise Http404
    return vaults[0]


def _find_reader(request: HttpRequest) -> Reader | None:
    secret = _secret(request)
    named: Any = request.session.get(SESSION) if secret else None
    if not secret or not named:
        return None
    vault, way = (bytes.fromhex(part) for part in named)
    row = WayIn.objects.select_related("vault").filter(vault_id=vault, id=way, kind=Kind.SESSION).first()
    if row is None or is_over(row, clock.now()):
        end_sessions([row] if row else [])
        return None
    try:
        root = open_way(row, secret)
    except VaultError:
        return None
    _seen(row, clock.now())
    return Reader(row.vault, root, row)


def _secret(request: HttpRequest) -> bytes | None:
    try:
        return bytes.fromhex(request.COOKIES.get(settings.KEY_COOKIE_NAME, "")) or None
    except ValueError:
        return None


def is_over(way: WayIn, now: datetime) -> bool:
    """Whether a passing way in has run out: in all, or because nobody used it for as long as its person chose."""
    if way.expires_at is not None and way.expires_at <= now:
        return True
    idle = way.vault.idle_minutes
    return idle is not None and way.kind != Kind.OPENING and way.seen_at + timedelta(minutes=idle) <= now


def _seen(way: WayIn, now: datetime) -> None:
    if now - way.seen_at >= SEEN_EVERY:
        WayIn.objects.filter(vault_id=way.vault_id, id=way.id).update(seen_at=now)

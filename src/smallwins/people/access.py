"""Who may read and who may write: the one place that decides, for every view.

Reading takes a session and the secret in this browser's own cookie. Keeping takes only knowing whose letterbox it is:
by the add-only cookie, or because one person lives here. What is not yours is not there: 404, never 403.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from smallwins.people import adders, clock
from smallwins.people.actions import end_sessions, set_up
from smallwins.people.models import Adder, Vault, WayIn
from smallwins.people.ways import Kind, Reader, add_way, open_way
from smallwins.people.words import message, words_of
from smallwins.vault.errors import VaultError
from smallwins.vault.root import Root
from smallwins.vault.ways import new_token

SESSION = "way"
KEY_CHANGED = "key_changed"  # in the session: the list has to say so, once
SEEN_EVERY = timedelta(seconds=30)  # how exactly we know when a session was last used; rarer means fewer writes
P = ParamSpec("P")


class NotSignedIn(Exception):
    """Nobody's letterbox is known to this browser, and several people may live here."""


def start_session(request: HttpRequest, root: Root, device: str) -> bytes:
    """Opens the book in this browser: a new session id, and a new secret for its cookie, which is returned."""
    now, secret = clock.now(), new_token()
    expires = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    adder = _let_add(request, root.vault, device, now)
    way = add_way(root, Kind.SESSION, secret, now, device=device, expires_at=expires, adder=bytes(adder.id))
    before = request.session.get(SESSION, [""])[0]
    request.session.cycle_key() if before == root.vault.hex() else request.session.flush()  # nothing of somebody else
    request.session[SESSION] = [root.vault.hex(), way.id.hex()]
    request.new_secret = secret  # type: ignore[attr-defined]  # the middleware makes a cookie of it
    return secret


def reader_of(request: HttpRequest) -> Reader | None:
    """Who reads with this request, or None while it is locked. Opened once a request."""
    if not hasattr(request, "reader"):
        request.reader = _find_reader(request)  # type: ignore[attr-defined]
    return request.reader  # type: ignore[attr-defined,no-any-return]


def forget(request: HttpRequest) -> None:
    """This browser reads no more. It may still add."""
    request.session.flush()
    request.reader = None  # type: ignore[attr-defined]
    request.drop_secret = True  # type: ignore[attr-defined]


def sign_out(request: HttpRequest) -> None:
    """This browser neither reads nor adds any more."""
    adder, reader = adder_of(request), reader_of(request)
    if reader and reader.way:
        end_sessions([reader.way])
    if adder:
        adders.end(adder)
    forget(request)
    request.adder = None  # type: ignore[attr-defined]
    request.drop_adder = True  # type: ignore[attr-defined]


def adder_of(request: HttpRequest) -> Adder | None:
    """What this browser adds with, or None. Looked up once a request."""
    if not hasattr(request, "adder"):
        written = request.COOKIES.get(settings.ADD_COOKIE_NAME, "")
        found = adders.adder_of(written, clock.now()) if written else None
        # A token is no cookie: else it would name its owner at the unlock page, and be counted as a browser of theirs.
        request.adder = found if found and found.kind == adders.Kind.BROWSER else None  # type: ignore[attr-defined]
    return request.adder  # type: ignore[attr-defined,no-any-return]


def _let_add(request: HttpRequest, vault: bytes, device: str, now: datetime) -> Adder:
    """The browser's own add-only cookie; a new one where it has none, or one of somebody else."""
    known = adder_of(request)
    if known and known.vault_id == vault:
        return known
    if known:
        adders.end(known)  # the cookie is about to be overwritten, so nobody could use it any more
    owner, expires = Vault.objects.get(id=vault), now + adders.BROWSER_LASTS
    adder, written = adders.new_adder(owner, adders.Kind.BROWSER, now, device=device, expires_at=expires)
    request.adder, request.new_adder = adder, written  # type: ignore[attr-defined]
    return adder


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


def known_vault(request: HttpRequest) -> Vault | None:
    """Whose letterbox this browser writes to, without founding one; None where that is not known."""
    reader = reader_of(request)
    if reader is not None:
        return reader.vault
    adder = adder_of(request)
    if adder is not None:
        return adder.vault
    vaults = [] if settings.HOSTED else list(Vault.objects.all()[:2])
    return vaults[0] if len(vaults) == 1 else None


def letterbox_of(request: HttpRequest) -> Vault:
    """Whose letterbox this browser writes to: the reader's own; locked, the one it may add to, or the only one here.

    Raises NotSignedIn.
    """
    return known_vault(request) or only_vault()


def only_vault() -> Vault:
    """The vault of the one person here; a new one where everything was deleted. Raises NotSignedIn on a host."""
    vaults = list(Vault.objects.all()[:2])
    if settings.HOSTED or len(vaults) > 1:
        raise NotSignedIn
    return vaults[0] if vaults else set_up(settings.HOME, clock.now())


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

"""The pages about who may read: opening, unlocking, locking, leaving, and every way in."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from smallwins import UPDATED, __version__
from smallwins.people import actions, browsers, clock, limits
from smallwins.people.access import (
    KEY_CHANGED,
    SESSION,
    NotSignedIn,
    adder_of,
    forget,
    is_over,
    known_vault,
    letterbox_of,
    reader_of,
    reading,
    start_session,
)
from smallwins.people.devices import device_name
from smallwins.people.forms import IdleForm, LeaveForm, PassphraseForm, UnlockForm
from smallwins.people.joining import vault_named
from smallwins.people.models import Vault, WayIn
from smallwins.people.names import tag_of
from smallwins.people.notices import say_next
from smallwins.people.places import leave_url
from smallwins.people.reentry import reentered, reentry_form, something_to_reenter
from smallwins.people.unlocking import TooManyAttempts, open_with
from smallwins.people.ways import Kind, Reader, has, open_way
from smallwins.vault.errors import VaultError, WrongSecret
from smallwins.vault.root import Root

AGAIN = "again"  # in an address: this browser has just been given a cookie


EMPTY_PAGE = "<!doctype html><title> </title>"


@require_http_methods(["GET"])
def open_link(request: HttpRequest, link: str) -> HttpResponse:
    """Opens the book in this browser, once."""
    if settings.CSRF_COOKIE_NAME not in request.COOKIES and AGAIN not in request.GET:
        # The link must not be used up by a browser that will refuse the cookies: one turn shows which it takes.
        get_token(request)
        return redirect(f"{request.path}?{AGAIN}")
    root = _use_up(link)
    if root is None and reader_of(request) is not None:
        return redirect("wins:today")  # it was used up in this very browser
    if root is None:
        return render(request, "people/closed.html", {"used": True, "has_ways": True}, status=410)
    _begin(request, root)
    return redirect("wins:list" if request.session.get(KEY_CHANGED) else "wins:today")


def _use_up(link: str) -> Root | None:
    try:
        way, secret = bytes.fromhex(link[:32]), bytes.fromhex(link[32:])
    except ValueError:
        return None
    with transaction.atomic():
        row = WayIn.objects.select_related("vault").filter(id=way, kind=Kind.OPENING).first()
        used_up = row and WayIn.objects.filter(vault_id=row.vault_id, id=row.id).delete()[0]
    if row is None or not used_up or is_over(row, clock.now()):
        return None
    try:
        return open_way(row, secret)
    except VaultError:
        return None


def _begin(request: HttpRequest, root: Root) -> None:
    vault = Vault.objects.get(id=root.vault)
    ours = actions.verify_keys(vault, root, settings.HOME)
    actions.unlocked(vault)
    start_session(request, root, device_name(request.headers.get("User-Agent", "")))
    if not ours:
        request.session[KEY_CHANGED] = True


@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Opens the book; where several live here, this is how somebody signs in."""
    if reader_of(request) is not None:
        return redirect(_next(request))
    vault = None if "other" in request.GET else _vault_here(request)
    if vault and not WayIn.objects.filter(vault=vault, kind__in=(Kind.PASSPHRASE, Kind.RECOVERY)).exists():
        return render(request, "people/closed.html", {"has_ways": has(vault, Kind.LATCH)})
    form = UnlockForm(request.POST or None, initial={"next": request.GET.get("next", "")}, asks_name=vault is None)
    if request.method != "POST" or not form.is_valid():
        return _unlock_page(request, vault, form, status=400 if form.errors else 200)
    return _try_to_unlock(request, vault, form)


def _vault_here(request: HttpRequest) -> Vault | None:
    try:
        return letterbox_of(request)
    except NotSignedIn:
        return None


def _unlock_page(
    request: HttpRequest, vault: Vault | None, form: UnlockForm, status: int, wait: str = ""
) -> HttpResponse:
    context = {"form": form, "wait": wait, "asks_name": vault is None, "known": vault is not None}
    context["has_latch"] = vault is not None and has(vault, Kind.LATCH)
    return render(request, "people/unlock.html", context | {"open_to_all": settings.SIGN_UP == "open"}, status=status)


def _try_to_unlock(request: HttpRequest, vault: Vault | None, form: UnlockForm) -> HttpResponse:
    wait, status = "", 403
    try:
        _begin(request, _open(request, vault, form))
        return redirect("wins:list" if request.session.get(KEY_CHANGED) else _next(request))  # where it is said
    except WrongSecret:
        form.add_error("recovery" if form.cleaned_data["recovery"] else "secret", _wrong(vault))
    except TooManyAttempts:
        wait, status = _("There were many tries. Please wait ten minutes. Keeping still works."), 429
    return _unlock_page(request, vault, form, status, wait)


def _open(request: HttpRequest, vault: Vault | None, form: UnlockForm) -> Root:
    """Raises WrongSecret, TooManyAttempts."""
    adder, now, address = adder_of(request), clock.now(), request.META.get("REMOTE_ADDR", "")
    name = form.cleaned_data["name"]
    if vault is None:
        vault, limited_by = vault_named(name), limits.of_stranger(tag_of(name), address)
        if adder and vault and adder.vault_id == vault.id:
            limited_by = limits.of_known(vault.id, bytes(adder.id))
    else:
        limited_by = limits.of_known(vault.id, bytes(adder.id) if adder else b"")
    return open_with(vault, form.typed(), now, limited_by)


def _wrong(vault: Vault | None) -> str:
    """The same for a name nobody has as for a wrong passphrase."""
    if vault is None:
        return _("This name and this passphrase do not open anything. Please try again.")
    return _("This does not open it. Please try again.")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else "/"


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    _lock(request)
    return redirect("wins:today")


@csrf_exempt  # an old page must be able to lock too; and another site's form comes without our cookies (SameSite)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Locks and goes somewhere neutral; with script the page has already gone there."""
    vault = known_vault(request)
    place = leave_url(vault.leave_to if vault else "")
    _lock(request)
    elsewhere = place.startswith("https:")
    response = HttpResponse(status=303, headers={"Location": place}) if elsewhere else HttpResponse(EMPTY_PAGE)
    response["Clear-Site-Data"] = '"cache"'
    return response


def _lock(request: HttpRequest) -> None:
    reader = reader_of(request)
    if reader is not None:
        actions.lock(reader.vault, settings.HOME)
    if SESSION in request.session:  # another site's form comes without one, and signs nobody out
        forget(request)


@require_http_methods(["GET", "HEAD"])
@reading
def more(request: HttpRequest, reader: Reader) -> HttpResponse:
    context = {
        "form": LeaveForm(initial={"leave_to": reader.vault.leave_to}),
        "version": __version__,
        "updated": date.fromisoformat(UPDATED),
        "has_passphrase": has(reader.vault, Kind.PASSPHRASE),
        "contact": settings.CONTACT,
        "section": "more",
    }
    return render(request, "people/more.html", context)


@require_POST
@reading
def leave_to(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = LeaveForm(request.POST)
    if not form.is_valid():
        raise Http404
    Vault.objects.filter(id=reader.vault.id).update(leave_to=form.cleaned_data["leave_to"])
    say_next(request, "saved")
    return redirect("people:more")


@require_http_methods(["GET", "HEAD"])
@reading
def lock_settings(request: HttpRequest, reader: Reader) -> HttpResponse:
    context = {
        "has_passphrase": has(reader.vault, Kind.PASSPHRASE),
        "has_recovery": has(reader.vault, Kind.RECOVERY),
        "has_latch": has(reader.vault, Kind.LATCH),
        "idle_form": IdleForm(initial={"idle_minutes": reader.vault.idle_minutes or 0}),
        "section": "more",
    }
    return render(request, "people/lock_settings.html", context)


@require_POST
@reading
def idle(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = IdleForm(request.POST)
    if not form.is_valid():
        raise Http404
    Vault.objects.filter(id=reader.vault.id).update(idle_minutes=form.cleaned_data["idle_minutes"] or None)
    say_next(request, "saved")
    return redirect("people:lock_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def recovery(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = reentry_form(request, reader)
    context = {"form": form, "shown": False, "section": "more", "has_recovery": has(reader.vault, Kind.RECOVERY)}
    context["nothing_to_reenter"] = not something_to_reenter(reader)
    if request.method == "POST" and reentered(reader, form):
        _, code = actions.new_recovery_sheet(reader, settings.HOME, clock.now())
        context |= {"shown": True, "groups": code.split(), "made": clock.now()}
    return render(request, "people/recovery_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def passphrase(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = PassphraseForm(request.POST or None)
    if request.method == "POST" and reentered(reader, form, "current"):
        actions.set_passphrase(reader, form.cleaned_data["new"], settings.HOME, clock.now())
        say_next(request, "passphrase_set")
        return redirect("people:lock_settings")
    context = {
        "form": form,
        "has_passphrase": has(reader.vault, Kind.PASSPHRASE),
        "has_recovery": has(reader.vault, Kind.RECOVERY),
        "section": "more",
    }
    return render(request, "people/passphrase.html", context, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def remove_passphrase(request: HttpRequest, reader: Reader) -> HttpResponse:
    if settings.HOSTED:
        raise Http404  # nobody's own computer account, so nothing that could open it instead
    form = reentry_form(request, reader)
    if request.method == "POST" and reentered(reader, form):
        if has(reader.vault, Kind.PASSPHRASE):
            actions.remove_passphrase(reader, settings.HOME, clock.now())
            say_next(request, "passphrase_removed")
        return redirect("people:lock_settings")
    context = {
        "heading": _("Remove the passphrase"),
        "sentences": [
            _("Reading will not ask for it any more."),
            _("Anyone who can use this computer account can then read this."),
        ],
        "form": form,
        "submit_label": _("Remove it"),
        "nothing_to_reenter": not something_to_reenter(reader),
        "section": "more",
    }
    return render(request, "people/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def sessions(request: HttpRequest, reader: Reader) -> HttpResponse:
    adder, here = adder_of(request), reader.way
    own = {bytes(one.id) for one in (adder, here) if one}
    found = browsers.browsers_of(reader.vault, own, clock.now())
    if request.method == "POST":
        named = request.POST.get("end", "")
        chosen = [one for one in found if one.id_hex == named or (named == "others" and not one.current)]
        browsers.end(reader.vault, chosen)
        if chosen:
            say_next(request, "ended")
        return redirect("people:sessions")
    return render(request, "people/sessions.html", {"sessions": found, "section": "more"})

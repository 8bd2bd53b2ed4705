"""Coming to live on a host, leaving a browser, and the name to sign in with."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smallwins.people import clock, joining, limits
from smallwins.people.access import reading, sign_out, start_session
from smallwins.people.devices import device_name
from smallwins.people.forms import JoinForm, NameForm
from smallwins.people.models import Invitation
from smallwins.people.notices import say_next
from smallwins.people.reentry import reentered
from smallwins.people.ways import Reader


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """An invitation, opened. It is used up only when somebody has joined."""
    try:
        invitation = _invitation(request, code)
    except (joining.NotInvited, limits.TooManyAttempts):
        return render(request, "people/not_invited.html", status=410)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _join(request, invitation, form)
    return render(request, "people/join.html", {"form": form}, status=400 if form.errors else 200)


def _invitation(request: HttpRequest, code: str) -> Invitation | None:
    """Raises NotInvited, TooManyAttempts. None, where everybody may join."""
    if not settings.HOSTED:
        raise Http404  # on one's own computer there is nothing to join
    if not code and settings.SIGN_UP == "open":
        return None
    now = clock.now()
    tries = limits.take(limits.of_network("join", request.META.get("REMOTE_ADDR", "")), now)
    invitation = joining.invitation_of(code, now)
    limits.give_back(tries)
    return invitation


def _join(request: HttpRequest, invitation: Invitation | None, form: JoinForm) -> HttpResponse:
    now = clock.now()
    try:
        # Each one makes a vault, or tells that a name is taken.
        tries = limits.take(limits.of_network("join", request.META.get("REMOTE_ADDR", "")), now)
        root, code = joining.join(invitation, form.cleaned_data["name"], form.cleaned_data["new"], now)
        limits.give_back(tries if invitation else [])  # a whole group may join from one room
    except joining.NameTaken:
        form.add_error("name", _("Please choose another name. Somebody here may use this one."))
        return render(request, "people/join.html", {"form": form}, status=400)
    except (joining.NotInvited, limits.TooManyAttempts):
        return render(request, "people/not_invited.html", status=410)
    start_session(request, root, device_name(request.headers.get("User-Agent", "")))
    return render(
        request, "people/recovery_sheet.html", {"shown": True, "joined": True, "groups": code.split(), "made": now}
    )


@require_POST
def leave_browser(request: HttpRequest) -> HttpResponse:
    """Signs out: this browser neither reads nor adds any more."""
    sign_out(request)
    return redirect("people:unlock")


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def name(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = NameForm(request.POST or None)
    if request.method == "POST" and reentered(reader, form) and _rename(reader, form):
        say_next(request, "saved")
        return redirect("people:lock_settings")
    return render(request, "people/name.html", {"form": form, "section": "more"}, status=400 if form.errors else 200)


def _rename(reader: Reader, form: NameForm) -> bool:
    limited_by = limits.of_known(reader.vault.id, b"rename")  # else whoever lives here could try out who else does
    try:
        limits.take(limited_by, clock.now())
        joining.rename(reader.vault, form.cleaned_data["name"])
    except limits.TooManyAttempts:
        form.add_error("name", _("There were many tries. Please wait ten minutes."))
    except joining.NameTaken:
        form.add_error("name", _("Please choose another name. Somebody here may use this one."))
    return not form.errors

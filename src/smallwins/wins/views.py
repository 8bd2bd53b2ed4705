"""The pages of wins."""

import secrets
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smallwins.book.actions import Stale
from smallwins.people import adders, clock
from smallwins.people.access import (
    KEY_CHANGED,
    NotSignedIn,
    adder_of,
    known_vault,
    letterbox_of,
    only_vault,
    reader_of,
    reading,
)
from smallwins.people.notices import say_next
from smallwins.people.ways import Reader
from smallwins.wins import actions, catalogue, queries, taps
from smallwins.wins.draft import Draft, draft
from smallwins.wins.forms import EditForm, KeepForm, TapForm
from smallwins.wins.path import pebble_path
from smallwins.wins.shelf import Win
from smallwins.wins.show import card, cards, drawn, groups

UNDO = "undo"  # in the session: the records that were deleted last, together


@require_http_methods(["GET", "HEAD", "POST"])
def today(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _keep(request)
    if settings.HOSTED and known_vault(request) is None:
        raise NotSignedIn
    return today_page(request)


def today_page(
    request: HttpRequest, *, form: KeepForm | None = None, notice: str = "", status: int = 200
) -> HttpResponse:
    """The question and the taps; with `form`, the person's words are still in the field."""
    reader, key = reader_of(request), secrets.token_hex(16)
    form = form or KeepForm(initial={"form_key": key})
    context = {"form": form, "form_key": key, "notice": notice, "section": "today"} | shown_taps(reader)
    return render(request, "wins/today.html", context, status=status)


def shown_taps(reader: Reader | None) -> dict[str, Any]:
    """What Today offers to tap: to nobody in particular, our own catalogue."""
    first = queries.taps_for(reader)
    shown = {tap.id for tap in first}
    more = [
        {"name": catalogue.kind_name(kind.id), "taps": [tap for tap in kind.taps if tap.id not in shown]}
        for kind in catalogue.kinds().values()
    ]
    return {"taps": first, "more_taps": more}


def _keep(request: HttpRequest) -> HttpResponse:
    form = KeepForm(request.POST.copy())
    tap = _tapped(request)
    if tap:
        form.data["text"] = tap.text  # type: ignore[index]
    if not form.is_valid():
        return today_page(request, form=form, status=400)
    win = draft(form.cleaned_data["text"], clock.now(), kind=tap.kind if tap else "")
    record = _keep_somewhere(request, win, form.cleaned_data["form_key"])
    pebble = pebble_path(record, 60, 46, 40)
    context = {"win_text": win.text, "pebble": pebble, "tail": _("That counts."), "id_hex": record.hex()}
    return render(request, "wins/honored.html", context | {"section": "today"})


def _tapped(request: HttpRequest) -> catalogue.Tap | None:
    """Asks nobody who reads unless something was tapped: that must not stand in the way of keeping."""
    value = request.POST.get("tap", "")
    return taps.tapped(value, reader_of(request)) if value else None


def _keep_somewhere(request: HttpRequest, win: Draft, form_key: str) -> bytes:
    """In the database; or, where that cannot take it just now, in the spool. Raises what the database said."""
    try:
        vault, reader = letterbox_of(request), reader_of(request)
        if reader is None and (adder := adder_of(request)):
            adders.count_use(adder, clock.now())
        return actions.keep(vault, reader, win, form_key)
    except DatabaseError as error:
        try:
            return actions.keep_in_spool(settings.HOME, only_vault(), win, form_key)
        except (DatabaseError, NotSignedIn, actions.NoLetterbox):
            raise error from None


@require_http_methods(["GET", "HEAD"])
@reading
def list_wins(request: HttpRequest, reader: Reader, begin: bytes | None = None) -> HttpResponse:
    page, now = queries.list_page(reader, begin), clock.now()
    context = {
        "groups": groups(page.wins, now, queries.several(reader, page.wins)),
        "path_svg": drawn(page.path, now, page.at_top),
        "older_url": _from(page.older),
        "newer_url": _from(page.newer),
        "empty": not page.wins,
        "undo": _undo(request, reader),
        "key_changed": request.session.pop(KEY_CHANGED, False),
        "unreadable": queries.unreadable(reader) if page.at_top else [],
        "section": "wins",
    }
    return render(request, "wins/list.html", context)


def _from(record: bytes | None) -> str | None:
    return reverse("wins:list_from", args=[record]) if record else None


def _undo(request: HttpRequest, reader: Reader) -> dict[str, str] | None:
    """What the list offers to bring back: the win deleted last, as long as that can be undone."""
    deleted = _deleted(request)
    if deleted and not actions.can_undo(reader, deleted[0]):
        deleted = request.session.pop(UNDO) and []
    return {"url": reverse("wins:undo", args=[deleted[0]])} if deleted else None


def _deleted(request: HttpRequest) -> list[bytes]:
    return [bytes.fromhex(record) for record in request.session.get(UNDO, "").split()]


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def search(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What is looked for comes by POST only: no word of it is ever in an address."""
    query, begin = request.POST.get("q", "")[:400], _position(request.POST.get("from", ""))
    found, more = queries.search(reader, query, begin)
    shown = cards(found, clock.now(), queries.several(reader, found))
    context = {"q": query, "wins": shown, "more_from": more, "section": "wins"}
    return render(request, "wins/search.html", context | {"nothing": not found and bool(query.strip())})


@require_http_methods(["GET", "HEAD"])
@reading
def show(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    win, now = queries.win_of(reader, record), clock.now()
    versions = queries.versions_of(reader, win)
    context = {"win": card(win, now), "pebble": pebble_path(record, 60, 46, 40), "section": "wins"}
    several = {"versions": cards(versions, now), "seen": queries.seen(versions), "two": len(versions) == 2}
    return render(request, "wins/win.html", context | (several if len(versions) > 1 else {}))


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def edit(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    win = queries.win_of(reader, record)
    form = EditForm(request.POST or None, win=win, own_kinds=_own_kinds(reader))
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, win, form, 400 if request.method == "POST" else 200)
    typed = form.cleaned_data
    return redirect("wins:win", actions.edit(reader, win, form.draft(), typed["revision"], typed["form_key"]))


def _edit_page(request: HttpRequest, win: Win, form: EditForm, status: int) -> HttpResponse:
    context = {"form": form, "win": card(win, clock.now()), "section": "wins"}
    return render(request, "wins/edit.html", context, status=status)


def _own_kinds(reader: Reader) -> list[str]:
    used = queries.index_of(reader).returned_to
    return [kind for kind, _count in used.most_common(20) if kind not in catalogue.kinds()]


@require_POST
@reading
def hard(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    with suppress(Stale):  # another tab was quicker; the page shows what is so now
        actions.toggle_hard(reader, queries.win_of(reader, record))
    return redirect("wins:win", record)


@require_POST
@reading
def keep_this(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    """Of a win that was changed on two devices, this one alone: if nothing has changed since both were shown."""
    try:
        deleted = actions.choose(reader, queries.win_of(reader, record), request.POST.get("seen", ""))
    except Stale:
        return _look_again(request, record)
    if deleted:  # pressed twice, there is still what the first time deleted
        request.session[UNDO] = " ".join(other.record.hex() for other in deleted)
    return redirect("wins:list")


@require_POST
@reading
def keep_both(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    try:
        actions.keep_all(reader, queries.versions_of(reader, queries.win_of(reader, record)))
    except Stale:
        return _look_again(request, record)
    say_next(request, "kept_both")
    return redirect("wins:win", record)


def _look_again(request: HttpRequest, record: bytes) -> HttpResponse:
    say_next(request, "look_again")
    return redirect("wins:win", record)


@require_POST
@reading
def delete(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    actions.delete(reader, queries.win_of(reader, record))
    request.session[UNDO] = record.hex()
    return redirect("wins:list")


@require_POST
@reading
def undo(request: HttpRequest, reader: Reader, record: bytes) -> HttpResponse:
    together = _deleted(request)
    records = together if record in together else [record]
    if not actions.undo_delete(reader, records):
        raise Http404
    say_next(request, "back")
    return redirect("wins:list")


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def what_counts(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = TapForm(request.POST if "text" in request.POST else None)
    if request.method == "POST" and _change_taps(request, reader, form):
        return redirect("wins:taps")
    own = [{"id_hex": tap.id, "text": tap.text} for tap in taps.own_taps(reader)]
    context = {"form": form, "own": own, "groups": _by_kind(), "section": "more"}
    return render(request, "wins/taps.html", context, status=400 if form.errors else 200)


def _change_taps(request: HttpRequest, reader: Reader, form: TapForm) -> bool:
    own = {tap.id for tap in taps.own_taps(reader)}
    if request.POST.get("remove") in own:
        taps.remove_tap(reader, bytes.fromhex(request.POST["remove"]))
        return True
    if not form.is_bound or not form.is_valid():
        return False
    taps.add_tap(reader, form.cleaned_data["text"], form.cleaned_data["kind"])
    return True


def _by_kind() -> list[dict[str, Any]]:
    return [
        {"name": catalogue.kind_name(kind.id), "about": _(kind.about), "taps": kind.taps}
        for kind in catalogue.kinds().values()
    ]


def _position(written: str) -> int:
    return min(int(written), 10_000_000) if written.isascii() and written.isdigit() else 0

"""The pages for taking everything away, bringing it in, and deleting it."""

import io
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smallwins.people import clock
from smallwins.people.access import reading, sign_out
from smallwins.people.forms import ReentryForm
from smallwins.people.reentry import reentered, reentry_form, something_to_reenter
from smallwins.people.ways import Reader
from smallwins.people.words import message
from smallwins.portability import actions
from smallwins.portability.bag import write_bag
from smallwins.portability.forms import DeleteForm
from smallwins.portability.reading import Unreadable, read
from smallwins.wins.queries import all_wins


@require_http_methods(["GET", "HEAD"])
@reading
def take_away(request: HttpRequest, reader: Reader) -> HttpResponse:
    return _page(request, reader)


@require_POST
@reading
def export(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    form = reentry_form(request, reader)
    if not reentered(reader, form):
        return _page(request, reader, form=form, status=403)
    now, bag = clock.now(), io.BytesIO()  # in memory: no file of ours ever holds words in the clear
    write_bag(bag, all_wins(reader), now)
    bag.seek(0)
    return FileResponse(bag, as_attachment=True, filename=f"small-wins-{now:%Y-%m-%d}.zip")


@require_POST
@reading
def import_(request: HttpRequest, reader: Reader) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig  # Django would leave the file out without a word
    file = request.FILES.get("file")
    if file is None:
        return _page(request, reader, status=400, problem=_("Please choose a file first."))
    try:
        report = actions.bring_in(reader, read(file.read(), file.name or ""), clock.now())
    except Unreadable as error:
        return _page(request, reader, status=400, problem=str(error))
    return _page(request, reader, report=report)


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def delete_everything(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = DeleteForm(request.POST or None, needed=something_to_reenter(reader))
    if request.method == "POST" and reentered(reader, form):
        actions.delete_everything(reader.vault, settings.HOME)
        sign_out(request)
        sentences = [_("Nobody can open those wins now."), _("Backups you made are still where you put them.")]
        return message(request, _("Everything is deleted."), sentences, 200)
    context = {"form": form, "nothing_to_reenter": not something_to_reenter(reader), "section": "more"}
    return render(request, "portability/delete_everything.html", context, status=400 if form.errors else 200)


def _page(request: HttpRequest, reader: Reader, status: int = 200, **more: Any) -> HttpResponse:
    form = ReentryForm(needed=something_to_reenter(reader))
    context = {"form": form, "nothing_to_reenter": not something_to_reenter(reader), "section": "more"}
    return render(request, "portability/take_away.html", context | more, status=status)

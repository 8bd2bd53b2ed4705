"""Pages for when something is not as it should be: what is so, whose words are safe where, what to do next."""

import errno
import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from smallwins.people.words import message, words_of
from smallwins.wins.forms import KeepForm
from smallwins.wins.views import today_page

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_big(request)
    return message(
        request, _("This could not be read."), [_("Nothing was changed. Please go back and try again.")], 400
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(request, _("There is nothing here."), [_("It may have been moved or deleted.")], 404)


def too_big(request: HttpRequest) -> HttpResponse:
    return message(
        request,
        _("This is more than fits at once."),
        [_("Nothing was kept. Go back: your words are still in the field."), _("You could keep them in parts.")],
        413,
    )


def cannot_write(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("could not read or write: %s", type(error).__name__, exc_info=error)
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "full" in str(error):
        return message(
            request,
            _("There is no room left on the disk."),
            [_("Nothing was lost that was kept before."), _("Make some room, then try again.")],
            507,
        )
    return message(
        request, _("This could not be done just now."), [_("What was kept before is safe. Please try again.")], 503
    )


def not_signed_in(request: HttpRequest) -> HttpResponse:
    """To signing in; words that came along are handed back first."""
    if not words_of(request):
        return HttpResponseRedirect(reverse("people:unlock"))
    sentences = [_("Your words are here. Copy them, sign in, then keep them.")]
    return message(request, _("Nobody is signed in here."), sentences, 403, (reverse("people:unlock"), _("Sign in")))


def too_many(request: HttpRequest) -> HttpResponse:
    sentences = [_("Your words are here. Please keep them again in an hour, or unlock first.")]
    return message(request, _("Many wins came in a short time."), sentences, 429)


def no_room(request: HttpRequest) -> HttpResponse:
    sentences = [_("What was kept before is safe. Whoever runs this place can give you more room.")]
    return message(request, _("Your room here is full."), sentences, 507)


def out_of_date(request: HttpRequest) -> HttpResponse:
    sentences = [_("Nothing was changed here. Please unlock again, then try once more.")]
    return message(request, _("The keys were changed meanwhile."), sentences, 409)


def server_error(request: HttpRequest) -> HttpResponse:
    return message(
        request, _("Something went wrong on our side."), [_("What was kept before is safe. Please try again.")], 500
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form opened before a lock or in another session, and sent after: the words come back, to be sent again."""
    if request.path == reverse("wins:today"):
        form = KeepForm(request.POST)
        notice = _("This page had been open for a while. Please press Keep it once more. Your words are here.")
        return today_page(request, form=form, notice=notice, status=403)
    return message(
        request, _("Please try that once more."), [_("This page had been open for a while. Nothing was changed.")], 403
    )

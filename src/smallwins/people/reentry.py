"""Asking once more before a dangerous act, where there is something to ask for."""

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from smallwins.people import clock
from smallwins.people.forms import ReentryForm
from smallwins.people.limits import of_known
from smallwins.people.unlocking import TooManyAttempts, open_with
from smallwins.people.ways import Kind, Reader, has
from smallwins.vault.errors import WrongSecret


def something_to_reenter(reader: Reader) -> bool:
    """With a latch there is nothing: whoever sits at this computer has it."""
    return not has(reader.vault, Kind.LATCH)


def reentry_form(request: HttpRequest, reader: Reader) -> ReentryForm:
    data = request.POST if request.method == "POST" else None
    return ReentryForm(data, needed=something_to_reenter(reader))


def reentered(reader: Reader, form: Form, field: str = "secret") -> bool:
    """Whether the act may go on. Where it may not, the form says why."""
    if not form.is_valid():
        return False
    if not something_to_reenter(reader):
        return True
    try:
        holder = bytes(reader.way.id) if reader.way else b""
        open_with(reader.vault, form.cleaned_data[field], clock.now(), of_known(reader.vault.id, holder))
    except WrongSecret:
        form.add_error(field, _("This does not open it. Nothing was changed."))
    except TooManyAttempts:
        form.add_error(field, _("There were many tries. Please wait ten minutes."))
    return not form.errors

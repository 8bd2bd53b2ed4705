"""One sentence on the next page that says what has just been done. The session holds its name, never words."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

SESSION = "notice"
SENTENCES = {
    "passphrase_set": _("Your passphrase is set. Reading asks for it from now on."),
    "passphrase_removed": _("Your passphrase is removed. Reading does not ask any more."),
    "saved": _("Saved."),
    "ended": _("Signed out there."),
    "token_ended": _("That token adds nothing any more."),
    "back": _("Your win is back."),
    "kept_both": _("Kept. Each is a win of its own now."),
    "look_again": _("Something here has just changed. Please look again, and choose."),
}


def say_next(request: HttpRequest, name: str) -> None:
    request.session[SESSION] = name


def said(request: HttpRequest) -> str:
    """The sentence for this page, once."""
    return str(SENTENCES.get(request.session.pop(SESSION, ""), "")) if SESSION in request.session else ""

"""Secrets and choices a person makes about who may read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from smallwins.people.names import MOST_CHARACTERS as MOST_NAME_CHARACTERS
from smallwins.people.places import PLACES
from smallwins.people.unlocking import MOST_CHARACTERS, why_not

IDLE_CHOICES = [
    (5, _("5 minutes")),
    (15, _("15 minutes")),
    (60, _("1 hour")),
    (240, _("4 hours")),
    (0, _("Do not lock by itself")),
]


class SecretField(forms.CharField):
    """Never shown again, never trimmed: a blank can be part of a passphrase. Paste and managers are welcome."""

    def __init__(self, autocomplete: str = "current-password", **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, max_length=MOST_CHARACTERS, **kwargs)


class NameField(forms.CharField):
    """What a person signs in with. It is shown to nobody."""

    def __init__(self, **kwargs: Any) -> None:
        missing = {"required": _("There is no name here yet.")}
        super().__init__(max_length=MOST_NAME_CHARACTERS, error_messages=missing, **kwargs)


class UnlockForm(forms.Form):
    name = NameField(required=False)
    secret = SecretField(required=False)
    recovery = forms.CharField(required=False, max_length=100)
    next = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, asks_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = asks_name

    def typed(self) -> str:
        return str(self.cleaned_data["recovery"] or self.cleaned_data["secret"])


class NewPassphraseForm(forms.Form):
    new = SecretField("new-password", error_messages={"required": _("There is no passphrase here yet.")})
    again = SecretField("new-password", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        refused = why_not(cleaned["new"], cleaned["again"]) if "new" in cleaned and "again" in cleaned else None
        if refused:
            self.add_error("new", refused)
        return cleaned


class PassphraseForm(NewPassphraseForm):
    current = SecretField(required=False)
    field_order = ("current", "new", "again")


class JoinForm(NewPassphraseForm):
    name = NameField()
    field_order = ("name", "new", "again")


class NameForm(forms.Form):
    name = NameField()
    secret = SecretField(required=False)


class ReentryForm(forms.Form):
    """The passphrase or the recovery code once more. No field where there is neither."""

    secret = SecretField(required=False)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needed:
            del self.fields["secret"]


class LeaveForm(forms.Form):
    leave_to = forms.ChoiceField(choices=[(name, place.label) for name, place in PLACES.items()])


class IdleForm(forms.Form):
    idle_minutes = forms.TypedChoiceField(choices=IDLE_CHOICES, coerce=int)

"""The one form that cannot be undone."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from smallwins.people.forms import ReentryForm

WORDS = "delete everything"


class DeleteForm(ReentryForm):
    confirm = forms.CharField(required=False, max_length=100)

    def clean_confirm(self) -> str:
        typed = " ".join(str(self.cleaned_data["confirm"]).lower().split())
        if typed != WORDS:
            raise ValidationError(_("Please type: delete everything. Nothing was deleted."))
        return typed

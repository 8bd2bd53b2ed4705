"""What a person types about a token."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from smallwins.pocket.tokens import MOST_NAME_CHARACTERS
from smallwins.wins.forms import WordsField


class TokenForm(forms.Form):
    name = WordsField(error_messages={"required": _("There is no name here yet.")})

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if len(name) > MOST_NAME_CHARACTERS:
            raise ValidationError(_("Please use at most 40 letters for a name."))
        return name

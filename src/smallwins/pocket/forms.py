"""What a person types about a token, and about how this looks in a browser."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from smallwins.pocket.face import ICONS, MOST_CHARACTERS, OURS, Face, is_sound, presets
from smallwins.pocket.tokens import MOST_NAME_CHARACTERS
from smallwins.wins.forms import WordsField

OWN = "own"


class TokenForm(forms.Form):
    name = WordsField(error_messages={"required": _("There is no name here yet.")})

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if len(name) > MOST_NAME_CHARACTERS:
            raise ValidationError(_("Please use at most 40 letters for a name."))
        return name


class AppearanceForm(forms.Form):
    """Ours, one of the neutral ones, or a name and an icon of one's own."""

    face = forms.ChoiceField()
    own_name = forms.CharField(required=False)
    icon = forms.ChoiceField(required=False, choices=[(icon, icon) for icon in ICONS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["face"].choices = [(key, key) for key in ("ours", *presets(), OWN)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("face") == OWN and not is_sound(cleaned.get("own_name", "")):
            self.add_error("own_name", self._what_to_do(cleaned.get("own_name", "")))
        return cleaned

    def chosen(self) -> Face:
        chosen = self.cleaned_data["face"]
        if chosen == OWN:
            return Face(self.cleaned_data["own_name"], self.cleaned_data["icon"] or ICONS[1])
        return presets().get(chosen, OURS)

    def _what_to_do(self, name: str) -> Any:
        if not name:
            return _("Please write a name.")
        if len(name) > MOST_CHARACTERS:
            return _("Please use at most 30 letters.")
        return _("Please use only letters, numbers and plain signs.")


def initial(face: Face) -> dict[str, str]:
    """What the form shows where this face is worn."""
    key = next((key for key, preset in presets().items() if preset == face), OWN)
    if face == OURS:
        return {"face": "ours"}
    return {"face": key} if key != OWN else {"face": OWN, "own_name": face.name, "icon": face.icon}

"""What a person types about a win, checked. A refusal is a sentence, and their words stay in the field."""

from datetime import datetime, time, tzinfo
from secrets import token_hex
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from smallwins.people import clock
from smallwins.wins import catalogue
from smallwins.wins.draft import HARD, MOST_KIND_CHARACTERS, CannotKeep, Draft, check_moment, draft, tidy
from smallwins.wins.shelf import Win


class WordsField(forms.CharField):
    """The person's words. Tidied, never stripped of what they mean."""

    default_error_messages = {"required": _("There are no words here yet.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = []  # Django's would refuse a NUL byte; tidying takes it out

    def clean(self, value: Any) -> str:
        if not self.required and not str(value or "").strip():
            return ""
        try:
            return tidy(str(value or ""))
        except CannotKeep as error:
            raise ValidationError(str(error)) from error


class KeepForm(forms.Form):
    text = WordsField()
    form_key = forms.CharField(required=False)

    def clean_form_key(self) -> str:
        return _key(self.cleaned_data["form_key"])


def _key(given: str) -> str:
    """What makes a reload harmless. A form without one is kept all the same."""
    return given[:64] or token_hex(16)


class EditForm(forms.Form):
    text = WordsField()
    day = forms.DateField(error_messages={"invalid": _("Please write the day like 2026-03-14.")})
    time = forms.TimeField(required=False, error_messages={"invalid": _("Please write the time like 18:30.")})
    hard = forms.BooleanField(required=False)
    before = WordsField(required=False)
    kind = forms.ChoiceField(required=False)
    own_kind = WordsField(required=False)
    revision = forms.IntegerField(min_value=1, max_value=2**62)
    form_key = forms.CharField(required=False)

    def __init__(self, *args: Any, win: Win, own_kinds: list[str], **kwargs: Any) -> None:
        self.win = win
        kwargs["initial"] = _initial(win)
        super().__init__(*args, **kwargs)
        ours = [(kind.id, catalogue.kind_name(kind.id)) for kind in catalogue.kinds().values()]
        own = [kind for kind in dict.fromkeys([*own_kinds, win.kind]) if kind and kind not in catalogue.kinds()]
        self.fields["kind"].choices = [("", _("No kind")), *ours, *((kind, kind) for kind in own)]  # type: ignore[attr-defined]

    def clean_form_key(self) -> str:
        return _key(self.cleaned_data["form_key"])

    def clean_own_kind(self) -> str:
        own: str = self.cleaned_data["own_kind"]
        if len(own) > MOST_KIND_CHARACTERS:
            raise ValidationError(_("Please use at most 40 letters for a kind."))
        return " ".join(own.split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("day"):
            try:
                self.moment = check_moment(self._moment(cleaned), clock.now())
            except CannotKeep as error:
                self.add_error("day", str(error))
        return cleaned

    def draft(self) -> Draft:
        """The win as it was changed."""
        cleaned, marks = self.cleaned_data, set(self.win.draft.marks) - {HARD}
        return draft(
            cleaned["text"],
            self.moment,
            kind=cleaned["own_kind"] or cleaned["kind"],
            marks=tuple(sorted(marks | ({HARD} if cleaned["hard"] else set()))),
            before=cleaned["before"],
            door=self.win.draft.door,
            source=self.win.draft.source,
            beside=self.win.draft.beside,
        )

    def _moment(self, cleaned: dict[str, Any]) -> datetime:
        before = self.win.draft.moment()
        shown = before.time().replace(second=0, microsecond=0)
        if cleaned["day"] == before.date() and cleaned.get("time") in (None, shown):
            return before  # untouched, so the seconds and the zone stay
        return datetime.combine(cleaned["day"], cleaned.get("time") or time(12), tzinfo=_clock_of(before))


def _clock_of(moment: datetime) -> tzinfo | None:
    """Here, the clock as it was on that day, summer time or not; for a win from elsewhere, the clock it brought."""
    here = clock.now().tzinfo
    return here if moment.astimezone(here).utcoffset() == moment.utcoffset() else moment.tzinfo


class TapForm(forms.Form):
    text = WordsField(max_length=80)
    kind = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = [(kind.id, catalogue.kind_name(kind.id)) for kind in catalogue.kinds().values()]
        self.fields["kind"].choices = [("", _("No kind")), *ours]  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > 80:
            raise ValidationError(_("Please use at most 80 letters, so that it fits on a button."))
        return text


def _initial(win: Win) -> dict[str, Any]:
    moment, given = win.draft.moment(), win.draft
    return {
        "text": given.text,
        "day": moment.date().isoformat(),
        "time": moment.strftime("%H:%M"),
        "hard": given.hard,
        "before": given.before,
        "kind": given.kind,
        "revision": win.revision,
        "form_key": token_hex(16),
    }

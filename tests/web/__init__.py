"""Reading our own pages as a browser does."""

from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "input", "br", "img", "hr", "source"}


class Html(HTMLParser):
    """tags: every tag with its attributes, in order. forms: each with its action and what it would send."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[dict[str, Any]] = []
        self.text: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append({"action": given.get("action", ""), "fields": {}, "given": given})
        elif tag in ("input", "textarea", "select", "option") and self.forms:
            self._field(tag, given, self.forms[-1]["fields"])

    def _field(self, tag: str, given: dict[str, str], fields: dict[str, str]) -> None:
        name = given.get("name")
        if tag == "textarea" and name:
            self._area, fields[name] = name, ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in fields):
            fields[self._select] = given.get("value", "")
        elif tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            fields[name] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text.append((self._open[-1] if self._open else "", data))
        if self._area:
            fields = self.forms[-1]["fields"]
            fields[self._area] += data if fields[self._area] else data.removeprefix("\n")

    def all(self, tag: str) -> list[dict[str, str]]:
        return [given for name, given in self.tags if name == tag]

    def words_in(self, tag: str) -> str:
        return "".join(words for under, words in self.text if under == tag).strip()

    def form_with(self, field: str) -> dict[str, str]:
        """What the first form with this field would send, csrf token included."""
        return next(form["fields"] for form in self.forms if field in form["fields"])


def html(response: Any) -> Html:
    return Html(response.content.decode())

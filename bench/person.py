"""One person of a crowd: what they do, what they were told, and what must therefore be there."""

import json
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from html import escape, unescape
from http.client import HTTPException
from typing import NamedTuple

from bench.host import Visitor
from bench.serving import Answer

SHARES = {"keep": 45, "keep by token": 10, "keep locked": 15, "list": 15, "search": 5, "edit": 5, "today": 5}
KEEPS = ("keep", "keep by token", "keep locked")
WORDS = ("Drank a glass of water", "Answered one letter that had been waiting", "Went out, although it rained", "Slept")
RECORD = re.compile(r"/wins/([0-9a-f]{32})/")
CARD = re.compile(r'<a class="said words" [^>]*>([^<]*)</a>')
OLDER = re.compile(r'rel="next" href="([^"]+)"')
FIELD = re.compile(r'name="(revision|form_key|day|time)" value="([^"]*)"')
REFUSED = "refused"  # 503, with the words handed back


class Request(NamedTuple):
    """fault: empty where all was as it must be, REFUSED, or what was wrong."""

    what: str
    begin: float
    seconds: float
    fault: str

    @property
    def end(self) -> float:
        return self.begin + self.seconds


class Form(NamedTuple):
    """A form that has been filled in. Until it is acknowledged, the same one is sent again."""

    what: str
    text: str
    fields: dict[str, str]
    record: str = ""


class Person:
    """kept: what was acknowledged, word for word."""

    def __init__(self, number: int, browser: Visitor, invitation: str) -> None:
        self.number, self.browser, self.kept = number, browser, set[str]()
        self.requests: list[Request] = []
        self._chance, self._pages, self._made = random.Random(number), list[tuple[str, str]](), 0
        self._unanswered: Form | None = None
        browser.join(invitation, f"person {number}")
        self._token, self._locked = browser.new_token(), browser.that_may_only_add(number)
        self._acts: dict[str, Callable[[], None]] = {what: self._keep_something(what) for what in KEEPS}
        self._acts |= {"list": self._list, "search": self._search, "edit": self._edit, "today": self._today}

    def live(self, until: float, mean_pause: float) -> None:
        """Does one thing after another, and thinks before each."""
        while (begin := time.monotonic() + self._chance.expovariate(1 / mean_pause)) < until:
            time.sleep(max(0.0, begin - time.monotonic()))
            self.act()

    def act(self) -> None:
        if self._unanswered:
            return self._send(self._unanswered)
        what = self._chance.choices(list(SHARES), list(SHARES.values()))[0]
        return self._acts[what]()

    def finish(self) -> bool:
        """Sends what is not yet acknowledged. Whether nothing is left."""
        if self._unanswered:
            self._send(self._unanswered)
        return self._unanswered is None

    def there(self) -> Counter[str]:
        """Every win on the pages of the list."""
        found: Counter[str] = Counter()
        path: str | None = "/wins/"
        while path:
            body = self.browser.get(path).body.decode()
            found.update(unescape(words) for words in CARD.findall(body))
            older = OLDER.search(body)
            path = older[1] if older else None
        return found

    def _keep_something(self, what: str) -> Callable[[], None]:
        return lambda: self._send(Form(what, self._new_words(), {"form_key": secrets.token_hex(16)}))

    def _new_words(self) -> str:
        self._made += 1
        return f"{self._chance.choice(WORDS)} (person {self.number}, win {self._made})"

    def _send(self, form: Form) -> None:
        answer = self._ask(form.what, lambda: self._post(form), lambda answer: _acknowledges(form, answer), form.text)
        self._unanswered = None if answer else form
        if answer:
            self._note(form, answer)

    def _post(self, form: Form) -> Answer:
        if form.what == "edit":
            return self.browser.post(f"/wins/{form.record}/edit/", text=form.text, **form.fields)
        if form.what == "keep by token":
            body = json.dumps({"text": form.text}).encode()
            return self.browser.keep_by_token(body, self._token, form.fields["form_key"])
        return (self._locked if form.what == "keep locked" else self.browser).post("/", text=form.text, **form.fields)

    def _note(self, form: Form, answer: Answer) -> None:
        if form.what == "keep":
            self._pages.append((RECORD.findall(answer.body.decode())[-1], form.text))
        if form.what == "edit":
            before = next(page for page in self._pages if page[0] == form.record)
            self.kept.discard(before[1])  # first: the new words can be the same
            self._pages[self._pages.index(before)] = (form.record, form.text)
            self._get("win", f"/wins/{form.record}/", form.text)
        self.kept.add(form.text)

    def _edit(self) -> None:
        """The form is opened, filled in, sent, and the browser goes on to where it is led."""
        record, text = self._chance.choice(self._pages[-20:]) if self._pages else ("", "")
        if record and (page := self._get("edit form", f"/wins/{record}/edit/", text)):
            fields = dict(FIELD.findall(page.body.decode().partition("<main")[2]))
            self._send(Form("edit", f"{text.removesuffix(' Again.')} Again.", fields, record))

    def _today(self) -> None:
        self._get("today", "/", "one small win?")

    def _list(self) -> None:
        """What was kept last is on it, through whichever door it came."""
        self._get("list", "/wins/", self._last())

    def _search(self) -> None:
        words = self._last()
        self._ask("search", lambda: self.browser.search(words), lambda answer: _shows(answer, words))

    def _last(self) -> str:
        return self._pages[-1][1] if self._pages else ""

    def _get(self, what: str, path: str, words: str) -> Answer | None:
        return self._ask(what, lambda: self.browser.get(path), lambda answer: _shows(answer, words))

    def _ask(
        self, what: str, act: Callable[[], Answer], is_right: Callable[[Answer], bool], words: str = ""
    ) -> Answer | None:
        """The answer, if it is the right one; what became of it is noted either way."""
        begin, answer = time.monotonic(), None
        try:
            answer = act()
            fault = "" if is_right(answer) else _refusal(answer, words)
        except (OSError, HTTPException) as error:
            self.browser.connection.close()
            fault = f"{type(error).__name__}: {error}"
        self.requests.append(Request(what, begin, time.monotonic() - begin, fault))
        return None if fault else answer


def _acknowledges(form: Form, answer: Answer) -> bool:
    if form.what == "edit":
        return answer.status == 302 and answer.headers["Location"] == f"/wins/{form.record}/"
    if form.what == "keep by token":
        return answer.status == 201 and json.loads(answer.body)["kept"] is True
    return _shows(answer, form.text) and b">Kept<" in answer.body


def _shows(answer: Answer, words: str) -> bool:
    return answer.status == 200 and escape(words).encode() in answer.body


def _refusal(answer: Answer, words: str) -> str:
    """REFUSED where the person is told so, with their words; from the API as RFC 9457 writes it, and they keep them."""
    if answer.status != 503:
        return f"status {answer.status}: {' '.join(answer.body.decode(errors='replace').split())[:300]}"
    if answer.headers.get("Content-Type") == "application/problem+json":
        return REFUSED
    return REFUSED if escape(words).encode() in answer.body else "503 without the words"

"""What a person does with a win that two devices changed."""

from django.urls import reverse

from tests.web import html


def address(name: str, win) -> str:
    return reverse(f"wins:{name}", args=[win.record])


def form_of(alice, win) -> dict[str, str]:
    """The edit form, as one more device opens it."""
    return html(alice.browser.get(address("edit", win))).form_with("revision")


def edit(alice, win, form, **typed):
    answer = alice.browser.post(address("edit", win), form | typed)
    assert answer.status_code == 302
    return answer


def page(alice, win):
    return alice.browser.get(address("win", win))


def shown(alice, win) -> list[str]:
    """The versions that the win's page shows; none where there is only one."""
    return [version["text"] for version in page(alice, win).context.get("versions", ())]


def choose(alice, win, chosen=None, **sent):
    """Presses “Keep this one”, on the page as it is now."""
    form = next(form for form in html(page(alice, win)).forms if form["action"] == address("keep_this", chosen or win))
    return alice.browser.post(form["action"], form["fields"] | sent)


def named(alice, text: str):
    return next(win for win in alice.wins if win.text == text)


def labels(cards) -> dict[str, str]:
    return {card["text"]: card["versions_label"] for card in cards}


def listed(alice) -> dict[str, str]:
    return labels(card for group in alice.browser.get("/wins/").context["groups"] for card in group["wins"])

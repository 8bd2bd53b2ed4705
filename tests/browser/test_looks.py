"""How every page stands: accessible, narrow enough, quiet, small."""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/wins/",
    "/what-counts/",
    "/more/",
    "/hard-moment/",
    "/lock/",
    "/lock/recovery/",
    "/lock/passphrase/",
    "/sessions/",
    "/take-away/",
    "/appearance/",
    "/hard-moment/all/",
    "/offline/",
    "/offline/kept/",
    "/delete-everything/",
    "/nothing-here/",
)
LOOKS = [("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280)]


@pytest.fixture
def opened(full, browse):
    def opened(**options):
        page = browse(full, **options)
        page.goto(full.run("open").stdout.split()[-1])
        return page

    return opened


def every_page(page, full):
    for path in PAGES:
        page.goto(full.origin + path)
        yield path
    page.goto(f"{full.origin}/wins/")
    page.locator(".card a").first.click()
    yield "one win"
    page.get_by_role("link", name="Edit").click()
    yield "edit"
    page.locator("[name=revision]").evaluate("field => field.value = 1000")  # as if another device had been quicker
    page.get_by_label("Your win").fill("Another version")
    page.get_by_role("button", name="Save").click()
    yield "two versions"
    page.get_by_role("button", name="Keep this one").first.click()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_is_clean_for_axe(full, opened, scheme, width):
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce")
    found = {}
    for name in every_page(page, full):
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
    assert found == {}


def test_it_is_clean_for_axe_while_locked(program, browse):
    page = browse(program, reduced_motion="reduce")
    for path in ("/", "/unlock/", "/hard-moment/"):
        page.goto(program.origin + path)
        assert Axe().run(page).violations_count == 0, path


def test_it_needs_no_sideways_scrolling_at_400_percent(full, opened):
    page = opened(viewport={"width": 320, "height": 256})
    wide = [name for name in every_page(page, full) if page.evaluate("document.documentElement.scrollWidth > 320")]
    assert wide == []


def test_it_has_targets_large_enough_for_shaking_hands(full, opened):
    """WCAG 2.2 (2.5.8): 24 px, but for links inside a sentence."""
    page = opened()
    small = """() => [...document.querySelectorAll('button, select, input:not([type=hidden]), nav a, .btn, .call')]
        .filter(element => element.checkVisibility() && !element.closest('label.check'))
        .map(element => [element.textContent.trim() || element.name, element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""
    found = {name: page.evaluate(small) for name in every_page(page, full)}
    assert {name: targets for name, targets in found.items() if targets} == {}


def test_it_never_hides_the_focus(full, opened):
    """What has the focus is on the screen, and nothing lies over it (2.4.11)."""
    page = opened(viewport={"width": 390, "height": 600})
    page.goto(f"{full.origin}/more/")
    hidden = """() => { const box = document.activeElement.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return !(top && (document.activeElement.contains(top) || top.contains(document.activeElement))) }"""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")


def test_it_is_still_with_reduced_motion(full, opened):
    page = opened(reduced_motion="reduce")
    page.goto(f"{full.origin}/hard-moment/")
    assert page.evaluate("document.getAnimations().filter(each => each.playState === 'running').length") == 0


def test_it_asks_nobody_else_for_anything(full, opened):
    page = opened()
    for _ in every_page(page, full):
        pass
    assert page.watched.foreign == []
    assert [text for text in page.watched.complaints if "404" not in text] == []


def test_it_keeps_nothing_in_the_storage_of_the_browser(full, opened):
    page = opened()
    for _ in every_page(page, full):
        pass
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    addresses = """async () => (await Promise.all((await caches.keys()).map(async (name) =>
        (await caches.open(name)).keys()))).flat().map((request) => new URL(request.url).pathname)
        .filter((path) => !path.startsWith("/static/"))"""
    assert set(page.evaluate(addresses)) <= {"/offline/", "/offline/kept/", "/hard-moment/", "/hard-moment/all/"}


def test_it_shows_today_with_less_than_fourteen_kilobytes(program, browse):
    page = browse(program)
    bodies: list[bytes] = []
    page.on("response", lambda response: bodies.append(response.body()) if response.ok else None)
    page.goto(f"{program.origin}/")
    page.wait_for_load_state("networkidle")
    kinds = "".join(re.findall(r"(?:css|js)\?v=", page.content()))
    assert kinds.count("?v=") == 3, "the style sheet and the scripts are counted"
    assert sum(len(gzip.compress(body, 6)) for body in bodies) <= 14 * 1024

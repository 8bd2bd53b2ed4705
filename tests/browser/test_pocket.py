"""On a phone, and without signal: a real browser with a profile of its own, which can be closed and opened again."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM, QUIET, Program
from tests.browser.test_journeys import PASSPHRASE, keep, set_passphrase

pytestmark = pytest.mark.browser
FIELD = "What's one small win?"
WAITING = "Kept on this phone until sent."
FIVE = ["I opened the Zuckerschote", "נשמתי עמוק", "🌱 watered the plant 👩‍🌾", "I drank some water", "Said no"]

# What the worker has in its store, without making the store.
STORE = """async (act) => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "pocket")) return null;
  const base = await new Promise((done) => (indexedDB.open("pocket").onsuccess = ({ target }) => done(target.result)));
  const ask = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const [own, items] = ["own", "items"].map((name) => base.transaction(name, "readwrite").objectStore(name));
  try { return await act(own, items, ask); } finally { base.close(); }
}"""
OWNER = f"() => ({STORE})((own, items, ask) => ask(own.get('owner')))"
ITEMS = f"() => ({STORE})((own, items, ask) => ask(items.getAll()))"


def until(page: Page, holds: str, given: object = None) -> None:
    """Waits for a condition; Playwright's own way needs `eval`, which our pages do not allow."""
    page.evaluate(
        f"""async (given) => {{ const end = Date.now() + 15000;
        while (!(await ({holds})(given))) {{
            if (Date.now() > end) throw new Error("never came");
            await new Promise((done) => setTimeout(done, 30)); }} }}""",
        given,
    )


class Phone:
    """A browser whose profile stays."""

    def __init__(self, chromium: Browser, program: Program, folder: Path) -> None:
        self.chromium, self.program, self.folder = chromium, program, folder

    def start(self, **options: object) -> Page:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=QUIET + sandbox,
            viewport={"width": 390, "height": 844},
            **options,
        )
        self.context.set_default_timeout(15_000)
        return self.context.pages[0]

    def stop(self) -> None:
        self.context.close()

    def ready(self, page: Page) -> Page:
        """The worker is in charge, and knows whose letterbox this is."""
        until(page, "() => navigator.serviceWorker.controller")
        until(page, OWNER)
        return page

    def first_visit(self) -> Page:
        page = self.start()
        page.goto(self.program.link)  # type: ignore[attr-defined]
        return self.ready(page)


@pytest.fixture
def phone(chromium: Browser, program: Program, tmp_path: Path) -> Iterator[Phone]:
    own = Phone(chromium, program, tmp_path / "profile")
    yield own
    own.stop()


def keep_without_signal(page: Page, words: str) -> None:
    page.get_by_label(FIELD).fill(words)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(WAITING)).to_be_visible()
    expect(page.locator(".words")).to_have_text(words)


def kept(program: Program) -> list[str]:
    """What the program has, the first first."""
    listed = json.loads(program.run("list", "--json").stdout)
    return [win["text"] for win in reversed(listed)]


def all_sent(page: Page) -> None:
    until(page, f"async () => !(await ({ITEMS})()).length")


def keep_five(page: Page, origin: str) -> None:
    for words in FIVE:
        page.goto(f"{origin}/")
        if words == "I drank some water":
            page.get_by_role("button", name=words).click()
            expect(page.locator(".words")).to_have_text(words)
            expect(page.get_by_text(WAITING)).to_be_visible()
        else:
            keep_without_signal(page, words)


# --- Five without signal --------------------------------------------------------------------------------------------


def test_it_keeps_five_while_the_program_is_away_and_sends_them_once_in_order(program, phone):
    page = phone.first_visit()
    program.stop()
    keep_five(page, program.origin)
    phone.stop()
    page = phone.start()
    page.goto(f"{program.origin}/wins/")
    expect(page.get_by_text(WAITING)).to_be_visible()
    program.start()
    other = phone.context.new_page()
    for tab in (page, other):
        tab.goto(f"{program.origin}/")
    all_sent(page)
    expect(page.get_by_text(WAITING)).to_be_hidden()
    expect(other.get_by_text(WAITING)).to_be_hidden()
    assert kept(program) == FIVE


def test_it_keeps_five_while_the_browser_is_offline_and_sends_them_when_it_is_back(program, phone):
    page = phone.first_visit()
    phone.context.set_offline(True)
    keep_five(page, program.origin)
    other = phone.context.new_page()
    other.goto(f"{program.origin}/")
    expect(other.get_by_text("There is no connection just now.")).to_be_visible()
    phone.context.set_offline(False)
    all_sent(page)
    expect(page.get_by_text("It is sent.")).to_be_visible()
    assert kept(program) == FIVE


def test_it_keeps_what_was_typed_before_the_signal_went(program, phone):
    page = phone.first_visit()
    page.get_by_label(FIELD).fill("Typed with signal")
    program.stop()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Typed with signal")).to_be_visible()
    expect(page.get_by_text(WAITING)).to_be_visible()
    page.reload()  # that does not keep it again
    assert len(page.evaluate(ITEMS)) == 1
    program.start()
    page.goto(f"{program.origin}/")
    all_sent(page)
    assert kept(program) == ["Typed with signal"]


def test_it_sends_in_the_background_where_the_browser_wakes_the_worker(program, phone):
    page = phone.first_visit()
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "Sent from the background")
    devtools = phone.context.new_cdp_session(page)
    registered: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda found: registered.extend(each["registrationId"] for each in found["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    until(page, "() => true")  # a turn around, so that the events above have arrived
    program.start()
    sync = {"origin": program.origin + "/", "registrationId": registered[0], "tag": "send", "lastChance": True}
    devtools.send("ServiceWorker.dispatchSyncEvent", sync)
    all_sent(page)
    assert kept(program) == ["Sent from the background"]


class Busy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def test_it_keeps_on_the_phone_what_a_busy_server_would_not_take(program, phone):
    page = phone.first_visit()
    page.get_by_label(FIELD).fill("While it was busy")
    program.stop()
    ThreadingHTTPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", program.port), Busy) as busy:
        Thread(target=busy.serve_forever, daemon=True).start()
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_text(WAITING)).to_be_visible()
        page.goto(f"{program.origin}/")
        keep_without_signal(page, "And once more")
        busy.shutdown()
    program.start()
    page.goto(f"{program.origin}/")
    all_sent(page)
    assert kept(program) == ["While it was busy", "And once more"]


def test_it_sends_while_locked_and_when_the_session_is_over(program, phone):
    page = phone.first_visit()
    page.goto(f"{program.origin}/lock/recovery/")
    page.get_by_role("button", name="Make my sheet").click()
    set_passphrase(page, program)
    page.goto(f"{program.origin}/lock/")
    page.get_by_role("button", name="Lock now").click()
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "Kept behind the lock")
    program.start()
    page.goto(f"{program.origin}/")
    expect(page.get_by_text("Reading is locked.")).to_be_visible()
    all_sent(page)
    page.goto(f"{program.origin}/wins/")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("link", name="Kept behind the lock")).to_be_visible()


def test_it_keeps_once_what_was_sent_before_the_answer_was_lost(program, phone):
    page = phone.first_visit()
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "Sent twice")
    other = phone.context.new_page()  # the same item comes back, as if its answer had never arrived
    other.goto(f"{program.origin}/")
    other.evaluate(f"async () => {{ window.before = await ({ITEMS})(); }}")
    program.start()
    page.goto(f"{program.origin}/")
    all_sent(page)
    other.evaluate(f"() => ({STORE})((own, items, ask) => ask(items.put(window.before[0])))")
    page.goto(f"{program.origin}/")
    all_sent(page)
    assert kept(program) == ["Sent twice"]


def test_it_keeps_the_moment_and_its_clock(program, phone):
    page = phone.start(timezone_id="America/St_Johns")
    page.goto(program.link)
    phone.ready(page)
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "At half past")
    program.start()
    page.goto(f"{program.origin}/")
    all_sent(page)
    at = datetime.fromisoformat(json.loads(program.run("list", "--json").stdout)[0]["at"])
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=2)
    assert at.utcoffset() in (timedelta(hours=-3.5), timedelta(hours=-2.5))


def test_it_sends_from_a_phone_whose_clock_runs_ahead(program, phone):
    page = phone.first_visit()
    program.stop()
    page.goto(f"{program.origin}/")
    # The worker has the clock of the computer, so the item is put as such a phone would have kept it.
    tag = page.evaluate(OWNER)
    worker = phone.context.service_workers[0]
    item = {"text": "From next year", "tap": "", "key": "k", "at": "2099-01-01T00:00:00Z"}
    worker.evaluate("async ([tag, item]) => queue(tag, item)", [tag, item])
    program.start()
    page.goto(f"{program.origin}/")
    all_sent(page)
    assert kept(program) == ["From next year"]


def test_it_sends_when_the_session_is_gone_and_waits_where_nobody_may_add(program, phone):
    page = phone.first_visit()
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "While away")
    program.start()
    phone.context.clear_cookies(name=re.compile("-(session|key)$"))
    page.goto(f"{program.origin}/")
    all_sent(page)
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "Signed out")
    link = program.start()
    phone.context.clear_cookies()
    page.goto(f"{program.origin}/")
    expect(page.get_by_text("It is sent once you are signed in here.")).to_be_visible()
    page.goto(link)
    all_sent(page)
    assert kept(program) == ["While away", "Signed out"]


# --- Whose it is ----------------------------------------------------------------------------------------------------


def tell(page: Page, message: dict) -> None:
    """As a page of somebody else would tell the worker."""
    page.evaluate("async (message) => (await navigator.serviceWorker.ready).active.postMessage(message)", message)


def test_it_sends_nothing_of_alices_as_bob(program, phone):
    page = phone.first_visit()
    alice = page.evaluate(OWNER)
    program.stop()
    page.goto(f"{program.origin}/")
    tell(page, {"tag": "bobs-letterbox", "seen": True})
    until(page, f"async () => (await ({OWNER})()) === 'bobs-letterbox'")
    keep_without_signal(page, "Bob's own words")
    program.start()
    tell(page, {"tag": "bobs-letterbox", "send": True})  # answered by 409: another person is signed in
    worker = phone.context.service_workers[0]
    assert worker.evaluate("() => post('bobs-letterbox', { key: 'k', text: 'As Bob' })") == 409
    page.goto(f"{program.origin}/")
    until(page, f"async () => (await ({OWNER})()) === '{alice}'")
    expect(page.get_by_text(WAITING)).to_be_hidden()
    keep(page, "Alice's own words")
    assert [row["owner"] for row in page.evaluate(ITEMS)] == ["bobs-letterbox"]
    assert kept(program) == ["Alice's own words"]


def test_it_keeps_for_the_person_whose_page_it_is_whatever_another_tab_shows(program, phone):
    page = phone.first_visit()
    alice = page.evaluate(OWNER)
    page.get_by_label(FIELD).fill("From Alice's page")
    tell(page, {"tag": "bobs-letterbox", "seen": True})
    until(page, f"async () => (await ({OWNER})()) === 'bobs-letterbox'")
    program.stop()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("From Alice's page")).to_be_visible()
    assert [row["owner"] for row in page.evaluate(ITEMS)] == [alice]


def test_it_does_not_pretend_to_keep_where_nobody_is_signed_in(program, phone):
    page = phone.first_visit()
    page.evaluate(f"() => ({STORE})((own, items, ask) => ask(own.delete('owner')))")
    program.stop()
    page.goto(f"{program.origin}/")
    page.get_by_label(FIELD).fill("For whom is this")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Nobody is signed in here yet")).to_be_visible()
    expect(page.get_by_label(FIELD)).to_have_value("For whom is this")
    assert page.evaluate(ITEMS) == []


def test_it_hands_the_words_back_where_the_browser_cannot_store_them(program, phone):
    page = phone.first_visit()
    newer = """() => new Promise((done) => {
        indexedDB.open("pocket", 2).onsuccess = ({ target }) => done(target.result.close()); })"""
    page.evaluate(newer)  # as a later version would leave it: this one cannot open it
    program.stop()
    page.goto(f"{program.origin}/")
    page.get_by_label(FIELD).fill("Still mine")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("This could not be kept just now.")).to_be_visible()
    expect(page.get_by_label(FIELD)).to_have_value("Still mine")


# --- What cannot be sent --------------------------------------------------------------------------------------------


def test_it_shows_what_was_refused_with_its_words_and_sends_the_rest(program, phone):
    page = phone.first_visit()
    program.stop()
    long = "Zuckerschote " * 3000
    page.goto(f"{program.origin}/")
    page.get_by_label(FIELD).fill(long)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(WAITING)).to_be_visible()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "The next one")
    program.start()
    page.goto(f"{program.origin}/")
    expect(page.get_by_text("This one could not be sent.")).to_be_visible()
    expect(page.get_by_text(WAITING)).to_be_hidden()
    assert Axe().run(page).violations_count == 0
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the words").click()
    assert page.evaluate("navigator.clipboard.readText()").split() == long.split()
    assert kept(program) == ["The next one"]
    page.get_by_role("button", name="Let it go").click()
    expect(page.get_by_text("This one could not be sent.")).to_be_hidden()
    all_sent(page)


def test_it_steps_around_what_cannot_be_read_and_keeps_it(program, phone):
    page = phone.first_visit()
    program.stop()
    for words in ("Will be damaged", "Still whole"):
        page.goto(f"{program.origin}/")
        keep_without_signal(page, words)
    damage = "(row) => { new Uint8Array(row.box)[5] ^= 1; return row; }"
    page.evaluate(
        f"() => ({STORE})(async (own, items, ask) => ask(items.put(({damage})((await ask(items.getAll()))[0]))))"
    )
    program.start()
    page.goto(f"{program.origin}/")
    expect(page.get_by_text("Something kept on this phone cannot be read any more.")).to_be_visible()
    expect(page.get_by_text(WAITING)).to_be_hidden()
    assert kept(program) == ["Still whole"]
    assert len(page.evaluate(ITEMS)) == 1
    page.get_by_role("button", name="Let it go").click()
    all_sent(page)


# --- What is stored -------------------------------------------------------------------------------------------------


def test_it_stores_nothing_in_the_clear_and_no_private_page(program, phone):
    """What was typed with signal the browser may keep of the form, to bring it back after a crash (SECURITY.md)."""
    page = phone.first_visit()
    keep(page, "Papierlaterne, kept with signal")
    for path in ("/wins/", "/more/", "/hard-moment/?country=DE"):
        page.goto(program.origin + path)
    program.stop()
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "Zuckerschote, kept without")
    rows = page.evaluate(ITEMS)
    assert [sorted(row) for row in rows] == [["box", "iv", "order", "owner"]]
    stored = page.evaluate(
        """async () => { const found = {};
        for (const name of await caches.keys()) { const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                const text = await (await cache.match(request)).text();
                found[new URL(request.url).pathname] = [/Zuckerschote|Papierlaterne/.test(text),
                    text.includes("csrfmiddleware"), text.includes("data-letterbox")]; } }
        return found; }"""
    )
    pages = {path for path in stored if path.endswith("/")}
    assert pages == {"/offline/", "/offline/kept/", "/hard-moment/", "/hard-moment/all/"}
    assert all(path.startswith("/static/") for path in stored.keys() - pages)
    assert {flags for path in stored for flags in map(tuple, [stored[path]])} == {(False, False, False)}
    phone.stop()
    assert planted("Zuckerschote", phone.folder) == []
    assert {path.parts[1] for path in planted("Papierlaterne", phone.folder)} <= {"Sessions"}
    phone.start()


def planted(word: str, folder: Path) -> list[Path]:
    """The files of the profile in which the word stands, in the ways a browser writes text."""
    wanted = [word.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.relative_to(folder) for path in files if any(w in path.read_bytes() for w in wanted)]


def test_it_replaces_what_it_carries_when_that_is_new(program, phone):
    page = phone.first_visit()
    before = page.evaluate("caches.keys()")
    page.goto(f"{program.origin}/appearance/")
    page.get_by_label("Weather").check()
    page.get_by_role("button", name="Save").click()
    until(
        page,
        "async (before) => { const now = await caches.keys(); return now.length === 1 && now[0] !== before; }",
        before[0],
    )
    program.stop()
    for path in ("/", "/hard-moment/", "/hard-moment/?country=DE"):
        page.goto(program.origin + path)
        assert page.title() == "Weather"


# --- The door, the share, the manifest --------------------------------------------------------------------------------


def test_it_opens_the_door_without_signal_after_one_visit_anywhere(program, phone):
    page = phone.first_visit()
    program.stop()
    page.goto(f"{program.origin}/hard-moment/")
    expect(page.get_by_role("heading", name="You don't have to do this alone.")).to_be_visible()
    assert page.locator("a[href^='tel:']").count() >= 1
    assert page.evaluate("getComputedStyle(document.querySelector('.call')).borderRadius") == "18px"
    page.get_by_label("Your country").select_option("DE")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("details#DE")).to_have_attribute("open", "")
    expect(page.locator("details#DE a[href^='tel:']").first).to_be_visible()


def test_it_leaves_no_trace_that_somebody_came_to_the_door(program, phone):
    page = phone.first_visit()
    stored = f"""async () => JSON.stringify([
        await ({STORE})((own, items, ask) => ask(own.getAllKeys())), await ({ITEMS})(),
        await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys())
            .map((request) => request.url)))])"""
    before = page.evaluate(stored)
    for signal in (True, False):
        if not signal:
            program.stop()
        for path in ("/hard-moment/", "/hard-moment/?country=DE"):
            page.goto(program.origin + path)
    page.goto(f"{program.origin}/")
    assert page.evaluate(stored) == before
    phone.stop()
    found = {path.parts[1] for path in planted("country=DE", phone.folder)}
    assert not found & {"IndexedDB", "Service Worker", "Local Storage", "Session Storage"}
    phone.start()


SHARE = """(parts) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/shared/" });
    for (const [name, value] of Object.entries(parts))
        form.append(Object.assign(document.createElement("input"), { name, value }));
    document.body.append(form); form.submit(); }"""


@pytest.mark.parametrize("signal", [True, False], ids=["with signal", "without signal"])
def test_it_puts_what_is_shared_into_the_field_and_keeps_nothing_yet(program, phone, signal):
    page = phone.first_visit()
    if not signal:
        program.stop()
    with page.expect_navigation():
        page.evaluate(SHARE, {"title": "A song", "text": "<b>for me</b>", "url": "https://example.org/"})
    expect(page.get_by_label(FIELD)).to_have_value("A song\n<b>for me</b>\nhttps://example.org/")
    assert page.url == f"{program.origin}/shared/"
    if not signal:
        program.start()
    assert kept(program) == []


def test_it_can_be_installed(program, phone):
    page = phone.first_visit()
    devtools = phone.context.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    manifest = json.loads(found["data"])
    for icon in manifest["icons"]:
        size = page.evaluate(
            "async (src) => { const icon = new Image(); icon.src = src; await icon.decode(); return icon.width; }",
            icon["src"],
        )
        assert f"{size}x{size}" == icon["sizes"]


def test_it_is_clean_for_axe_without_signal(program, phone):
    page = phone.first_visit()
    program.stop()
    for path in ("/", "/offline/kept/", "/hard-moment/", "/hard-moment/all/"):
        page.goto(program.origin + path)
        assert Axe().run(page).violations_count == 0, path
        page.set_viewport_size({"width": 320, "height": 500})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto(f"{program.origin}/")
    keep_without_signal(page, "Clean")
    assert Axe().run(page).violations_count == 0

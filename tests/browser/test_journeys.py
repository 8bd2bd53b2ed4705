"""Whole journeys in a real browser, as a person goes them."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PASSPHRASE = "paper lantern drifting slowly"


def keep(page: Page, words: str) -> None:
    page.get_by_label("What's one small win?").fill(words)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_it_goes_from_the_link_to_a_kept_win_and_back(program, browse, script):
    page = browse(program, java_script_enabled=script)
    page.goto(program.link)
    keep(page, "Called my sister back, though my voice shook.")
    expect(page.get_by_text("That counts.")).to_be_visible()
    page.get_by_role("link", name="See it on the path").click()
    page.get_by_role("link", name="Called my sister back").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Your win").fill("Called Ines back.")
    page.get_by_label("This was hard").check()
    page.get_by_label("Before, I might have…").fill("let it ring")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Called Ines back.")).to_be_visible()
    expect(page.get_by_text("let it ring")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Called Ines back.")).to_be_visible()
    assert page.watched.foreign == []
    assert page.watched.complaints == []


def test_it_keeps_a_tap_in_one_action(program, browse):
    page = browse(program)
    page.goto(program.link)
    page.get_by_role("button", name="I drank some water").click()
    expect(page.get_by_text("That counts.")).to_be_visible()


def test_it_keeps_nothing_twice_when_the_answer_is_reloaded(program, browse):
    page = browse(program)
    page.goto(program.link)
    keep(page, "Only once")
    page.reload()
    page.goto(f"{program.origin}/wins/")
    expect(page.get_by_role("link", name="Only once")).to_have_count(1)


def test_it_finds_words_in_spite_of_a_slip_and_puts_none_into_an_address(full, browse):
    page = browse(full)
    page.goto(full.run("open").stdout.split()[-1])
    page.goto(f"{full.origin}/wins/")
    page.get_by_role("searchbox").fill("Tomsa")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".card", has_text="Tomas").first).to_be_visible()
    assert page.url == f"{full.origin}/wins/search/"


def test_it_locks_with_a_passphrase_keeps_while_locked_and_reads_again(program, browse):
    page = browse(program)
    page.goto(program.link)
    keep(page, "Before the lock")
    code = make_sheet(page, program)
    set_passphrase(page, program)
    page.goto(f"{program.origin}/lock/")
    page.get_by_role("button", name="Lock now").click()
    keep(page, "While it was locked")
    assert program.win("from", "a", "terminal").returncode == 0
    page.goto(f"{program.origin}/wins/")
    page.get_by_label("Passphrase").fill("something else entirely")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("alert")).to_contain_text("This does not open it")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page).to_have_url(f"{program.origin}/wins/")
    for words in ("Before the lock", "While it was locked", "from a terminal"):
        expect(page.get_by_role("link", name=words)).to_be_visible()
    page.goto(f"{program.origin}/lock/")
    page.get_by_role("button", name="Lock now").click()
    page.goto(f"{program.origin}/unlock/")
    page.get_by_text("Use my recovery sheet").click()
    page.get_by_label("The code on the sheet").fill(code.lower())
    page.get_by_role("button", name="Unlock").click()
    page.goto(f"{program.origin}/wins/")
    expect(page.get_by_role("link", name="Before the lock")).to_be_visible()


def make_sheet(page: Page, program) -> str:
    page.goto(f"{program.origin}/lock/recovery/")
    page.get_by_role("button", name="Make my sheet").click()
    return " ".join(page.locator(".groups li").all_text_contents())


def set_passphrase(page: Page, program) -> None:
    page.goto(f"{program.origin}/lock/passphrase/")
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{program.origin}/lock/")


def test_it_ends_reading_in_every_browser_when_one_of_them_locks(program, browse):
    one, other = browse(program), browse(program)
    one.goto(program.link)
    keep(one, "Mine to read")
    other.goto(program.run("open").stdout.split()[-1])
    other.goto(f"{program.origin}/wins/")
    expect(other.get_by_role("link", name="Mine to read")).to_be_visible()
    one.goto(f"{program.origin}/lock/")
    one.get_by_role("button", name="Lock now").click()
    other.reload()
    expect(other.get_by_text("Mine to read")).to_have_count(0)


def test_it_hands_the_words_back_when_the_page_was_opened_before_and_sent_after(program, browse):
    page = browse(program)
    page.goto(program.link)
    page.get_by_label("What's one small win?").fill("Words that took an hour")
    page.context.clear_cookies()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("What's one small win?")).to_have_value("Words that took an hour")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("That counts.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_it_leaves_at_once_and_nothing_is_readable_behind(program, browse, script):
    page = browse(program, java_script_enabled=script)
    page.context.route(re.compile("wikipedia"), lambda route: route.fulfill(body="<h1>Elsewhere</h1>"))
    page.goto(program.link)
    keep(page, "Not for other eyes")
    page.goto(f"{program.origin}/wins/")
    page.get_by_role("button", name="Leave now").click()
    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Not for other eyes")).to_have_count(0)
    page.goto(f"{program.origin}/wins/")
    expect(page.get_by_text("Not for other eyes")).to_have_count(0)


def test_it_shows_both_when_two_tabs_change_the_same_win(program, browse):
    first = browse(program)
    first.goto(program.link)
    keep(first, "As it was")
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"{program.origin}/wins/")
        tab.get_by_role("link", name="As it was").click()
        tab.get_by_role("link", name="Edit").click()
    for tab, words in ((first, "From the first tab"), (second, "From the second tab")):
        tab.get_by_label("Your win").fill(words)
        tab.get_by_role("button", name="Save").click()
    for words in ("This was changed on two devices", "From the first tab", "From the second tab"):
        expect(second.get_by_text(words)).to_be_visible()
    second.get_by_role("button", name="Keep this one").last.click()
    expect(second.get_by_text("From the second tab")).to_be_visible()
    expect(second.get_by_text("From the first tab")).to_have_count(0)
    second.get_by_role("button", name="Undo").click()
    expect(second.get_by_text("From the first tab")).to_be_visible()


def test_it_takes_everything_away_and_brings_it_in_elsewhere(full, program, browse, tmp_path):
    page = browse(full)
    page.goto(full.run("open").stdout.split()[-1])
    page.goto(f"{full.origin}/take-away/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy").click()
    bag = tmp_path / "bag.zip"
    download.value.save_as(bag)
    other = browse(program)
    other.goto(program.link)
    other.goto(f"{program.origin}/take-away/")
    other.get_by_label("A zip from here").set_input_files(bag)
    other.get_by_role("button", name="Bring in").click()
    expect(other.get_by_role("status")).to_be_visible()
    assert program.run("list", "--json").stdout == full.run("list", "--json").stdout


def test_it_works_by_keyboard_alone(program, browse):
    page = browse(program)
    page.goto(program.link)
    page.keyboard.type("Without a mouse")  # the field has the focus
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("That counts.")).to_be_visible()
    link = page.get_by_role("link", name="See it on the path")
    for _ in range(12):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Without a mouse")).to_be_visible()

"""Draws the icons of an installed app from the SVGs beside them: 192 and 512 pixels, to the edge, so that phones may
cut them to any shape. What matters stays within the middle four fifths."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ICONS = Path(__file__).parents[1] / "src/smallwins/pocket/static/pocket/icons"
SIZES = (192, 512)
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def main() -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for drawing in sorted(ICONS.glob("*.svg")):
            for size in SIZES:
                drawing.with_name(f"{drawing.stem}-{size}.png").write_bytes(draw(browser, drawing, size))
        browser.close()
    return 0


def draw(browser: Browser, drawing: Path, size: int) -> bytes:
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>{drawing.read_text('utf-8')}")
    picture = page.screenshot()
    page.close()
    return picture


if __name__ == "__main__":
    sys.exit(main())

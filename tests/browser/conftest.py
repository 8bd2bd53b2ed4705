"""A real program in a home of its own, and a real Chromium in front of it."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# Without these Chromium looks for its maker's servers at every start.
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class Program:
    """`smallwins` and `win` as a person runs them, in one home."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.origin = f"http://localhost:{self.port}"
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
            "SMALLWINS_HOME": str(folder / "data"),
            "SMALLWINS_KEYS": str(folder / "keys"),
            "SMALLWINS_PORT": str(self.port),
            "SMALLWINS_OPEN": "0",
        }

    def start(self) -> str:
        """Starts the server and returns the one-time link it prints."""
        command = [sys.executable, "-m", "smallwins.cli.main", "serve"]
        self.errors = (self.folder / "stderr").open("ab")
        self.serving = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=self.errors)
        assert self.serving.stdout
        return re.search(r"http://\S+", self.serving.stdout.readline().decode())[0]  # type: ignore[index]

    def stop(self) -> None:
        self.serving.terminate()
        self.serving.wait(10)
        self.errors.close()

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "smallwins.cli.main", *arguments]
        return subprocess.run(command, env=self.environment, input=typed, capture_output=True, text=True, check=False)

    def win(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "smallwins.cli.win", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET + sandbox)
        yield browser
        browser.close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A program nobody has used yet."""
    running = Program(tmp_path)
    running.link = running.start()  # type: ignore[attr-defined]
    yield running
    running.stop()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program with the made-up year in it."""
    running = Program(tmp_path_factory.mktemp("full"))
    subprocess.run([sys.executable, "-m", "smallwins.cli.demo_year"], env=running.environment, check=True)
    running.link = running.start()  # type: ignore[attr-defined]
    yield running
    running.stop()


class Watched:
    """What a page asked for, and complained about."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self._note(request.url, origin))
        context.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _note(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "about:", "data:")):
            self.foreign.append(url)


@pytest.fixture
def browse(chromium: Browser) -> Iterator[object]:
    """Opens a page in a browser of its own, like another person's."""
    contexts: list[BrowserContext] = []

    def open_page(program: Program, **options: object) -> Page:
        context = chromium.new_context(**({"viewport": {"width": 390, "height": 844}} | options))  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.watched = Watched(context, program.origin)  # type: ignore[attr-defined]
        return page

    yield open_page
    for context in contexts:
        context.close()

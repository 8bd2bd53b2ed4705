"""The standing cast. Alice owns what a test is about. Bob is somebody else here. Charlie is a stranger."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

# Before Django is set up: every run has its own home, and never touches the person's.
_HOME = tempfile.mkdtemp(prefix="smallwins-test-")
os.environ |= {
    "SMALLWINS_HOME": f"{_HOME}/data",
    "SMALLWINS_KEYS": f"{_HOME}/keys",
    "SMALLWINS_TIME_ZONE": "Europe/Lisbon",
}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in the thread of the tests
Path(_HOME, "data").mkdir()

SHARED = Path(__file__).parents[2] / "shared"


class Clock:
    """The clock of a test: it stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)

    def now(self) -> datetime:
        from django.utils import timezone

        return timezone.localtime(self.time)

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr("smallwins.people.clock.now", standing.now)
    return standing


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A home of this test alone."""
    from django.conf import settings

    from smallwins.home.paths import Home

    fresh = Home(str(tmp_path / "data"), str(tmp_path / "keys"))
    monkeypatch.setattr(settings, "HOME", fresh)
    return fresh


@pytest.fixture(autouse=True)
def closed_books() -> Iterator[None]:
    """No book stays open from one test to the next."""
    yield
    from smallwins.book import memory

    memory._books.clear()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch):
    """A host for several people, behind a proxy; its browsers are made with `visitor`."""
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "HOSTED", True)
    monkeypatch.setattr(settings, "ORIGIN", "https://testserver")
    monkeypatch.setattr(settings, "QUOTA", 200 * 1024 * 1024)

    class OverTls(Client):
        def generic(self, *args, **others):
            return super().generic(*args, **(others | {"secure": True}))

    def visitor(address: str = "192.0.2.1", **others: str) -> Client:
        return OverTls(REMOTE_ADDR=address, **others)

    return visitor


@pytest.fixture
def cast(db, clock, home):
    from tests.people_of_the_tests import Cast

    return Cast(clock, home)


@pytest.fixture
def alice(cast):
    """The only person on her computer, with her book open in a browser."""
    return cast.alice


@pytest.fixture
def bob(cast):
    return cast.bob


@pytest.fixture
def charlie(cast):
    return cast.charlie


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip("the data folder beside the checkout is not here")
    return SHARED / "data"

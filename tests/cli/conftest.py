import pytest

from tests.cli.commands import Commands


@pytest.fixture
def here(tmp_path):
    """The two commands, before a first run."""
    return Commands(tmp_path / "here")


@pytest.fixture
def elsewhere(tmp_path):
    """The same commands on another computer."""
    return Commands(tmp_path / "elsewhere")

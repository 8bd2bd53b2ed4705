"""Folders and files of this account alone, written whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import platformdirs
import pytest

from smallwins.home.paths import (
    Home,
    create_private,
    here,
    make_folder,
    remove_if_there,
    sha256,
    sync_folder,
    write_private,
)

VARIABLES = ("SMALLWINS_HOME", "SMALLWINS_KEYS", "XDG_DATA_HOME", "XDG_CONFIG_HOME")


def mode(path: str | Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def nothing_set(monkeypatch, tmp_path):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def full_disk(monkeypatch):
    def fsync(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda: monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("xdg", [None, "", "/srv/elsewhere", "/srv/with space ", "relative/folder"])
def test_it_answers_what_platformdirs_answers(nothing_set, monkeypatch, xdg):
    if xdg is not None:
        monkeypatch.setenv("XDG_DATA_HOME", xdg)
        monkeypatch.setenv("XDG_CONFIG_HOME", xdg)
    assert here().data == platformdirs.user_data_dir("smallwins", appauthor=False)
    assert here().keys == platformdirs.user_config_dir("smallwins", appauthor=False)


def test_it_goes_where_the_environment_says(nothing_set, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/other")
    monkeypatch.setenv("SMALLWINS_HOME", "~/wins")
    monkeypatch.setenv("SMALLWINS_KEYS", "keys")
    monkeypatch.chdir(tmp_path)
    assert here() == Home(f"{tmp_path}/wins", f"{tmp_path}/keys")


def test_it_takes_an_empty_variable_for_none(nothing_set, monkeypatch):
    usual = here()
    monkeypatch.setenv("SMALLWINS_HOME", "")
    monkeypatch.setenv("SMALLWINS_KEYS", "")
    assert here() == usual


def test_it_keeps_what_opens_apart_from_what_is_backed_up():
    home = Home("/data", "/keys")
    vault = b"v" * 16
    for path in (home.latch(vault), home.terminal_session(vault), home.pin):
        assert path.startswith("/keys/")
    for path in (home.database, home.letterbox, home.founding, home.spool):
        assert path.startswith("/data/")


def test_it_finds_the_pin_by_the_folder_alone():
    assert Home("/one", "/keys").pin != Home("/other", "/keys").pin
    assert Home("/one", "/keys").pin == Home("/one", "/keys").pin


def test_it_hashes_as_everybody_does():
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_it_writes_files_for_this_account_alone(usual_umask, tmp_path):
    for write in (write_private, create_private):
        path = tmp_path / write.__name__ / "file"
        write(str(path), b"x")
        assert mode(path) == 0o600
        assert mode(path.parent) == 0o700


def test_it_makes_the_folders_above_private_too(usual_umask, tmp_path):
    make_folder(str(tmp_path / "keys" / "latches"))
    assert mode(tmp_path / "keys" / "latches") == 0o700
    assert mode(tmp_path / "keys") == 0o700


def test_it_replaces_a_file_that_everybody_could_read(usual_umask, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 3_000_000])
def test_it_writes_all_of_it(tmp_path, content):
    path = tmp_path / "file"
    write_private(str(path), content)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["file"]


def test_it_leaves_the_old_file_whole_where_the_disk_is_full(tmp_path, full_disk):
    path = tmp_path / "file"
    write_private(str(path), b"old")
    full_disk()
    with pytest.raises(OSError, match="No space"):
        write_private(str(path), b"new and longer")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_it_creates_nothing_where_the_disk_is_full(tmp_path, full_disk):
    full_disk()
    with pytest.raises(OSError, match="No space"):
        create_private(str(tmp_path / "file"), b"new")
    assert os.listdir(tmp_path) == []


def test_it_leaves_no_litter_where_the_name_is_taken_by_a_folder(tmp_path):
    (tmp_path / "file" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_private(str(tmp_path / "file"), b"new")
    assert os.listdir(tmp_path) == ["file"]


def test_it_never_creates_over_what_is_there(tmp_path):
    path = str(tmp_path / "file")
    assert create_private(path, b"first")
    assert not create_private(path, b"second")
    assert Path(path).read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["file"]


def test_it_syncs_the_file_before_it_gets_its_name(tmp_path, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), fsync(handle)))
    monkeypatch.setattr(os, "replace", lambda *names: (order.append("name"), replace(*names)))
    write_private(str(tmp_path / "file"), b"x")
    assert order == ["sync", "name", "sync"]


def test_it_does_not_mind_what_is_gone_already(tmp_path):
    remove_if_there(str(tmp_path / "nothing"))
    assert os.listdir(tmp_path) == []


def test_it_closes_the_folder_it_syncs(tmp_path):
    before = os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd") else []
    for _ in range(20):
        sync_folder(str(tmp_path))
    after = os.listdir("/proc/self/fd") if before else []
    assert len(after) == len(before)

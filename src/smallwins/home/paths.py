"""The folders and files of one installation. Folders are 0700 and files 0600: nobody else on this computer reads."""

import os
import sys
import time
from contextlib import suppress
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256, Hash

APP = "smallwins"


class Home(NamedTuple):
    """The data folder of one installation, and the keys folder of this computer account."""

    data: str
    keys: str

    @property
    def database(self) -> str:
        return os.path.join(self.data, "smallwins.sqlite3")

    @property
    def letterbox(self) -> str:
        return os.path.join(self.data, "letterbox.json")

    @property
    def founding(self) -> str:
        """What a first run leaves for the database, until the database has taken it in."""
        return os.path.join(self.data, "founding.json")

    @property
    def spool(self) -> str:
        return os.path.join(self.data, "spool")

    @property
    def pin(self) -> str:
        """Found by the data folder's path, not by what the folder says of itself."""
        return os.path.join(self.keys, "pins", sha256(os.fsencode(self.data))[:24])

    @property
    def opening(self) -> str:
        """The page that hands a one-time link to the browser."""
        return os.path.join(self.keys, "opening.html")

    def latch(self, vault: bytes) -> str:
        return os.path.join(self.keys, "latches", vault.hex())

    def terminal_session(self, vault: bytes) -> str:
        """Where `smallwins unlock` keeps what later commands open with, until it runs out."""
        return os.path.join(self.keys, "sessions", vault.hex())


def sha256(content: bytes) -> str:
    """As hex. Not `hashlib`, whose own copy of the library would cost `win` two milliseconds."""
    hasher = Hash(SHA256())
    hasher.update(content)
    return hasher.finalize().hex()


def here() -> Home:
    """The installation the environment names, or this account's own."""
    return Home(_folder("SMALLWINS_HOME", "data"), _folder("SMALLWINS_KEYS", "config"))


# The XDG base directory specification, which is what platformdirs answers on these systems
# (`tests/home/test_paths.py` compares the two). Asking it would take `win` nine of its fifty milliseconds.
XDG = {"data": ("XDG_DATA_HOME", "~/.local/share"), "config": ("XDG_CONFIG_HOME", "~/.config")}


def _folder(variable: str, use: str) -> str:
    named = os.environ.get(variable)
    if named:
        return os.path.abspath(os.path.expanduser(named))
    if sys.platform in ("linux", "freebsd"):
        variable, standard = XDG[use]
        chosen = os.environ.get(variable, "")
        return os.path.join(chosen if os.path.isabs(chosen) else os.path.expanduser(standard), APP)
    import platformdirs

    # On some systems both kinds are one folder; the keys must not lie with the data that are copied.
    name = APP if use == "data" else f"{APP}-keys"
    return str(getattr(platformdirs, f"user_{use}_dir")(name, appauthor=False))


def make_folder(path: str) -> str:
    """Makes a private folder, and those above it, where there is none."""
    if not os.path.isdir(path):
        make_folder(os.path.dirname(path))
        with suppress(FileExistsError):  # another process was quicker
            os.mkdir(path, 0o700)
    return path


def write_private(path: str, content: bytes) -> None:
    """Writes a file that only this account reads, whole or not at all, and on disk when this returns."""
    folder = make_folder(os.path.dirname(path))
    unfinished = os.path.join(folder, f".{os.path.basename(path)}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        _write_through(unfinished, content)
        os.replace(unfinished, path)
    except BaseException:
        remove_if_there(unfinished)
        raise
    sync_folder(folder)


def create_private(path: str, content: bytes) -> bool:
    """As `write_private`, but leaves an existing file alone and returns False."""
    folder = make_folder(os.path.dirname(path))
    unfinished = os.path.join(folder, f".{os.path.basename(path)}.{os.getpid()}.{os.urandom(4).hex()}")
    _write_through(unfinished, content)
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return False
    finally:
        remove_if_there(unfinished)
    sync_folder(folder)
    return True


def last_change(path: str) -> float:
    """Seconds since 1970; now, where there is nothing."""
    try:
        return os.stat(path).st_mtime
    except FileNotFoundError:
        return time.time()


def remove_if_there(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def sync_folder(folder: str) -> None:
    """Makes a new name in a folder durable; where the platform cannot (Windows), the file itself already is."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_through(path: str, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove_if_there(path)
        raise

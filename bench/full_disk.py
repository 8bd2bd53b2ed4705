"""A disk that is full: clear words, nothing half-written, and all is well once there is room again."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ground import Installation, must
from bench.serving import Browser, serving
from bench.torture import Result, look

DISK, FILLER = 8, 5  # MiB; without the filler there is room again
MANY = " and then it was a little easier" * 20  # so that it does not take long
MOST = 5_000


def why_not() -> str:
    """Why this cannot be done here, or nothing."""
    if sys.platform != "linux":
        return "small disks are mounted on Linux only"
    if os.geteuid() != 0:
        return "mounting a small disk takes root"
    return "" if _can_mount() else "this system does not let us mount a small disk"


def fill_the_disk(folder: Path) -> list[str]:
    """What was not as it should be, in sentences; none where all is well."""
    place = Installation(folder)
    with _small_disk(place.data):
        must(place.smallwins("list"))
        filler = place.data / "filler"
        filler.write_bytes(bytes(FILLER * 1024 * 1024))
        with serving(place) as server:
            browsers = [server.browser(unlocked=unlocked) for unlocked in (False, True)]
            try:
                return _fill_and_free(place, browsers, filler)
            finally:
                for browser in browsers:
                    browser.close()


def _fill_and_free(place: Installation, browsers: list[Browser], filler: Path) -> list[str]:
    result, troubles = Result(), []
    for name, browser in zip(("locked", "unlocked"), browsers, strict=True):
        troubles += [f"page, {name}: {trouble}" for trouble in _fill_by_page(browser, name, result)]
    troubles += [f"win: {trouble}" for trouble in _fill_by_win(place, result)]
    troubles += [f"smallwins list on a full disk: {trouble}" for trouble in _list_when_full(place)]
    print(f"Full after {len(result.acknowledged)} wins.", flush=True)
    troubles += _half_written(place)
    filler.unlink()
    for name, browser in zip(("locked", "unlocked"), browsers, strict=True):
        text = f"there is room again, {name}"
        if browser.keep(text).status == 200:
            result.acknowledged.add(text)
        else:
            troubles.append(f"page, {name}: did not keep although there was room again")
    if place.win("room", "again").returncode == 0:
        result.acknowledged.add("room again")
    else:
        troubles.append("win: did not keep although there was room again")
    look(place, result)
    print(result, flush=True)
    return troubles if result.clean else [*troubles, str(result)]


def _fill_by_page(browser: Browser, name: str, result: Result) -> Iterator[str]:
    """Keeps until it is refused, then looks at how."""
    for n in range(MOST):
        text = f"{name} {n} {secrets.token_hex(8)}{MANY}"
        answer = browser.keep(text)
        if answer.status == 200:
            result.acknowledged.add(text)
            continue
        if answer.status != 507:
            yield f"answered {answer.status} on a full disk, not 507"
        if text.encode() not in answer.body:
            yield "did not hand the words back"
        if b"no room left" not in answer.body:
            yield "did not say that there is no room left"
        return
    yield "the disk never became full"


def _fill_by_win(place: Installation, result: Result) -> Iterator[str]:
    for n in range(MOST):
        text = f"terminal {n} {secrets.token_hex(8)}{MANY}"
        done = place.win(text)
        if done.returncode == 0:
            result.acknowledged.add(text)
            continue
        if done.returncode != 1:
            yield f"exit code {done.returncode} on a full disk, not 1"
        if text not in done.stderr:
            yield "did not hand the words back"
        if "No space left" not in done.stderr or "Traceback" in done.stderr:
            yield f"did not say clearly what is so: {done.stderr[-300:]}"
        return
    yield "the disk never became full"


def _list_when_full(place: Installation) -> Iterator[str]:
    """It may refuse, in a sentence."""
    done = place.smallwins("list", "--json")
    if "Traceback" in done.stderr:
        yield f"a traceback instead of a sentence: {done.stderr.splitlines()[-1]}"


def _half_written(place: Installation) -> list[str]:
    left = [file.name for file in place.data.rglob(".*.*") if file.suffix != ".lock"]
    empty = [file.name for file in (place.data / "spool").glob("*.letter") if not file.stat().st_size]
    return [f"left half-written: {', '.join(left + empty)}"] if left + empty else []


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=700", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _can_mount() -> bool:
    folder = Path("/tmp") / f"smallwins-mount-{secrets.token_hex(4)}"
    try:
        with _small_disk(folder):
            return True
    except (subprocess.CalledProcessError, OSError):
        return False
    finally:
        folder.rmdir()

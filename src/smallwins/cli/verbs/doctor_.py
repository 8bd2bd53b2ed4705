"""`smallwins doctor`: looks at everything, and names what it finds."""

import argparse
import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from smallwins.book.actions import catch_up, take_in_spool
from smallwins.book.memory import open_book, unreadable_letters
from smallwins.cli.codes import FAILED, Refused
from smallwins.cli.ground import home, reader, ready_database, vault
from smallwins.cli.hosting import insecure
from smallwins.home import letterbox as letterboxes
from smallwins.home import spool
from smallwins.people.models import Vault
from smallwins.people.ways import Kind, Reader, foreign_ways, has

LEAST_FREE = 100 * 1024 * 1024


class Finding(NamedTuple):
    """One thing that was looked at. good: nothing to do."""

    what: str
    good: bool
    says: str


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="an array of objects: what, good, says")


def run(args: argparse.Namespace) -> int:
    findings = list(_all())
    if args.json:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{'good' if finding.good else 'LOOK'}  {finding.what}: {finding.says}")
    return 0 if all(finding.good for finding in findings) else FAILED


def _all() -> Iterator[Finding]:
    yield _letterbox()
    if settings.HOSTED:
        yield from _host()
        return
    ours = vault()
    yield _database()
    yield _ways(ours)
    yield from _files()
    yield _room()
    take_in_spool(home())
    yield _spool()
    try:
        yield from _book(reader())
    except Refused as refused:
        yield Finding("book", True, f"not looked into. {refused}")


def _host() -> Iterator[Finding]:
    """What whoever runs a host can look at; whether what is kept opens, only its people can."""
    ready_database()
    yield _database()
    wrong = insecure()
    yield Finding("safety", not wrong, " ".join(wrong) or "nothing stands in the way of serving.")
    yield from _files()
    yield _room()
    take_in_spool(home())
    yield _spool()


def _letterbox() -> Finding:
    try:
        box = letterboxes.read(home())
        if box:
            letterboxes.check_pin(home(), box)
    except letterboxes.Damaged as damaged:
        return Finding("letterbox", False, f"the file cannot be read: {damaged}. Unlocking writes it anew.")
    except letterboxes.KeyChanged:
        says = "the published key is not the one this computer remembers. Unlocking puts your own key back. "
        return Finding("letterbox", False, says + "What was kept in between may be lost to you and readable to others.")
    return Finding("letterbox", True, "the published key is the one this computer remembers.")


def _database() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("database", True, f"{connection.vendor} answers.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        answer = str(cursor.fetchone()[0])
    return Finding("database", answer == "ok", "whole." if answer == "ok" else answer)


def _ways(ours: Vault) -> Finding:
    there = [kind.label.lower() for kind in (Kind.LATCH, Kind.PASSPHRASE, Kind.RECOVERY) if has(ours, kind)]
    says = f"{', '.join(there) or 'none'}."
    if not has(ours, Kind.RECOVERY):
        says += " A recovery sheet would help if one is lost: smallwins recovery"
    return Finding("ways in", bool(there), says)


def _files() -> Iterator[Finding]:
    """Whether other accounts on this computer could read our files."""
    folders = [Path(folder) for folder in (home().data, home().keys) if Path(folder).exists()]
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    for path in paths:
        if stat.S_IMODE(path.lstat().st_mode) & 0o077:
            yield Finding("files", False, f"other accounts may read {path}. To change that: chmod go= '{path}'")


def _room() -> Finding:
    free = shutil.disk_usage(home().data).free
    return Finding("disk", free >= LEAST_FREE, f"{free / 1e9:.0f} GB free.")


def _spool() -> Finding:
    """What could not be taken in: damaged, or for another vault."""
    left = [Path(path).name for path in spool.waiting(home())]
    return Finding(
        "waiting letters", not left, f"these cannot be taken in: {', '.join(left)}" if left else "none wait."
    )


def _book(who: Reader) -> Iterator[Finding]:
    foreign = ", ".join(way.kind for way in foreign_ways(who.root))
    says = f"somebody else wrote or changed: {foreign}. To end that: smallwins passphrase, and smallwins recovery"
    yield Finding("whose ways in", not foreign, says if foreign else "all are yours.")
    catch_up(who, home())
    bad = sorted(open_book(who).unreadable) + list(unreadable_letters(who))
    names = ", ".join(record.hex() for record in bad)
    yield Finding("book", not bad, f"these cannot be opened: {names}" if bad else "everything in it can be read.")

"""Setting a passphrase seals every page anew. Killed half-way, again and again, it loses nothing and goes on."""

import json
import random
import sqlite3
import subprocess
from collections import Counter
from pathlib import Path

from bench.ground import BIN, Installation, must

PASSPHRASE = "seven quiet lamps by the harbour"
KILLS = 5


def kill_resealing(folder: Path, wins: int, seed: int | None = None) -> list[str]:
    """What was not as it should be, in sentences; none where all is well."""
    place, chance = _home_with(Installation(folder), wins), random.Random(seed)
    before = _texts(place)
    _kill_before_it_is_set(place, chance)
    _kill_at(place, ["passphrase", "--without-recovery"], twice=True, after=chance.randrange(1, wins // 4))
    troubles = _while_half_way(place)
    for kill in range(KILLS):
        _kill_at(place, ["unlock"], twice=False, after=_sealed_anew(place) + chance.randrange(1, wins // 8))
        print(f"kill {kill + 1}: {_sealed_anew(place)} of {wins} sealed anew", flush=True)
    must(place.smallwins("unlock", typed=f"{PASSPHRASE}\n"))
    troubles += _compare(place, before + Counter(["kept half-way"]))
    return troubles + _what_is_left(place)


def _home_with(place: Installation, wins: int) -> Installation:
    file = place.folder / "wins.jsonl"
    lines = (json.dumps({"id": f"made-{n}", "text": f"Watered plant number {n}"}) for n in range(wins))
    file.write_text("\n".join(lines))
    must(place.smallwins("import", str(file)))
    return place


def _kill_before_it_is_set(place: Installation, chance: random.Random) -> None:
    """Anywhere before the first page: also while the passphrase itself is being set."""
    for _ in range(KILLS):
        process = _start(place, ["passphrase", "--without-recovery"], twice=True)
        try:
            process.wait(chance.uniform(0.2, 0.6))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if _generation(place) > 1:
            return  # it was set: from here on it is opened by the passphrase


def _kill_at(place: Installation, verb: list[str], *, twice: bool, after: int) -> None:
    """Runs a verb and kills it once so many pages are sealed anew; with the passphrase set already, by `unlock`."""
    if _generation(place) > 1:
        verb, twice = ["unlock"], False
    process = _start(place, verb, twice=twice)
    while process.poll() is None and _sealed_anew(place) < after:
        pass
    process.kill()
    process.wait()


def _start(place: Installation, verb: list[str], *, twice: bool) -> subprocess.Popen[str]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [str(BIN / "smallwins"), *verb],
        env=place.environment(),
        stdin=subprocess.PIPE,
        stdout=quiet,
        stderr=quiet,
        text=True,
    )
    assert process.stdin
    process.stdin.write(f"{PASSPHRASE}\n" * (2 if twice else 1))
    process.stdin.close()
    return process


def _while_half_way(place: Installation) -> list[str]:
    """Keeping goes on, or says what to run where the new key was not published yet; reading asks."""
    troubles = []
    done = place.win("kept", "half-way")
    if done.returncode:
        if "kept half-way" not in done.stderr:
            troubles.append("win refused without handing the words back")
        must(place.smallwins("unlock", typed=f"{PASSPHRASE}\n"))
        must(place.win("kept", "half-way"))
    must(place.smallwins("lock"))  # the unlock that was killed may have come far enough to open this terminal
    if place.smallwins("list", "--json").returncode != 3:
        troubles.append("reading did not ask although a passphrase was set")
    return troubles


def _compare(place: Installation, expected: Counter[str]) -> list[str]:
    there = _texts(place)
    lost, doubled = sum((expected - there).values()), sum((there - expected).values())
    damage = place.integrity()
    print(f"{sum(expected.values())} kept, {lost} lost, {doubled} doubled, database {damage}", flush=True)
    return [f"{lost} lost, {doubled} doubled, database {damage}"] if lost or doubled or damage != "ok" else []


def _what_is_left(place: Installation) -> list[str]:
    """Nothing readable that should not be: every page under the new root, no latch."""
    troubles = []
    older = _ask(place, "SELECT count(*) FROM book_page WHERE generation < (SELECT max(generation) FROM people_vault)")
    if older:
        troubles.append(f"{older} pages are still sealed under the older root")
    if any((place.folder / "keys" / "latches").glob("*")):
        troubles.append("the latch file is still there")
    return troubles


def _texts(place: Installation) -> Counter[str]:
    return Counter(str(win["text"]) for win in place.wins())


def _sealed_anew(place: Installation) -> int:
    return _ask(place, "SELECT count(*) FROM book_page WHERE generation > 1")


def _generation(place: Installation) -> int:
    return _ask(place, "SELECT max(generation) FROM people_vault")


def _ask(place: Installation, query: str) -> int:
    connection = sqlite3.connect(place.database, timeout=20)
    try:
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()

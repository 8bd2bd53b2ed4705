"""A real host as its people meet it: `smallwins serve --host` behind what a proxy would add, and browsers over it."""

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.ground import BIN, Installation, child
from bench.serving import TOKEN, Answer, Browser, free_port

NAME = "wins.test"
PASSPHRASE = "five quiet geese by the river"
PATIENCE = 30  # seconds until a server must have answered
ADDER = re.compile(rb">(sw_add_[\w=-]+)<")


@dataclass(frozen=True)
class HostInstallation(Installation):
    """The home of a host. database_url: nothing for SQLite."""

    database_url: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        host = {"SMALLWINS_ORIGIN": f"https://{NAME}", "SMALLWINS_PROXY": "127.0.0.1"}
        database = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return super().environment(**(host | database | more))

    def invitations(self, count: int) -> list[str]:
        """Addresses, each for one person. The database is brought up to date on the way."""
        return list(child("invitations", self, str(count))["paths"])


class Listening:
    """A server process that answers on a port when this returns. started: after so many seconds."""

    def __init__(self, command: Sequence[str | Path], place: Installation, port: int) -> None:
        self.port, begin = port, time.perf_counter()
        self._log = place.folder / "serve.log"
        with self._log.open("ab") as log:
            environment = place.environment(SMALLWINS_PORT=str(port))
            self.process = subprocess.Popen(list(map(str, command)), env=environment, stdout=log, stderr=log)
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - begin > PATIENCE:
                self.stop()
                raise SystemExit(f"The server did not start: {self.log()[-2000:]}")
            time.sleep(0.005)
        self.started = time.perf_counter() - begin

    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        connection.close()
        return False


@contextmanager
def hosting(place: HostInstallation, workers: int = 1) -> Iterator[Listening]:
    server = Listening([BIN / "smallwins", "serve", "--host", f"--workers={workers}"], place, free_port())
    try:
        yield server
    finally:
        server.stop()


class Visitor(Browser):
    """A browser of one person, as it reaches the program through the proxy. number: who it is, and from where."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(port)
        address = f"198.51.{number // 250}.{number % 250 + 1}"  # each their own: joining is limited by network
        self.always = {
            "Host": NAME,
            "Origin": f"https://{NAME}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": address,
            "Accept-Encoding": "gzip",
        }

    def join(self, invitation: str, name: str) -> None:
        """By the invitation's own page."""
        expect(self.get(invitation), 200)
        expect(self.post(invitation, name=name, new=PASSPHRASE, again=PASSPHRASE), 200, b"recovery")
        expect(self.get("/"), 200, TOKEN)

    def new_token(self) -> str:
        """One that may only add."""
        return expect(self.post("/tokens/", name="my phone"), 200, ADDER)

    def that_may_only_add(self, number: int) -> "Visitor":
        """Another browser of the same person, long locked; over the same connection, as a proxy would have it."""
        other = Visitor(self.port, number)
        other.connection.close()
        other.connection = self.connection
        other.cookies = {name: value for name, value in self.cookies.items() if name.endswith("-add")}
        expect(other.get("/"), 200, b"Reading is locked")
        return other

    def keep_by_token(self, body: bytes, token: str, key: str) -> Answer:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Idempotency-Key": key}
        cookies, self.cookies = self.cookies, {}
        try:
            return self.ask("POST", "/api/v1/wins", body, headers)
        finally:
            self.cookies = cookies


def expect(answer: Answer, status: int, *signs: bytes | re.Pattern[bytes]) -> str:
    """Ends everything where the answer is another, and returns what was found of the last sign."""
    found = None
    for sign in signs:
        found = re.search(sign if isinstance(sign, re.Pattern) else re.escape(sign), answer.body)
        if not found:
            break
    if answer.status != status or (signs and not found):
        raise SystemExit(f"An answer with status {answer.status}, {status} was expected: {answer.body[:300]!r}")
    return found[found.re.groups and 1].decode() if found else ""

"""The real server as a process, and a browser that is quick enough to measure it."""

import gzip
import os
import re
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from bench.ground import BIN, Installation

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    sent: int  # bytes of the body as it came over the wire


class Server:
    """`smallwins serve`, listening when this returns."""

    def __init__(self, place: Installation, port: int | None = None) -> None:
        self.port = port or free_port()
        self._log = (place.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [BIN / "smallwins", "serve"],
            env=place.environment(SMALLWINS_PORT=str(self.port)),
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        assert self.process.stdout
        said = self.process.stdout.readline().decode()
        if "http://" not in said:
            self.kill()
            raise SystemExit(f"The server did not start: {(place.folder / 'serve.log').read_text()[-2000:]}")
        self.link = urlsplit(said.rsplit(" ", 1)[1].strip()).path

    def browser(self, *, unlocked: bool) -> "Browser":
        """A browser that has opened Today, and the one-time link where it is to be unlocked (once a server)."""
        browser = Browser(self.port)
        if unlocked:
            browser.follow(self.link)
            if not any(name.endswith("-key") for name in browser.cookies):
                raise SystemExit("The one-time link did not open a session.")
        browser.get("/")
        return browser

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self) -> None:
        """SIGTERM, as a system that shuts down sends it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            print("The server did not stop within ten seconds of SIGTERM; killed.", file=sys.stderr)
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process.stdout:
            self.process.stdout.close()
        self._log.close()


class Browser:
    """One connection that stays open, and cookies kept by hand, since no library sends Secure ones over http."""

    def __init__(self, port: int) -> None:
        self.port, self.token = port, ""
        self.cookies: dict[str, str] = {}
        self.always = {"Host": f"localhost:{port}"}
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def twin(self) -> "Browser":
        """The same browser on another connection."""
        other = Browser(self.port)
        other.cookies, other.token = dict(self.cookies), self.token
        return other

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def follow(self, path: str) -> Answer:
        """As a browser does: on to where it is sent."""
        answer = self.get(path)
        while 300 <= answer.status < 400:
            path = urljoin(path, answer.headers["Location"])
            answer = self.get(path)
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token} | fields).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def keep(self, text: str) -> Answer:
        """As the form on Today does it, each time from a page newly opened."""
        return self.post("/", form_key=secrets.token_hex(16), text=text)

    def search(self, query: str) -> Answer:
        return self.post("/wins/search/", q=query)

    def close(self) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = self.always | ({"Cookie": kept} if kept else {})
        self.connection.request(method, path, body, own | headers)
        response = self.connection.getresponse()
        sent = response.read()
        answer = Answer(response.status, dict(response.getheaders()), _plain(response, sent), len(sent))
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        if found := TOKEN.search(answer.body):
            self.token = found[1].decode()
        return answer


def _plain(response: HTTPResponse, sent: bytes) -> bytes:
    return gzip.decompress(sent) if response.headers.get("Content-Encoding") == "gzip" else sent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(place: Installation) -> Iterator[Server]:
    server = Server(place)
    try:
        yield server
    finally:
        server.stop()


def family(process: int) -> list[int]:
    """A process and all that it started."""
    found = [process]
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        for started in file.read_text().split():
            found += family(int(started))
    return found


def processor(process: int) -> float:
    """Seconds of a core that a process and all that it started have used so far."""
    ticks = 0
    for member in family(process):
        after_the_name = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(after_the_name[11]) + int(after_the_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(process: int, kind: str = "Pss") -> float:
    """MiB of a process and all that it started. Pss: what is shared is divided among those who share it."""
    kib = 0
    for member in family(process):
        rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
        kib += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith(f"{kind}:"))
    return kib / 1024

"""`smallwins serve --host`: gunicorn's threads behind a proxy that brings TLS; refused where that would be insecure.

Which server, and why: `docs/decisions/0013-servers.md`.
"""

import os
import stat
from typing import Any

from django.conf import settings

from smallwins.cli.codes import USAGE, Refused
from smallwins.cli.ground import home, ready_database
from smallwins.cli.housekeeping import start_housekeeping

THREADS = 16
# Sixteen threads of work, and as many browsers that keep their connection open as a small host has people.
CONNECTIONS = 1000
LEAST_SECRET = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def run(workers: int) -> int:
    """Serves until it is told to stop. Raises Refused."""
    if not 1 <= workers <= 64:
        raise Refused("Please choose from 1 to 64 workers.", USAGE)
    for sentence in insecure():
        raise Refused(f"This host would not be safe, so it was not started. {sentence}", USAGE)
    ready_database()
    _server(workers).run()
    return 0


def insecure() -> list[str]:
    """What stands in the way of serving several people, as sentences; nothing where all is well."""
    checks = [
        (not settings.HOSTED, "Say the address people use: SMALLWINS_ORIGIN=https://wins.example.org"),
        (not settings.PROXIES, "Say where the proxy is that brings TLS: SMALLWINS_PROXY=127.0.0.1"),
        (any(network.prefixlen == 0 for network in settings.PROXIES), "SMALLWINS_PROXY must not be everybody."),
        (settings.DEBUG, "DEBUG must be off: it shows what people wrote."),
        (_is_weak(settings.SECRET_KEY), f"The secret in {home().keys}/web-secret is too short. Delete that file."),
        (_is_weak(settings.SERVER_KEY), f"The key in {home().keys}/server-key is too short."),
        (_others_read(home().keys), f"Other accounts can read {home().keys}. Run: chmod 700 {home().keys}"),
    ]
    return [sentence for wrong, sentence in checks if wrong]


def _is_weak(secret: str) -> bool:
    return len(secret) < LEAST_SECRET or len(set(secret)) < 8


def _others_read(folder: str) -> bool:
    return os.name != "nt" and bool(os.stat(folder).st_mode & OTHERS)


def _server(workers: int) -> Any:
    try:
        from gunicorn.app.base import BaseApplication
    except ImportError as error:
        raise Refused("A host needs one more part. Run: pip install 'smallwins[host]'") from error

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in _options(workers).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from smallwins.web.wsgi import application

            return application

    return Server()


def _options(workers: int) -> dict[str, Any]:
    address = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
    return {
        "bind": f"{address}:{settings.PORT}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        "umask": 0o077,
        "graceful_timeout": 30,
        "timeout": 120,
        "keepalive": 130,  # longer than any proxy keeps its own, so that none writes into a closing connection
        "proc_name": "smallwins",
        "forwarded_allow_ips": "",  # the scheme and the visitor are `BehindProxy`'s business
        "post_worker_init": _begin,
        "loglevel": "warning",
        "control_socket_disable": True,
    }


def _begin(worker: Any) -> None:
    """Threads and connections do not survive a fork, so each worker has its own."""
    start_housekeeping(home())

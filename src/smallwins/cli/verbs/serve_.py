"""`smallwins serve`."""

import argparse
import errno
import os
import signal
import socket
from types import FrameType

from django.conf import settings
from waitress.server import BaseWSGIServer, MultiSocketServer

from smallwins.cli import hosting
from smallwins.cli.codes import Refused, Stop
from smallwins.cli.ground import by_latch, home, vault
from smallwins.cli.housekeeping import start_housekeeping
from smallwins.cli.opening import invite, plain_address

MEBIBYTE = 1024 * 1024
NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="another port than 8765 (or SMALLWINS_PORT)")
    parser.add_argument("--host", action="store_true", help="serve several people, behind a proxy that brings TLS")
    parser.add_argument("--workers", type=int, default=1, help="with --host: this many processes (1)")


def run(args: argparse.Namespace) -> int:
    if args.port and args.port != settings.PORT:
        return _again_with(args.port)
    if args.host:
        return hosting.run(args.workers)
    if settings.HOSTED:
        raise Refused("SMALLWINS_ORIGIN names a host for several people. Start it with: smallwins serve --host")
    ours = vault()
    server = _server()
    start_housekeeping(home())
    signal.signal(signal.SIGTERM, _finish)
    root = by_latch(ours)
    if root is not None:
        invite(root)
    else:
        print(f"Small Wins is at {plain_address()}", flush=True)
    try:
        server.run()
    except (KeyboardInterrupt, Stop):
        server.close()
    return 0


def _server() -> MultiSocketServer | BaseWSGIServer:
    """Listens when this returns; only on this computer."""
    from waitress.server import create_server

    from smallwins.web.wsgi import application

    try:
        return create_server(
            application,
            sockets=_loopback_sockets(settings.PORT),
            threads=8,
            ident=None,
            # Waitress would put large bodies into temporary files, in the clear. So they stay in memory, bounded.
            inbuf_overflow=256 * MEBIBYTE,
            outbuf_overflow=512 * MEBIBYTE,
            max_request_body_size=200 * MEBIBYTE,
        )
    except OSError as error:
        raise Refused(
            f"Port {settings.PORT} is in use. Small Wins may be running already: try smallwins open.\n"
            "Or choose another port: SMALLWINS_PORT=8766"
        ) from error


def _loopback_sockets(port: int) -> list[socket.socket]:
    """Both loopback addresses, since `localhost` is either; IPv6 only where there is some."""
    found = [_bound(socket.AF_INET, "127.0.0.1", port)]
    try:
        found.append(_bound(socket.AF_INET6, "::1", port))
    except OSError as error:
        # Without IPv6 there is nobody to mistake for us. Where somebody else has the port, the link must not go there.
        if error.errno not in NO_IPV6:
            found[0].close()
            raise
    return found


def _bound(family: int, address: str, port: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name != "nt":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError:
        listening.close()
        raise
    return listening


def _finish(_signal: int, _frame: FrameType | None) -> None:
    raise Stop


def _again_with(port: int) -> int:
    """Cookies and links carry the port, so it has to be known before anything else."""
    import sys

    os.environ["SMALLWINS_PORT"] = str(port)
    given = [word for word in sys.argv[sys.argv.index("serve") :] if word != "--port" and word != str(port)]
    given = [word for word in given if not word.startswith("--port=")]
    os.execv(sys.executable, [sys.executable, "-P", "-m", "smallwins.cli.main", *given])  # noqa: S606  ourselves

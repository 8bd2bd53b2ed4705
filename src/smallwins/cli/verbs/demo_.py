"""`smallwins demo`: a made-up year, in a place of its own that is gone afterwards."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from types import FrameType

from smallwins.cli.codes import FAILED, Stop

DEMO_PORT = "8780"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", default=DEMO_PORT, help=f"another port than {DEMO_PORT}")


def run(args: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="smallwins-demo-") as folder:
        place = {"SMALLWINS_HOME": f"{folder}/data", "SMALLWINS_KEYS": f"{folder}/keys", "SMALLWINS_PORT": args.port}
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | place
        filled = subprocess.run([sys.executable, "-P", "-m", "smallwins.cli.demo_year"], env=environment, check=False)
        if filled.returncode:
            return FAILED
        print("A made-up year. Your own wins are not touched. Stop with Ctrl+C.", flush=True)
        return _serve(environment)


def _serve(environment: dict[str, str]) -> int:
    serving = subprocess.Popen([sys.executable, "-P", "-m", "smallwins.cli.main", "serve"], env=environment)
    signal.signal(signal.SIGTERM, _stop)
    try:
        return serving.wait()
    except BaseException:
        serving.terminate()
        serving.wait()
        raise


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stop

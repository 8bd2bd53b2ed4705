"""`smallwins people`: all that whoever runs a host needs to know, and nothing of what is kept."""

import argparse
import json
from typing import Any

from django.db import connection

from smallwins import __version__
from smallwins.book.actions import bytes_kept
from smallwins.book.models import Letter, Page
from smallwins.cli.ground import home, ready_database
from smallwins.home.spool import waiting
from smallwins.people.models import Invitation, Vault, WayIn
from smallwins.people.ways import Kind


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(args: argparse.Namespace) -> int:
    ready_database()
    people = [_one(vault) for vault in Vault.objects.select_related("person").order_by("person__created_at")]
    about = {
        "version": __version__,
        "database": connection.vendor,
        "letters in the spool": sum(1 for _ in waiting(home())),
        "open invitations": Invitation.objects.count(),
    }
    print(json.dumps(about | {"people": people}, indent=1) if args.json else _as_lines(about, people))
    return 0


def _one(vault: Vault) -> dict[str, Any]:
    return {
        "vault": vault.id.hex()[:8],
        "since": vault.person.created_at.date().isoformat(),
        "signs in by name": vault.person.tag is not None,
        "pages": Page.objects.filter(vault=vault).count(),
        "letters": Letter.objects.filter(vault=vault).count(),
        "bytes": bytes_kept(vault),
        "browsers open": WayIn.objects.filter(vault=vault, kind=Kind.SESSION).count(),
    }


def _as_lines(about: dict[str, Any], people: list[dict[str, Any]]) -> str:
    lines = [f"{name}: {value}" for name, value in about.items()]
    return "\n".join([*lines, *("  ".join(f"{name}: {value}" for name, value in one.items()) for one in people)])

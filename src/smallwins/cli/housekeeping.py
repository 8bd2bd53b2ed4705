"""What a running program does by itself: destroy what was deleted, close what idles, take letters in."""

import logging
import threading
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import DatabaseError, close_old_connections, connection

from smallwins.book import memory
from smallwins.book.actions import destroy_deleted, take_in_spool
from smallwins.home.paths import Home, last_change, remove_if_there
from smallwins.people import clock
from smallwins.people.actions import OPENING_MINUTES
from smallwins.people.limits import forget_old
from smallwins.people.models import Adder, Invitation, Vault, WayIn

EVERY_SECONDS = 30
# A book nobody reads from closes even where its session stays open; opening it again takes tenths of a second.
CLOSE_AFTER_SECONDS = 3600.0
log = logging.getLogger(__name__)


def start_housekeeping(home: Home) -> None:
    threading.Thread(target=_keep_house, args=(home,), daemon=True, name="housekeeping").start()


def tidy_up(home: Home, now: datetime) -> None:
    """One round."""
    take_in_spool(home)
    destroy_deleted(now)
    WayIn.objects.filter(expires_at__lte=now).delete()
    Adder.objects.filter(expires_at__lte=now).delete()
    Invitation.objects.filter(expires_at__lte=now).delete()
    forget_old(now)
    Session.objects.filter(expire_date__lte=now).delete()
    if now.timestamp() - last_change(home.opening) > OPENING_MINUTES * 60:
        remove_if_there(home.opening)  # its link does not work any more
    if memory.open_books():
        memory.close_idle(_allowed_idling)


def _allowed_idling(vault: bytes) -> float | None:
    row = Vault.objects.filter(id=vault).first()
    if row is None or row.epoch != memory.open_books().get(vault):
        return None
    return min(CLOSE_AFTER_SECONDS, row.idle_minutes * 60 if row.idle_minutes else CLOSE_AFTER_SECONDS)


def _keep_house(home: Home) -> None:
    rest = threading.Event()
    while True:
        try:
            close_old_connections()
            tidy_up(home, clock.now())
        except (DatabaseError, OSError) as error:
            log.error("housekeeping will try again: %s", type(error).__name__)
        finally:
            connection.close()
        rest.wait(EVERY_SECONDS)

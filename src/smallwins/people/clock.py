"""The one clock. Tests set it; everything that decides takes the moment as an argument."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, at the clock of the place the program runs in."""
    return timezone.localtime()

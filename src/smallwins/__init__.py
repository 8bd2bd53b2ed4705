"""Small Wins: name one small win, keep it, and see how far you have come."""

__version__ = "0.1.0"
UPDATED = "2026-11-23"  # the day of this release, shown under More

"""Measuring and torturing the real program. Nothing here is part of it."""

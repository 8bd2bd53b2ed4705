#!/usr/bin/env python
"""For developers: `./manage.py makemigrations`. People use `smallwins`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smallwins.web.settings")
    execute_from_command_line(sys.argv)

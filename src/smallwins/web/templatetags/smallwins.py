"""`{% asset "web/smallwins.css" %}`: the address of a static file, with a version so that browsers may keep it."""

import hashlib
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def asset(path: str) -> str:
    return f"{static(path)}?v={_version(path)}"


@cache
def _version(path: str) -> str:
    found = finders.find(path)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if found else ""

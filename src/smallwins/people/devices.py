"""Naming a browser in the list of sessions, roughly: enough to recognise one's own."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

# In this order: Edge and Opera also say Chrome, and Chrome also says Safari.
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def device_name(user_agent: str) -> str:
    """'Firefox on Linux'. Says nothing a page could not see anyway, and no version."""
    browser = next((NAMES.get(name, name) for name in BROWSERS if name in user_agent), _("A browser"))
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def seen_label(moment: datetime, now: datetime) -> str:
    """When a session was last used, without counting days."""
    local = moment.astimezone(now.tzinfo)
    return date_format(local, "H:i") if local.date() == now.date() else date_format(local, "j F, H:i")

"""All settings. Nothing has to be set to start. Every variable is read here, strictly; docs/settings.md lists them."""

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import tzlocal
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from smallwins.home.paths import create_private, here
from smallwins.people.places import PLACES

HOME = here()


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """Refuses odd values instead of guessing."""
    written = os.environ.get(name, str(default))
    if not written.isascii() or not written.isdigit() or not least <= int(written) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, and is {written!r}.")
    return int(written)


def one_of(name: str, *allowed: str) -> str:
    """The first is what holds where nothing is set."""
    written = os.environ.get(name) or allowed[0]
    if written not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, and is {written!r}.")
    return written


def made_once(name: str) -> str:
    """A random secret of this installation, outside the data folder, made on the first start."""
    path = Path(HOME.keys) / name
    create_private(str(path), secrets.token_hex(32).encode())
    return path.read_text().strip()


def origin(port: int) -> str:
    """The address people use: that of a host, over TLS, or this computer's own."""
    written = os.environ.get("SMALLWINS_ORIGIN", "").rstrip("/")
    parts = urlsplit(written)
    if written and (parts.scheme != "https" or not parts.hostname or written != f"https://{parts.netloc}"):
        raise ImproperlyConfigured(f"SMALLWINS_ORIGIN must look like https://wins.example.org, and is {written!r}.")
    return written or f"http://localhost:{port}"


def proxies() -> list[Any]:
    """Whose word on the scheme and the visitor's address is believed."""
    written = os.environ.get("SMALLWINS_PROXY", "").replace(",", " ").split()
    try:
        return [ip_network(one) for one in written]
    except ValueError as error:
        raise ImproperlyConfigured(f"SMALLWINS_PROXY must be addresses or networks: {error}.") from error


PORT = whole_number("SMALLWINS_PORT", 8765, 1, 65535)
ORIGIN = origin(PORT)
# A host for several people, behind a proxy that brings TLS; else this is one person's own computer.
HOSTED = ORIGIN.startswith("https:")
PROXIES = proxies()
BIND = os.environ.get("SMALLWINS_BIND") or "127.0.0.1"
SIGN_UP = one_of("SMALLWINS_SIGN_UP", "invited", "open")
# What one person may keep on a host, in bytes as sealed; on one's own computer the disk is the limit.
QUOTA = whole_number("SMALLWINS_QUOTA_MB", 200, 1, 1_000_000) * 1024 * 1024 if HOSTED else None
CONTACT = "https://github.com/smallwins/smallwins/issues"
PRODUCT_NAME = "Small Wins"

SECRET_KEY = made_once("web-secret")  # signs cookies and forms; seals nothing
# Makes what sign-in names are found by. Kept when the web secret is changed, and copied along when a host moves.
SERVER_KEY = made_once("server-key")
DEBUG = False
# On a host the health of the process is asked for on loopback, without the proxy.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([urlsplit(ORIGIN).hostname or ""] if HOSTED else [])]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # `BehindProxy` takes it from everybody but the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HOSTED else 0
ROOT_URLCONF = "smallwins.web.urls"
WSGI_APPLICATION = "smallwins.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "smallwins.people",
    "smallwins.book",
    "smallwins.wins",
    "smallwins.hard_moment",
    "smallwins.pocket",
    "smallwins.portability",
    "smallwins.web",
]

MIDDLEWARE = [
    "smallwins.web.middleware.BehindProxy",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "smallwins.web.middleware.LoopbackCookies",
    "smallwins.web.middleware.Private",
    "smallwins.web.middleware.Zone",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "smallwins.web.frame.frame"]},
    }
]

# --- The database -----------------------------------------------------------------------------------------------
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": HOME.database,
    "OPTIONS": {
        # IMMEDIATE: of 4,000 writes by eight writers none failed, where DEFERRED lost most to locks. FULL: what was
        # acknowledged survives a power cut. secure_delete: what is destroyed is overwritten.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
        ),
    },
}


def database() -> dict[str, Any]:
    """What DATABASE_URL names, else SQLite in the data folder; SQLite always with what keeps it safe."""
    address = os.environ.get("DATABASE_URL")
    try:
        named: dict[str, Any] = {**dj_database_url.parse(address)} if address else {}
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL is not the address of a database.") from error
    if named.get("ENGINE", SQLITE["ENGINE"]) != SQLITE["ENGINE"]:
        return named
    return SQLITE | {"NAME": named.get("NAME", HOME.database)}


DATABASES: dict[str, Any] = {"default": database()}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# --- Cookies ----------------------------------------------------------------------------------------------------
# Browsers send cookies for localhost to every port, so their names carry ours.
COOKIE = "__Host-" if HOSTED else f"__Host-{PORT}-"
SESSION_COOKIE_NAME = COOKIE + "session"
CSRF_COOKIE_NAME = COOKIE + "form"
KEY_COOKIE_NAME = COOKIE + "key"
ADD_COOKIE_NAME = COOKIE + "add"
FACE_COOKIE_NAME = COOKIE + "face"
ZONE_COOKIE_NAME = "zone"  # set by script: the browser's time zone, for a host whose people live elsewhere
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # absolute: a session that is used every day ends after a month all the same
CSRF_FAILURE_VIEW = "smallwins.web.errors.stale_form"

# --- What leaves with every page --------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        # Browsers hold the answer to a form to this list too, and "Leave now" answers with one of these places.
        "form-action": [SELF, *(place.url for place in PLACES.values() if place.url.startswith("https:"))],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- Bodies: words never go to a temporary file -----------------------------------------------------------------
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# A host has room for as many at once as it has threads.
FILE_UPLOAD_MAX_MEMORY_SIZE = (32 if HOSTED else 128) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

# --- Language and time ------------------------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = os.environ.get("SMALLWINS_TIME_ZONE") or tzlocal.get_localzone_name() or "UTC"

# --- Static files: served from the package, without a collecting step --------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000  # their addresses carry a version

# --- Logs: what happened, never what was written -----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "smallwins.web.logs.WithoutWords", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would print addresses, and with DEBUG whole requests.
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

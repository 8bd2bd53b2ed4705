"""The floor of keeping over HTTP: a bare Django view with one durable insert, under waitress. Run: PORT DATABASE

No middleware, no template, no form; the same server with as many threads, the same SQLite settings.
"""

import os
import sys

import django
from django.conf import settings

PORT, DATABASE = [*sys.argv, "0", ""][1:3]
settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATABASE,
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
                ),
            },
        }
    },
)
django.setup()

from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Line(models.Model):
    id = models.BinaryField(primary_key=True)
    text = models.TextField()

    class Meta:
        app_label = "bare"


def view(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Line.objects.create(id=os.urandom(16), text=request.POST["text"])
    return HttpResponse("Kept.")


urlpatterns = [path("", view)]


def main() -> None:
    from django.core.handlers.wsgi import WSGIHandler
    from waitress import create_server

    with connection.schema_editor() as editor:
        if Line._meta.db_table not in connection.introspection.table_names():
            editor.create_model(Line)
    server = create_server(WSGIHandler(), host="127.0.0.1", port=int(PORT), threads=8)
    print(f"Bare at http://127.0.0.1:{PORT}/", flush=True)
    server.run()


if __name__ == "__main__":
    main()

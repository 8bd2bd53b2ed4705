"""Run in a process of its own: so many invitations to a host, since a process for each would take long."""

import json
import os
import sys

import django


def main(count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "smallwins.web.settings"
    django.setup()
    from django.urls import reverse

    from smallwins.cli.ground import ready_database
    from smallwins.people import clock
    from smallwins.people.joining import invite

    ready_database()
    print(json.dumps({"paths": [reverse("people:join", args=[invite(clock.now(), 7)]) for _ in range(count)]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))

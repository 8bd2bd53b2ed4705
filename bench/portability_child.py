"""In a new process over the home the environment names: `import FILE` or `export FILE`, timed inside. Prints JSON."""

import json
import os
import sys
from pathlib import Path

from bench.ground import seconds


def main(verb: str, name: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "smallwins.web.settings"
    import django

    django.setup()
    from smallwins.cli.ground import reader
    from smallwins.people import clock
    from smallwins.portability.actions import bring_in
    from smallwins.portability.bag import write_bag
    from smallwins.portability.reading import read
    from smallwins.wins.queries import all_wins

    who, now, file = reader(), clock.now(), Path(name)

    def import_() -> None:
        bring_in(who, read(file.read_bytes(), name), now)

    def export() -> None:
        with file.open("wb") as target:
            write_bag(target, all_wins(who), now)
            target.flush()
            os.fsync(target.fileno())

    print(json.dumps({"seconds": seconds({"import": import_, "export": export}[verb])}))


if __name__ == "__main__":
    main(*sys.argv[1:])

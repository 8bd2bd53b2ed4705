"""`python -m smallwins.cli.first_run`: makes the vault of a new home. `win` runs it in a process of its own."""

import sys

from smallwins.home.founding import complete
from smallwins.home.paths import here


def main() -> int:
    complete(here())
    return 0


if __name__ == "__main__":
    sys.exit(main())

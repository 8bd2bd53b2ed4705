"""`python -m smallwins.cli.first_run`: makes the vault of a new home. `win` runs it in a process of its own."""

import os
import sys

from smallwins.home.founding import complete
from smallwins.home.paths import here


def main() -> int:
    home = here()
    if os.path.exists(home.database) and not os.path.exists(home.founding):
        return 1  # there is a vault already; only its letterbox file is lost, and `smallwins` writes it anew
    complete(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())

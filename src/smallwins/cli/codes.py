"""Exit codes, and how a verb says no."""

FAILED, USAGE, LOCKED = 1, 2, 3


class Stop(SystemExit):
    """The process was asked to end. A SystemExit, because that is what the server lets through wherever it is."""


class Refused(Exception):
    """A sentence for the person, and the exit code that goes with it."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code

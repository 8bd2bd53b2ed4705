"""Exit codes, and how a verb says no."""

FAILED, USAGE, LOCKED = 1, 2, 3


class Stop(BaseException):
    """The process was asked to end, and has finished what it was doing."""


class Refused(Exception):
    """A sentence for the person, and the exit code that goes with it."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code

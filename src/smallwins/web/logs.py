"""Logging that cannot carry words: a traceback names places in the code, and its messages are left out."""

import logging
import re
from types import TracebackType

SECRETS = re.compile(r"(?<=/)[\w-]{33,}")  # in an address: an opening link or an invitation; ids are shorter


class WithoutWords(logging.Formatter):
    """Prints where an error happened and of which type, but not its text, which may quote what a person wrote."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return SECRETS.sub("…", super().formatMessage(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        lines = [f"{kind.__name__ if kind else 'error'} at"]
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join(lines)

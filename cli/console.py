"""Where people read: results on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from typing_extensions import override

from cli import messages

#: Columns for output that goes into a file or a pipe: nothing there wraps at a window's edge.
PIPE_WIDTH = 4000
#: Below so many columns a window is too narrow for everything that is known; what matters most is shown.
WIDE_WINDOW = 110


class _Results(Console):
    """Rich would end the process with 1 when the reader leaves, which means here that findings stand."""

    @override
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def out() -> Console:
    """The console of results. Printing raises `BrokenPipeError` when nobody reads any more."""
    return _Results(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=False)


def reader_left() -> None:
    """Keep the interpreter from flushing into a pipe that was closed at the other end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def err() -> Console:
    """The console of progress and complaints."""
    return Console(stderr=True, highlight=False)


def complain(sentence: str) -> None:
    """Say on stderr what is wrong."""
    err().print(f"[bold red]{messages.ERROR()}[/]: ", end="")
    err().print(sentence, markup=False, soft_wrap=True)

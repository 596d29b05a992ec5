"""Where people read: results on stdout, everything else on stderr."""

from __future__ import annotations

import sys

from rich.console import Console

from cli import messages

#: Columns for output that goes into a file or a pipe: nothing there wraps at a window's edge.
PIPE_WIDTH = 4000
#: Below so many columns a window is too narrow for everything that is known; what matters most is shown.
WIDE_WINDOW = 110


def out() -> Console:
    """The console of results."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=False)


def err() -> Console:
    """The console of progress and complaints."""
    return Console(stderr=True, highlight=False)


def complain(sentence: str) -> None:
    """Say on stderr what is wrong."""
    err().print(f"[bold red]{messages.ERROR()}[/]: ", end="")
    err().print(sentence, markup=False, soft_wrap=True)

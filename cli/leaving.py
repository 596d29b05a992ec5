"""How every command ends: with its status, and never with a traceback for what a person did wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from cli import messages

INTERRUPTED = 130


def leave(command: Callable[[], int]) -> None:
    """Exit with the status of `command`; an error of ours becomes its sentence and status 2."""
    from cli.console import complain, reader_left
    from cli.language import language
    from shared.contracts.errors import JuesuanError

    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        reader_left()  # `juesuan facts | head`: the reader has enough
        status = 0
    except KeyboardInterrupt:
        # Caught here because the parser would end with 1, which means that findings stand.
        complain(messages.INTERRUPTED())
        status = INTERRUPTED
    except JuesuanError as error:
        complain(error.text.in_language(language()))
        status = 2
    raise typer.Exit(status)

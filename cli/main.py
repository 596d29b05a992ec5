"""Entry of the `juesuan` command. Imports little: `--help` must not wait for libraries that it does not need."""

from __future__ import annotations

import io
import sys
import traceback

from cli.language import choose, from_command_line

DEFECT = 2


def main() -> None:
    """Run the command line of this process and exit with its status."""
    # Windows consoles and LANG=C would otherwise break on the first Chinese character.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace" if stream is sys.stderr else "surrogateescape")
    choose(from_command_line(sys.argv[1:]))
    from cli.app import build_app  # noqa: PLC0415 - help texts are made in the language chosen above

    try:
        build_app()()
    except Exception:  # noqa: BLE001 - status 1 means that findings stand, so a defect must not end with it
        traceback.print_exc()
        sys.exit(DEFECT)

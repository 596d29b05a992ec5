"""`python -m deploy.local.leash USER COMMAND...`: run COMMAND once the process that started this one is gone.

Its standard input is a pipe from the starter, which the system closes however the starter ends. For servers that change
their user, and so cannot be told to die with their parent.
"""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    """Wait for the end of standard input; the exit code of the command. USER "" stays with the present one."""
    sys.stdin.buffer.read()
    user, *command = sys.argv[1:]
    return subprocess.run(command, check=False, timeout=60, user=user or None).returncode  # noqa: S603 - our own launcher's


if __name__ == "__main__":
    sys.exit(main())

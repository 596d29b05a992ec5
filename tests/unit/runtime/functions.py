"""What the workers of the pool tests do; a worker imports this module."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from shared.contracts.errors import Phase
from shared.runtime.worker import entering


def square(value: int) -> int:
    return value * value


def _checking(verb: str) -> str:
    if verb.startswith("check-"):
        entering(Phase.VALIDATE)
    return verb.removeprefix("check-")


def misbehave(order: str) -> str:
    """`order` is a verb and, after a colon, its object."""
    verb, _, rest = order.partition(":")
    verb = _checking(verb)
    if verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "exit":
        os._exit(7)
    if verb == "hang":
        time.sleep(60)
    if verb == "spin":
        while True:
            pass
    if verb == "raise":
        raise KeyError(rest)
    if verb == "eat":
        bytearray(64 * 1024**3)
    if verb == "spawn":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        Path(rest).write_text(f"{os.getpid()} {child.pid}", encoding="utf-8")
        time.sleep(60)
    if verb == "pid":
        return str(os.getpid())
    return order

"""Keeps one service running: starts it again when it ends unasked, slower and slower while it keeps ending."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

from deploy.local.process import die_with_parent

_FIRST_SECONDS, _LONGEST_SECONDS, _STEADY_SECONDS = 0.5, 30.0, 60.0


def supervise(command: list[str]) -> int:
    """Run `command` until SIGTERM or SIGINT, which is passed on; its last exit code."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pause = _FIRST_SECONDS
    while True:
        started = time.monotonic()
        child = subprocess.Popen(command, preexec_fn=die_with_parent)  # noqa: S603, PLW1509 - our own launcher's
        while child.poll() is None and not stop.wait(0.1):
            pass
        if stop.is_set():
            return _end(child)
        if time.monotonic() - started > _STEADY_SECONDS:
            pause = _FIRST_SECONDS
        sys.stderr.write(f"{command[-1]} ended with {child.returncode}; starting it again in {pause:g} s\n")
        sys.stderr.flush()
        if stop.wait(pause):
            return child.returncode
        pause = min(_LONGEST_SECONDS, pause * 2)


def _end(child: subprocess.Popen[bytes]) -> int:
    if child.poll() is None:
        child.terminate()
    try:
        return child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[1:]))

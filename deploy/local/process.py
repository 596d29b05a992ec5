"""Background processes that outlive the command which started them, known again by pid and start time."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
#: children of this very process by pid, so that they are reaped when they end
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}


class ServerProblem(Exception):
    """A server cannot be had or does not start; the message says what to do."""


def die_with_parent() -> None:
    """In a new child, before it becomes another program: be killed when the parent is gone, however it went (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(frozen=True)
class Daemon:
    """One background process: `name`, the folder of its pid file and log.

    `lasting` processes outlive the command that started them; the others (for tests) are killed with it.
    """

    name: str
    folder: Path
    lasting: bool = True

    @property
    def log(self) -> Path:
        """Its standard output and error."""
        return self.folder / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def process(self) -> psutil.Process | None:
        """The running process, or None. A pid that was given to another program since does not count."""
        try:
            pid, started = self._pid_file.read_text(encoding="ascii").split()
            process = psutil.Process(int(pid))
            same = abs(process.create_time() - float(started)) < 1 and process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process if same else None

    def start(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start `command` in a session of its own; nothing happens if it runs already."""
        if self.process():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - commands are built here, not taken from outside
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
                cwd=self.folder,
                preexec_fn=None if self.lasting else die_with_parent,  # noqa: PLW1509 - one prctl, no Python locks
            )
        _CHILDREN[child.pid] = child
        self._pid_file.write_text(f"{child.pid} {psutil.Process(child.pid).create_time()}", encoding="ascii")

    def stop(self, seconds: float = 15) -> bool:
        """End it (SIGTERM, after `seconds` SIGKILL to its whole group). False if it did not run."""
        process = self.process()
        if process is None:
            self._pid_file.unlink(missing_ok=True)
            return False
        process.terminate()
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        _reap(process.pid)
        self._pid_file.unlink(missing_ok=True)
        return True

    def kill(self) -> None:
        """Kill -9 to its whole group, as a power cut would."""
        process = self.process()
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
            _reap(process.pid)

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def wait_until(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until `ready()`. Raises `ServerProblem` with the end of its log if it dies or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process() is None:
                raise ServerProblem(f"{what} ended while starting; its log {self.log} ends with:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise ServerProblem(
                    f"{what} was not ready after {seconds:.0f} s; its log {self.log} ends with:\n{self.tail()}"
                )
            time.sleep(0.1)


def _reap(pid: int) -> None:
    child = _CHILDREN.pop(pid, None)
    if child is not None:
        child.wait(5)

"""Background processes that outlive the command which started them, known again by pid and start time."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
#: children of this very process by pid, so that they are reaped when they end
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
#: a process that was killed may hold its port a moment longer
RELEASE_SECONDS = 3.0


class ServerProblem(Exception):
    """A server cannot be had or does not start; the message says what to do."""


def die_with_parent() -> None:
    """In a new child, before it becomes another program: be killed when the parent is gone, however it went (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def ensure_free(ports: Collection[int]) -> None:
    """Wait until nothing answers at these ports of loopback. Raises `ServerProblem` when something still does.

    What is started on a port that another program has would end, and the other be taken for it.
    """
    deadline = time.monotonic() + RELEASE_SECONDS
    while taken := sorted(port for port in ports if _answers(port)):
        if time.monotonic() > deadline:
            numbers = ", ".join(map(str, taken))
            raise ServerProblem(
                f"端口 {numbers} 已被其他程序占用（或许是另一份代码的 make up）；"
                "请设置 JUESUAN_PORT_OFFSET（例如 1000）改用其他端口，然后重试。\n"
                f"Taken by another program (another checkout, perhaps): port {numbers}. Move all ports with "
                "JUESUAN_PORT_OFFSET (1000, say), then run this again."
            )
        time.sleep(0.1)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        # The system may give the probe the very port that it calls at, where it then answers itself.
        return probe.connect_ex(("127.0.0.1", port)) == 0 and probe.getsockname()[1] != port


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

    def start(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None, ports: Collection[int] = ()
    ) -> None:
        """Start `command`, which will listen at `ports`, in a session of its own; nothing happens if it runs already.

        Raises `ServerProblem` if another program has one of the ports.
        """
        if self.process():
            return
        ensure_free(ports)
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
            _reap_ended()
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
        """Wait until `ready()`. Raises `ServerProblem` with the end of its log if it dies or takes too long.

        It must live besides: what is ready in its place is not what was started.
        """
        deadline = time.monotonic() + seconds
        while True:
            self.ensure_alive(what)
            if ready():
                return
            if time.monotonic() > deadline:
                raise ServerProblem(
                    f"{what} was not ready after {seconds:.0f} s; its log {self.log} ends with:\n{self.tail()}"
                )
            time.sleep(0.1)

    def ensure_alive(self, what: str) -> None:
        """Raises `ServerProblem` with the end of its log if it does not run."""
        if self.process() is None:
            raise ServerProblem(f"{what} has ended; its log {self.log} ends with:\n{self.tail()}")


def _reap_ended() -> None:
    """Take note of the children that ended by themselves."""
    for pid, child in list(_CHILDREN.items()):
        if child.poll() is not None:
            del _CHILDREN[pid]


def _reap(pid: int) -> None:
    child = _CHILDREN.pop(pid, None)
    if child is not None:
        child.wait(5)

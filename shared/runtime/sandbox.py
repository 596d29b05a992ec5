"""What a process that reads files from anywhere may not do: limits of the operating system, set before the first file.

Where a limit does not exist (macOS, Windows) the limits of time, which the pool keeps, protect alone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from enum import StrEnum
from multiprocessing.connection import wait
from typing import Any

from shared.runtime.seccomp import refuse_network
from shared.settings import MEGABYTE

#: Bytes of one file that a worker or its children write: temporary files of an office program, outputs of a report.
MAX_WRITTEN = 2048 * MEGABYTE
#: Files open at once in one process.
MAX_OPEN = 1024
#: Variables with addresses and keys of servers: nothing that a reader starts should see them.
_KEYS = ("JUESUAN_STORE", "JUESUAN_DATABASE", "JUESUAN_KAFKA", "JUESUAN_S3_SECRET", "JUESUAN_POSTGRES_PASSWORD")
_PR_SET_CHILD_SUBREAPER = 36
_REACHING_OUT = frozenset(
    {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"}
)


class Network(StrEnum):
    """What sockets beyond this machine are to a worker: its work, refused, or (where that is to be proven) its end."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    DEADLY = "deadly"


class Guard(StrEnum):
    """Who keeps a worker from the network: nobody is asked to, the kernel, or Python itself (not its C libraries)."""

    NONE = "none"
    KERNEL = "kernel"
    PYTHON = "python"


def enclose(megabytes: int, network: Network) -> Guard:
    """Set the limits that hold for the life of this process; `megabytes` of address space."""
    if sys.platform == "linux":
        _limit(megabytes)
        # Orphans of its children become children of this process, so that they are found when it is ended.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if network is Network.ALLOWED:
        return Guard.NONE
    for name in _KEYS:
        os.environ.pop(name, None)
    if refuse_network(deadly=network is Network.DEADLY):
        return Guard.KERNEL
    sys.addaudithook(_refuse)
    return Guard.PYTHON


def limit_processor(seconds: float) -> None:
    """End this process when it uses `seconds` of processor time from now on: it may hang where nobody watches it."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not on every platform

    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard < 0 else min(wanted, hard), hard))


def die_with(sentinel: int) -> bool:
    """Let the kernel end this process and its whole group when the pipe `sentinel` is closed at its other end.

    The kernel, because a thread of Python gets no turn while a library holds the interpreter. False: not possible here.
    """
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - not on every platform

    fcntl.fcntl(sentinel, fcntl.F_SETOWN, -os.getpgid(0))
    fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([sentinel], timeout=0):
        end_group()  # it was closed before the kernel was asked
    return True


def end_group() -> None:
    """End this process and whatever it started."""
    if hasattr(os, "killpg"):
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


def resident_megabytes() -> float:
    """Memory that this process really holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - called after every document
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
    except OSError:
        return 0.0


def _limit(megabytes: int) -> None:
    import resource  # noqa: PLC0415 - not on every platform

    for which, wanted in (
        (resource.RLIMIT_AS, megabytes * MEGABYTE),
        (resource.RLIMIT_FSIZE, MAX_WRITTEN),
        (resource.RLIMIT_NOFILE, MAX_OPEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(which)
        resource.setrlimit(which, (wanted if hard < 0 else min(wanted, hard), hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REACHING_OUT:
        if arguments and isinstance(arguments[0], socket.socket) and arguments[0].family == socket.AF_UNIX:
            return
        raise PermissionError(f"a reader may not use the network ({event})")

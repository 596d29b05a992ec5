"""A process and whatever it started, ended together."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

_PROC = Path("/proc")


def kill_family(pid: int, *, alive: bool) -> None:
    """Kill `pid`, its process group and all its descendants, those included that left the group.

    Of a process that is not `alive` any more only the group is killed: its number may be another's by now. The process
    itself is left for its parent to reap. Where there is no /proc the group alone is killed.
    """
    if not hasattr(os, "killpg"):
        return
    if not alive:
        _signal(os.killpg, pid, signal.SIGKILL)
        return
    _signal(os.kill, pid, signal.SIGSTOP)  # it starts nothing while its descendants are looked for
    for number in (pid, *descendants(pid)):
        _signal(os.killpg, number, signal.SIGKILL)
        _signal(os.kill, number, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, as far as they can be seen."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        for child in _children(waiting.pop()):
            if child not in found:
                found.append(child)
                waiting.append(child)
    return found


def _children(pid: int) -> Iterator[int]:
    for file in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            yield from map(int, file.read_text(encoding="ascii").split())
        except OSError:
            continue  # the thread ended while we looked


def _signal(send: Callable[[int, int], None], number: int, what: signal.Signals) -> None:
    try:
        send(number, what)
    except (ProcessLookupError, PermissionError):
        return  # it leads no group, or is gone already

"""How much memory a program and all its children hold at once, and how much processor time they take."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_MEGABYTE = 1024 * 1024
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Finished:
    """How a program ended: exit status, what it printed, peak resident memory of it and its children in megabytes.

    `processor`: seconds of processor time of them all, 0 where there is no /proc.
    """

    status: int
    output: str
    peak: float
    processor: float


def run(command: Sequence[str], environment: dict[str, str]) -> Finished:
    """Run `command` to its end, looking at its memory twenty times a second.

    Where there is no /proc the peak is that of the largest single process.
    """
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    peak = [0.0]
    spent: dict[int, float] = {}
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            size, seconds = _tree(process.pid)
            peak[0] = max(peak[0], size)
            spent.update(seconds)

    watcher = threading.Thread(target=watch, daemon=True)
    if _PROC.is_dir():
        watcher.start()
    output, _ = process.communicate()
    over.set()
    if _PROC.is_dir():
        watcher.join()
    else:
        peak[0] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Finished(process.returncode, output, peak[0], sum(spent.values()))


def _tree(root: int) -> tuple[float, dict[int, float]]:
    """Resident megabytes of `root` and everything below it, and processor seconds by pid.

    Pages shared by forked children count once for each.
    """
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            sizes[int(folder.name)] = int(fields[21]) * resource.getpagesize()
            parents[int(folder.name)] = int(fields[1])
            seconds[int(folder.name)] = (int(fields[11]) + int(fields[12])) / _TICKS
        except (OSError, IndexError):
            continue  # it ended while we looked
    family = {root}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    size = sum(sizes.get(member, 0) for member in family) / _MEGABYTE
    return size, {member: seconds[member] for member in family & seconds.keys()}

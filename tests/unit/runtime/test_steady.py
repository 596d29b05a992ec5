"""Sparing the garbage collector, in a process of its own: it would change that of the tests."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import gc
before = gc.get_threshold()[0]
from shared.runtime.steady import settle_heap
settle_heap()
assert gc.get_freeze_count() > 1000, gc.get_freeze_count()
assert gc.get_threshold()[0] > before, gc.get_threshold()
assert gc.isenabled()
"""


def test_what_is_there_is_set_aside_and_cycles_are_still_found() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

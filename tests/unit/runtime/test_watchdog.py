from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from shared.runtime.watchdog import EXIT_STUCK, Watchdog

ROOT = Path(__file__).resolve().parents[3]
_STUCK = """
import threading, time
from shared.runtime.watchdog import Watchdog
started = time.monotonic()
def where_it_hangs():
    threading.Event().wait(60)
with Watchdog(lambda: started, 0.2):
    where_it_hangs()
"""


def test_a_loop_that_turns_is_left_alone() -> None:
    ended: list[int] = []
    with Watchdog(time.monotonic, 0.04, ended.append) as watchdog:
        threading.Event().wait(0.1)
        assert watchdog.age() < 0.04
    assert ended == []


def test_a_loop_that_stands_still_is_ended() -> None:
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    started = time.monotonic() - 10
    with Watchdog(lambda: started, 1.0, end) as watchdog:
        assert ended.wait(10)
        assert watchdog.age() >= 10
    assert codes == [EXIT_STUCK]


def test_the_process_ends_with_the_stacks_of_all_threads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STUCK], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT
    )
    assert done.returncode == EXIT_STUCK
    assert "where_it_hangs" in done.stderr

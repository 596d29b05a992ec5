from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts.errors import Category, Phase
from shared.runtime.pool import Pool
from shared.settings import Settings
from tests.unit.runtime.functions import misbehave, square

QUICK = Settings(document_seconds=2)
ROOT = Path(__file__).resolve().parents[3]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A killed orphan stays a zombie where nothing reaps it.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z")


def gone(pids: list[int], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(alive(pid) for pid in pids)


def test_every_item_comes_back_once() -> None:
    with Pool(square, 2, Settings()) as pool:
        done = list(pool.map(range(40)))
    assert sorted((end.item, end.value) for end in done) == [(n, n * n) for n in range(40)]
    assert all(end.error is None for end in done)


def test_no_items_start_no_worker() -> None:
    with Pool(square, 2, Settings()) as pool:
        assert list(pool.map([])) == []


@pytest.mark.parametrize(
    ("order", "category"),
    [
        ("die", Category.CRASH),
        ("exit", Category.CRASH),
        ("hang", Category.TIMEOUT),
        ("spin", Category.TIMEOUT),
        ("raise:reason", Category.INTERNAL),
    ],
)
def test_a_lost_worker_costs_one_item(order: str, category: Category) -> None:
    with Pool(misbehave, 2, QUICK) as pool:
        done = {end.item: end for end in pool.map(["a", "b", order, "c", "d", "e"])}
    assert {item for item, end in done.items() if end.error is None} == {"a", "b", "c", "d", "e"}
    error = done[order].error
    assert error is not None
    assert error.category is category
    assert error.text.zh
    assert error.text.en


def test_the_traceback_of_a_defect_is_kept() -> None:
    with Pool(misbehave, 1, QUICK) as pool:
        (end,) = pool.map(["raise:reason"])
    assert end.error is not None
    assert "KeyError: 'reason'" in end.error.detail


def test_memory_is_limited() -> None:
    with Pool(misbehave, 1, Settings(worker_megabytes=2048)) as pool:
        done = {end.item: end for end in pool.map(["eat", "a"])}
    assert done["a"].value == "a"
    error = done["eat"].error
    assert error is not None
    assert error.category is Category.MEMORY


def test_workers_are_replaced_after_so_many_documents() -> None:
    with Pool(misbehave, 1, Settings(worker_documents=2)) as pool:
        pids = [end.value for end in pool.map(["pid"] * 6)]
    assert len(set(pids)) == 3


def test_a_timeout_ends_the_children_of_a_worker_too(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with Pool(misbehave, 1, QUICK) as pool:
        (end,) = pool.map([f"spawn:{note}"])
    assert end.error is not None
    assert end.error.category is Category.TIMEOUT
    assert gone([int(pid) for pid in note.read_text(encoding="utf-8").split()])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    note = tmp_path / "pid"
    script = (
        "import sys\n"
        "from shared.runtime.pool import Pool\n"
        "from shared.settings import Settings\n"
        "from tests.unit.runtime.functions import misbehave\n"
        "if __name__ == '__main__':\n"
        "    with Pool(misbehave, 2, Settings()) as pool:\n"
        "        for done in pool.map(['pid', 'hang', 'hang']):\n"
        "            open(sys.argv[1], 'w').write(done.value)\n"
    )
    file = tmp_path / "parent.py"
    file.write_text(script, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(file), str(note)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 20
    while not (note.exists() and note.read_text(encoding="utf-8")) and time.monotonic() < end:
        time.sleep(0.05)
    worker = int(note.read_text(encoding="utf-8"))
    time.sleep(0.3)
    started = time.monotonic()
    parent.send_signal(how)
    parent.wait(timeout=10)
    assert time.monotonic() - started < 5
    assert gone([worker])


def test_leaving_the_pool_early_ends_the_workers() -> None:
    with Pool(misbehave, 2, Settings()) as pool:
        first = next(iter(pool.map(["pid", "hang", "hang"])))
    assert first.value is not None
    assert gone([int(first.value)])


def test_a_pool_needs_a_worker() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Pool(square, 0, Settings())


@pytest.mark.parametrize("verb", ["die", "hang", "raise", "eat"])
def test_what_is_lost_names_the_phase_it_was_in(verb: str) -> None:
    with Pool(misbehave, 1, QUICK) as pool:
        early, late = sorted(pool.map([verb, f"check-{verb}"]), key=lambda done: len(done.item))
    assert early.error is not None
    assert late.error is not None
    assert (early.error.phase, late.error.phase) == (Phase.EXTRACT, Phase.VALIDATE)


def test_an_item_is_asked_for_when_its_work_can_begin() -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for number in range(6):
            asked.append(number)
            yield number

    with Pool(square, 2, Settings()) as pool:
        ends = pool.map(items())
        next(ends)
        assert len(asked) < 6
        assert len(list(ends)) == 5

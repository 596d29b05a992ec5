"""What a worker may not do: network, memory, time without progress, processes that outlive it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts.errors import Category, InvalidDocument, PoisonDocument
from shared.runtime import sandbox
from shared.runtime.enclosed import Enclosed
from shared.runtime.pool import Pool
from shared.runtime.progress import hear, progress
from shared.runtime.sandbox import Network
from shared.settings import MEGABYTE, Settings
from tests.unit.runtime.functions import limits, misbehave, nested, nested_reach, reach, square, typed
from tests.unit.runtime.test_pool import gone


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def address(listener: socket.socket) -> str:
    return f"127.0.0.1:{listener.getsockname()[1]}"


def was_reached(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("how", ["", "child ", "thread ", "datagram "])
def test_no_way_to_the_network(listener: socket.socket, how: str) -> None:
    with Pool(reach, 1, Settings()) as pool:
        (done,) = pool.map([how + address(listener)])
    assert done.value == "PermissionError"
    assert not was_reached(listener)


def test_no_way_to_the_network_by_ipv6() -> None:
    with Pool(reach, 1, Settings()) as pool:
        (done,) = pool.map(["::1:9"])
    assert done.value == "PermissionError"


def test_local_sockets_stay() -> None:
    with Pool(reach, 1, Settings()) as pool:
        (done,) = pool.map(["pair ::1:0"])
    assert done.value == "local"


def test_where_the_network_is_the_work_it_is_there(listener: socket.socket) -> None:
    with Pool(reach, 1, Settings(), Network.ALLOWED) as pool:
        (done,) = pool.map([address(listener)])
    assert done.value == "connected"
    assert was_reached(listener)


def test_an_attempt_may_be_made_deadly(listener: socket.socket) -> None:
    with Pool(reach, 1, Settings(), Network.DEADLY) as pool:
        (done,) = pool.map([address(listener)])
    assert done.error is not None
    assert done.error.category is Category.CRASH
    assert done.error.detail == f"exit code {-signal.SIGSYS}"
    assert not was_reached(listener)


def test_without_a_filter_python_itself_refuses(listener: socket.socket, tmp_path: Path) -> None:
    script = tmp_path / "weak.py"
    script.write_text(
        "import os, socket, sys\n"
        "from shared.runtime import sandbox\n"
        "sandbox.refuse_network = lambda **_: False\n"
        "print(sandbox.enclose(4096, sandbox.Network.REFUSED).value, 'JUESUAN_STORE' in os.environ)\n"
        "for call in (lambda: socket.create_connection(('127.0.0.1', int(sys.argv[1]))),\n"
        "             lambda: socket.getaddrinfo('juesuan.invalid', 80)):\n"
        "    try:\n"
        "        call()\n"
        "    except PermissionError as error:\n"
        "        print('refused', error)\n",
        encoding="utf-8",
    )
    root = Path(sandbox.__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, str(script), str(listener.getsockname()[1])],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root), "JUESUAN_STORE": "http://key:secret@127.0.0.1:1"},
    )
    assert done.stdout.splitlines()[0] == "python False"
    assert done.stdout.count("refused") == 2
    assert not was_reached(listener)


def test_limits_of_the_system_are_in_force() -> None:
    with Pool(limits, 1, Settings(worker_megabytes=4096, document_seconds=50)) as pool:
        (done,) = pool.map([0])
    assert done.value is not None
    assert done.value["RLIMIT_AS"] == 4096 * MEGABYTE
    assert done.value["RLIMIT_CORE"] == 0
    assert done.value["RLIMIT_FSIZE"] == sandbox.MAX_WRITTEN
    assert done.value["RLIMIT_NOFILE"] <= sandbox.MAX_OPEN
    assert 100 <= done.value["RLIMIT_CPU"] < 200


def test_who_gets_on_has_time_and_who_stands_still_has_not() -> None:
    with Pool(misbehave, 2, Settings(stall_seconds=1.5)) as pool:
        done = {end.item: end for end in pool.map(["tick:10", "hang"])}
    assert done["tick:10"].error is None
    assert done["tick:10"].seconds > 1.5
    error = done["hang"].error
    assert error is not None
    assert error.category is Category.TIMEOUT
    assert "JUESUAN_STALL_SECONDS" in error.text.zh
    assert "JUESUAN_STALL_SECONDS" in error.text.en


def test_the_whole_time_of_a_document_ends_however_well_it_gets_on() -> None:
    with Pool(misbehave, 1, Settings(document_seconds=1.5)) as pool:
        (done,) = pool.map(["tick:100"])
    assert done.error is not None
    assert done.error.category is Category.TIMEOUT
    assert "JUESUAN_DOCUMENT_SECONDS" in done.error.text.en


def test_progress_is_told_at_most_four_times_a_second() -> None:
    told: list[float] = []
    hear(lambda: told.append(time.monotonic()))
    try:
        end = time.monotonic() + 0.6
        while time.monotonic() < end:
            progress()
    finally:
        hear(None)
    progress()
    assert 2 <= len(told) <= 4


def test_a_worker_that_has_grown_is_replaced() -> None:
    with Pool(misbehave, 1, Settings(worker_resident_megabytes=400)) as pool:
        pids = [end.value for end in pool.map(["pid", "pid", "hold:500", "pid"])]
    assert pids[0] == pids[1] == pids[2] != pids[3]


def test_children_that_left_the_group_end_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with Pool(misbehave, 1, Settings(stall_seconds=2)) as pool:
        (done,) = pool.map([f"flee:{note}"])
    assert done.error is not None
    assert gone([int(note.read_text(encoding="utf-8"))])


def test_an_enclosed_function_answers_and_fails_as_itself() -> None:
    enclosed = Enclosed(typed)
    assert enclosed("order") == "order"
    with pytest.raises(InvalidDocument) as refused:
        enclosed("refuse")
    assert refused.value.detail == "why"
    with pytest.raises(PoisonDocument) as died:
        enclosed("die")
    assert died.value.category is Category.CRASH
    assert enclosed("order") == "order"


def test_a_worker_reaches_servers_and_what_it_encloses_does_not(listener: socket.socket) -> None:
    with Pool(nested_reach, 1, Settings(), Network.ALLOWED) as pool:
        (done,) = pool.map([address(listener)])
    assert done.value == ("connected", "PermissionError")


def test_what_a_worker_encloses_dies_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    pool = Pool(nested, 1, Settings(), Network.ALLOWED)
    with pool:
        pool.submit(f"spin {note}")
        end = time.monotonic() + 20
        while not (note.exists() and " " in note.read_text(encoding="utf-8")) and time.monotonic() < end:
            time.sleep(0.05)
        pids = [int(pid) for pid in note.read_text(encoding="utf-8").split()]
    assert len(pids) == 2
    assert gone(pids)


def test_a_lost_process_below_costs_its_document_and_not_the_worker() -> None:
    with Pool(nested, 1, Settings(), Network.ALLOWED) as pool:
        done = list(pool.map(["pid", "die", "pid", "below"]))
    assert [end.value for end in done if end.item == "die"] == [Category.CRASH.value]
    assert len({end.value for end in done if end.item == "pid"}) == 2
    assert len({end.value for end in done if end.item == "below"}) == 1


def test_a_square_needs_no_network() -> None:
    with Pool(square, 1, Settings(), Network.DEADLY) as pool:
        assert [done.value for done in pool.map([3])] == [9]


def test_workers_log_as_their_owner_does(tmp_path: Path) -> None:
    script = tmp_path / "speak.py"
    script.write_text(
        "import sys\n"
        "from shared.observability.log import Level, configure\n"
        "from shared.runtime.pool import Pool\n"
        "from shared.settings import Settings\n"
        "from tests.unit.runtime.functions import speak\n"
        "if __name__ == '__main__':\n"
        "    configure(Level(sys.argv[1]) if sys.argv[1:] else None)\n"
        "    with Pool(speak, 1, Settings()) as pool:\n"
        "        list(pool.map(['heard']))\n",
        encoding="utf-8",
    )
    root = Path(sandbox.__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    for level, times in ((["error"], 1), ([], 0)):
        command = [sys.executable, str(script), *level]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert done.stderr.count('"word": "heard"') == times


def test_a_process_that_nobody_watches_ends_with_its_processor_time() -> None:
    root = Path(sandbox.__file__).resolve().parents[2]
    code = "from shared.runtime.sandbox import limit_processor\nlimit_processor(0.2)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -signal.SIGXCPU

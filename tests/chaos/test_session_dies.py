"""What started the servers is killed: nothing stays behind that could be in the way of the next one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local.places import ROOT
from tests.chaos.kit import wait_until

pytestmark = pytest.mark.xdist_group("servers")

_SESSION = """
import json, sys, time
from pathlib import Path
from deploy.local.places import private_places
from deploy.local.stack import Stack

stack = Stack(private_places(Path(sys.argv[1])))
stack.start_servers()
stack.start_services(["extractor"])
print(json.dumps([state.pid for state in stack.states() if state.pid]), flush=True)
time.sleep(600)
"""


def test_nothing_outlives_a_killed_test_session(servers_folder: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", _SESSION, str(servers_folder / "doomed")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    session = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert session.stdout is not None
    started = [psutil.Process(pid) for pid in json.loads(session.stdout.readline())]
    assert len(started) == 4  # Kafka, S3, PostgreSQL, the supervisor of the service
    everyone = {*started, *(child for process in started for child in process.children(recursive=True))}
    session.kill()
    session.wait()
    session.stdout.close()
    wait_until("all gone", lambda: not [process for process in everyone if _lives(process)], 30)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

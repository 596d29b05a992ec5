"""What a port that another program has does to `make up`: it says so, and starts nothing that would end unseen."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import __main__ as command
from deploy.local import process
from deploy.local.places import Places, private_places
from deploy.local.process import Daemon, ServerProblem, ensure_free
from deploy.local.stack import Stack

#: listens at the port that it is told, until it is stopped
_LISTENER = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(600)
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return private_places(tmp_path / "state")


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a program that is none of ours, and that nobody waits for to give it back."""
    monkeypatch.setattr(process, "RELEASE_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _is_up(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def listener(tmp_path: Path, places: Places) -> Iterator[tuple[Daemon, int]]:
    daemon, port = Daemon("listener", tmp_path, lasting=False), places.ports["s3"]
    _start(daemon, port)
    yield daemon, port
    daemon.stop()


def _start(daemon: Daemon, port: int) -> None:
    daemon.start([sys.executable, "-c", _LISTENER, str(port)], ports=[port])
    daemon.wait_until(lambda: _is_up(port), 20, "The listener")


def test_a_port_that_answers_is_named_in_both_languages(stranger: int) -> None:
    with pytest.raises(ServerProblem) as caught:
        ensure_free([stranger])
    chinese, english = str(caught.value).splitlines()
    assert f"端口 {stranger} 已被其他程序占用" in chinese
    assert f"Taken by another program (another checkout, perhaps): port {stranger}." in english
    assert "JUESUAN_PORT_OFFSET" in chinese
    assert "JUESUAN_PORT_OFFSET" in english


@pytest.mark.parametrize("name", ["kafka", "kafka_controller", "s3", "intake", "reconciler"])
def test_up_starts_nothing_beside_another_installation(
    places: Places, stranger: int, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = replace(places, ports={**places.ports, name: stranger})
    monkeypatch.setattr(command, "checkout_places", lambda: taken)
    monkeypatch.setattr(sys, "argv", ["deploy.local", "up"])
    monkeypatch.setattr(Stack, "start_servers", lambda _: pytest.fail("servers were started"))
    assert command.main() == 1
    assert str(stranger) in capsys.readouterr().err
    assert not (taken.state / "env").exists()


@pytest.mark.parametrize("name", ["intake", "extractor"])
def test_a_service_is_not_started_where_another_answers(
    places: Places, stranger: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(replace(places, ports={**places.ports, name: stranger}))
    monkeypatch.setattr(Stack, "environment", lambda _: {})
    with pytest.raises(ServerProblem, match=f"port {stranger}"):
        stack.start_service(name)
    assert stack.service(name).process() is None


def test_what_is_ready_in_place_of_a_process_that_ended_is_not_taken_for_it(tmp_path: Path, stranger: int) -> None:
    daemon = Daemon("short", tmp_path, lasting=False)
    daemon.start([sys.executable, "-c", "print('address already in use')"])
    while daemon.process() is not None:
        time.sleep(0.02)
    with pytest.raises(ServerProblem, match=r"has ended(?s:.)*address already in use"):
        daemon.wait_until(lambda: _is_up(stranger), 20, "The server")


def test_what_runs_already_keeps_its_port(listener: tuple[Daemon, int]) -> None:
    daemon, port = listener
    before = daemon.process()
    _start(daemon, port)
    assert daemon.process() == before


def test_a_start_after_a_kill_finds_its_port_free(listener: tuple[Daemon, int]) -> None:
    daemon, port = listener
    with socket.create_connection(("127.0.0.1", port)):
        daemon.kill()
    _start(daemon, port)
    assert daemon.process() is not None


def test_a_port_that_is_being_given_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "RELEASE_SECONDS", 20.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        closing = threading.Timer(0.5, lambda: server.shutdown(socket.SHUT_RDWR))
        closing.start()
        ensure_free([server.getsockname()[1]])
        closing.join()

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from shared.observability.metrics import Metric, Metrics, make_metrics
from shared.runtime.health import Health, HealthServer


class State:
    """What the service says of itself."""

    def __init__(self) -> None:
        self.alive, self.missing, self.refreshed = True, "", 0
        self.metrics: Metrics = make_metrics()

    def refresh(self) -> None:
        self.refreshed += 1
        self.metrics.beat.set(1.5)


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def server(state: State) -> Iterator[str]:
    health = Health(lambda: state.alive, lambda: state.missing, state.refresh, state.metrics.registry)
    with HealthServer(health, 0) as running:
        yield f"http://127.0.0.1:{running.port}"


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_alive_is_the_loop_turning(server: str, state: State) -> None:
    assert get(f"{server}/livez") == (200, "ok\n")
    state.alive = False
    assert get(f"{server}/livez")[0] == 503


def test_ready_names_what_is_missing(server: str, state: State) -> None:
    assert get(f"{server}/readyz?verbose") == (200, "ok\n")
    state.missing = "kafka, partitions"
    assert get(f"{server}/readyz") == (503, "kafka, partitions\n")


def test_metrics_are_fresh(server: str, state: State) -> None:
    status, text = get(f"{server}/metrics")
    assert status == 200
    assert state.refreshed == 1
    assert f"{Metric.BEAT} 1.5" in text


def test_other_pages_say_what_is_here(server: str) -> None:
    status, text = get(f"{server}/")
    assert status == 404
    assert "/metrics" in text

"""One running chain for all cases, a batch of its own for each."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy import CHAIN_SERVICES
from deploy.local.stack import Stack
from tests.chaos.kit import Batch


@pytest.fixture
def stack(running_chain: Stack) -> Stack:
    """The running chain, whole again whatever the case before did to it."""
    running_chain.start_servers()
    running_chain.start_services(CHAIN_SERVICES)
    return running_chain


@pytest.fixture
def batch(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Batch]:
    """An empty batch named after the case."""
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    found = Batch(stack, name)
    yield found
    found.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A case that failed tells what the services and servers said meanwhile."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and stack is not None:
        for log in sorted(stack.places.state.glob("*/*.log")):
            if time.time() - log.stat().st_mtime < call.duration + 60:
                report.sections.append((log.stem, _last_lines(log)))
    return report


def _last_lines(log: Path) -> str:
    return "\n".join(line[:1500] for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:])

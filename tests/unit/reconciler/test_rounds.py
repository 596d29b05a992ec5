from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.reconciler.compare import reconcile
from services.reconciler.watch import _canary, _round
from shared.adapters.database import make_engine
from shared.adapters.memory_bus import MemoryBus
from shared.adapters.objects import FolderStore
from shared.observability.log import Level, configure
from shared.runtime.connections import ChainSettings, Connections, use


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    configure(Level.INFO)
    chain = ChainSettings(kafka="", store=str(tmp_path / "store"), database="", instance="t")
    FolderStore(tmp_path / "store").ensure_bucket(chain.incoming)
    with use(Connections(chain)):
        yield tmp_path
    configure(None)


def test_a_round_without_the_tables_is_left_out_and_told(place: Path) -> None:
    engine = make_engine(place / "empty.db")
    with capture_logs() as told:
        _round(partial(reconcile, FolderStore(place / "store"), engine, MemoryBus(), "juesuan-incoming"))
        _canary(engine, threading.Event())
    assert [(line["action"], line["log_level"]) for line in told] == [
        ("objects_compared", "warning"),
        ("canary_late", "error"),
    ]
    assert all("deploy.setup schema" in line.get("fault", line.get("reason")) for line in told)
    assert not list(FolderStore(place / "store").list("juesuan-incoming")), "a canary that nobody could see arrive"
    engine.dispose()

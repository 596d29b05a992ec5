"""The reconciler as a service: a comparison and a canary at every round."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version

from sqlalchemy import Engine

from services.reconciler.canary import arrived, release
from services.reconciler.compare import Comparison, reconcile
from shared.adapters.bus import BusFault
from shared.adapters.database import UnusableDatabase, make_engine
from shared.adapters.lifecycle import schema_ready
from shared.contracts.errors import TransientFault
from shared.observability.actions import LogAction
from shared.observability.log import Level, configure, log
from shared.observability.metrics import make_metrics
from shared.runtime.connections import bus, settings, store
from shared.runtime.health import Health, HealthServer

_ROUND_SECONDS = 300.0
_CANARY_SECONDS = 60.0


def main() -> int:
    """Run until SIGTERM or SIGINT. JUESUAN_RECONCILE_SECONDS sets the pause between two rounds."""
    configure(Level.INFO)
    pause = float(os.environ.get("JUESUAN_RECONCILE_SECONDS", _ROUND_SECONDS))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = make_engine(settings().database)
    metrics = make_metrics()
    turned = [time.monotonic()]
    health = Health(
        alive=lambda: time.monotonic() - turned[0] < pause + 2 * _CANARY_SECONDS + 60,
        missing=lambda: "" if _servers_answer(engine) else "a server",
        refresh=lambda: metrics.beat.set(time.monotonic() - turned[0]),
        registry=metrics.registry,
    )
    log(LogAction.SERVICE_STARTED, service="reconciler", version=version("juesuan"), instance=settings().instance)
    with HealthServer(health, settings().port):
        while not stop.is_set():
            turned[0] = time.monotonic()
            _round(partial(reconcile, store(), engine, bus(), settings().incoming))
            _canary(engine, stop)
            stop.wait(pause)
    log(LogAction.SERVICE_STOPPED, service="reconciler", reason="asked to")
    return 0


def _servers_answer(engine: Engine) -> bool:
    return schema_ready(engine) and store().reachable(settings().incoming) and bus().reachable()


def _round(compare: Callable[[], Comparison]) -> None:
    try:
        log(LogAction.OBJECTS_COMPARED, found=str(compare()))
    except (TransientFault, UnusableDatabase, BusFault) as fault:
        log(LogAction.OBJECTS_COMPARED, Level.WARNING, fault=str(fault))


def _canary(engine: Engine, stop: threading.Event) -> None:
    try:
        canary = release(store(), engine, settings().incoming)
        seconds = arrived(engine, canary, _CANARY_SECONDS, stop)
    except (TransientFault, UnusableDatabase) as fault:
        log(LogAction.CANARY_LATE, Level.ERROR, reason=str(fault))
        return
    if seconds is None and not stop.is_set():
        log(LogAction.CANARY_LATE, Level.ERROR, key=canary.key, waited=_CANARY_SECONDS)

"""A service from its declaration: signals, servers, loop, watchdog, health, metrics. Written once for all services."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shared.adapters.bus import Bus, Fenced, Record
from shared.observability.actions import LogAction
from shared.observability.log import Level, configure, log
from shared.observability.metrics import Metrics, make_metrics
from shared.runtime.ahead import Ahead
from shared.runtime.breaker import BreakerOpen
from shared.runtime.connections import ChainSettings, Connections, bus, settings, store, use
from shared.runtime.health import Health, HealthServer
from shared.runtime.inline import InlineExecutor, Together
from shared.runtime.loop import Loop, LoopSpec
from shared.runtime.pooled import PooledExecutor
from shared.runtime.results import Executor, Produced
from shared.runtime.retry import TRANSIENT, RetryPolicy
from shared.runtime.settle import Ended, Settler
from shared.runtime.steady import settle_heap
from shared.runtime.topics import retry_topic
from shared.runtime.watchdog import Watchdog
from shared.settings import Settings

EXIT_OK, EXIT_FENCED, EXIT_BREAKER = 0, 71, 72
_PROBE_SECONDS = 2.0
_FRESH_SECONDS = 0.2
#: how long a thread that computes may let others wait: what is fetched and stored meanwhile needs many short moments
_SWITCH_SECONDS = 0.0005


@dataclass(frozen=True)
class Service:
    """The declaration of a service in the chain.

    `work` is importable and takes a record to the events that follow; it raises the typed errors. `heavy` work runs in
    killable processes, light work many records to a transaction. `needs` are named checks beyond bus and store.
    """

    name: str
    version: str
    topics: tuple[str, ...]
    work: Callable[[Record], Produced]
    heavy: bool = False
    #: its events refer to outputs of other stages, worth fetching before it is their turn
    fetches: bool = False
    needs: tuple[tuple[str, Callable[[], bool]], ...] = ()
    #: where failed records wait for their next try; None is a topic of the service's own
    retry_to: str | None = None
    transient: RetryPolicy = TRANSIENT
    #: light work on many records at once, the results in the same order; tried one by one when it fails
    together: Together | None = None
    #: whether a failure here is a failure of the document, of which an event tells
    tells: bool = True
    #: called when partitions are taken away or a transaction failed: forget what was not committed
    undo: Callable[[], None] | None = None


class Readiness:
    """Whether every server answers. Probes get an answer that may be two seconds old.

    The loop asks when something failed just now, and gets a fresh one: a server that went away a moment ago must not
    cost a document a try.
    """

    def __init__(self, checks: tuple[tuple[str, Callable[[], bool]], ...], connections: Connections) -> None:
        self._checks, self._connections = checks, connections
        self._asked = -_PROBE_SECONDS
        self._missing = ""
        self._lock = threading.Lock()

    def missing(self) -> str:
        """Names of the servers that do not answer, "" when all do."""
        return self._answer(_PROBE_SECONDS)

    def ready(self) -> bool:
        """Whether nothing is missing now."""
        return not self._answer(_FRESH_SECONDS)

    def _answer(self, seconds: float) -> str:
        with self._lock:
            if time.monotonic() - self._asked > seconds:
                with use(self._connections):  # probes come from threads of their own
                    self._missing = ", ".join(name for name, check in self._checks if not check())
                self._asked = time.monotonic()
            return self._missing


def run_service(service: Service) -> int:
    """Run until SIGTERM or SIGINT; the exit code says why it ended when nobody asked it to."""
    configure(Level.INFO)
    chain = settings()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settle_heap()
    sys.setswitchinterval(_SWITCH_SECONDS)
    log(LogAction.SERVICE_STARTED, service=service.name, version=service.version, instance=chain.instance)
    try:
        serve(service, chain, bus(), stop)
    except Fenced as error:
        log(LogAction.SERVICE_STOPPED, Level.ERROR, service=service.name, reason=f"fenced: {error}")
        return EXIT_FENCED
    except BreakerOpen as error:
        log(LogAction.BREAKER_OPENED, Level.ERROR, service=service.name, reason=str(error))
        return EXIT_BREAKER
    log(LogAction.SERVICE_STOPPED, service=service.name, reason="asked to")
    return EXIT_OK


def serve(service: Service, chain: ChainSettings, bus_: Bus, stop: threading.Event) -> None:
    """The service on a given bus until `stop`; raises `Fenced` and `BreakerOpen`."""
    connections = Connections(chain, bus_)
    with use(connections):
        _serve(service, connections, bus_, stop)


def _serve(service: Service, connections: Connections, bus_: Bus, stop: threading.Event) -> None:
    chain = connections.settings
    metrics = make_metrics()
    answers = ("kafka", bus_.reachable), ("object store", lambda: store().reachable(chain.incoming))
    readiness = Readiness((*answers, *service.needs), connections)
    settler = Settler(
        service.name,
        service.version,
        partial(_observe, metrics, service.name),
        transient=service.transient,
        retry_to=service.retry_to,
        tells=service.tells,
    )
    spec = LoopSpec(
        service=service.name,
        identity=f"juesuan.{service.name}.{chain.instance}",
        topics=service.topics if service.retry_to else (*service.topics, retry_topic(service.name)),
        heavy=service.heavy,
        careful=chain.batch,
    )
    loop = Loop(spec, bus_, _executor(service, connections), settler, readiness.ready, service.undo)
    with Watchdog(lambda: loop.beat, chain.stuck_seconds) as watchdog:
        health = Health(
            alive=lambda: watchdog.age() < chain.stuck_seconds,
            missing=lambda: readiness.missing() or ("" if loop.assigned() else "partitions"),
            refresh=partial(_refresh, metrics, loop, watchdog, readiness),
            registry=metrics.registry,
        )
        with HealthServer(health, chain.port):
            loop.run(stop)


def _executor(service: Service, connections: Connections) -> Executor:
    chain = connections.settings
    if service.heavy:
        return PooledExecutor(service.work, chain, Settings.from_environment())
    connections.ahead = Ahead() if service.fetches else None
    return InlineExecutor(service.work, chain.batch, service.together, ahead=connections.ahead)


def _observe(metrics: Metrics, service: str, ended: Ended) -> None:
    metrics.records.labels(service, ended.outcome, ended.reason).inc()
    metrics.seconds.labels(service).observe(ended.seconds)
    metrics.size.labels(service).inc(ended.size)


def _refresh(metrics: Metrics, loop: Loop, watchdog: Watchdog, readiness: Readiness) -> None:
    metrics.assigned.set(loop.assigned())
    metrics.working.set(loop.working())
    metrics.beat.set(watchdog.age())
    metrics.ready.set(0 if readiness.missing() else 1)
    metrics.lag.clear()  # partitions that were taken away have no lag here
    for partition, records in loop.lag().items():
        metrics.lag.labels(partition.topic, partition.number).set(records)

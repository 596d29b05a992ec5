"""The whole chain with all its services: in threads of this process, or as processes on the real servers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.stack import Stack
from services.extractor.chain import SERVICE as EXTRACTOR
from services.indexer.chain import SERVICE as INDEXER
from services.indexer.database import open_database
from services.intake.chain import SERVICE as INTAKE
from services.lifecycle.chain import SERVICE as LIFECYCLE
from services.normalizer.chain import SERVICE as NORMALIZER
from services.reconciler.compare import announcement
from services.validator.chain import SERVICE as VALIDATOR
from shared.adapters.bus import Bus, Record
from shared.adapters.database import make_engine
from shared.adapters.kafka_bus import KafkaBus
from shared.adapters.lifecycle import Standing, standings
from shared.adapters.memory_bus import MemoryBus
from shared.adapters.objects import FolderStore, ObjectStore, open_store
from shared.runtime.connections import ChainSettings
from shared.runtime.service import serve
from shared.runtime.topics import TOPIC_OF, Topic, dead_letter_topic

SERVICES = (INTAKE, EXTRACTOR, NORMALIZER, VALIDATOR, INDEXER, LIFECYCLE)


@dataclass(frozen=True)
class Passed:
    """A batch that went through the chain: how its documents ended, by file."""

    batch: str
    ended: dict[str, Standing]


@dataclass(frozen=True)
class Surroundings:
    """A running chain. `tells`: whether the store announces uploads by itself."""

    bus: Bus
    store: ObjectStore
    database: str
    incoming: str
    tells: bool

    def upload(self, batch: str, files: dict[str, bytes]) -> None:
        """Put the files into the bucket; the chain hears of each once."""
        for name, content in files.items():
            self.store.put(self.incoming, f"{batch}/{name}", content)
        if not self.tells:
            self.announce(batch)

    def announce(self, batch: str, *, times: int = 1) -> None:
        """Tell of every object of a batch as an S3 server would."""
        messages = [announcement(self.incoming, info) for info in self.store.list(self.incoming, f"{batch}/")]
        for _ in range(times):
            self.bus.send(messages)
            messages.reverse()

    def ended(self, batch: str, count: int, seconds: float = 240) -> dict[str, Standing]:
        """The standing of every document of a batch, by file, once none is pending any more."""
        engine = make_engine(self.database)
        deadline = time.monotonic() + seconds
        try:
            while True:
                found = {standing.name: standing for standing in standings(engine, batch=batch)}
                pending = [name for name, standing in found.items() if standing.outcome == "pending"]
                if len(found) >= count and not pending:
                    return found
                if time.monotonic() > deadline:
                    raise AssertionError(f"{len(found)} of {count} known, still pending: {pending}")
                time.sleep(0.2)
        finally:
            engine.dispose()

    def events(self, topic: str, batch: str) -> list[Record]:
        """The events of a batch that a reader of committed records finds in a topic."""
        return [record for record in self.bus.read_all(topic) if _subject(record).startswith(f"{batch}/")]

    def all_events(self, batch: str) -> list[Record]:
        """The events of a batch in all topics."""
        return [record for topic in TOPIC_OF.values() for record in self.events(topic, batch)]

    def letters(self, service: str, batch: str) -> list[Record]:
        """The dead letters of a batch."""
        return self.events(dead_letter_topic(service), batch)


def _subject(record: Record) -> str:
    """Tenant, batch and file that a record is about."""
    return str(json.loads(record.value or b"{}").get("source", {}).get("key", ""))


@contextmanager
def in_process(folder: Path) -> Iterator[Surroundings]:
    """All services in threads of this process: in-process bus, a folder, an SQLite file."""
    bus = MemoryBus(partitions=4, single=(Topic.NOTIFICATIONS, Topic.SEEN))
    database = f"sqlite:///{folder / 'chain.db'}"
    chain = ChainSettings(kafka="", store=str(folder / "store"), database=database, instance="test", jobs=2)
    store = FolderStore(folder / "store")
    for bucket in (chain.incoming, chain.outputs):
        store.ensure_bucket(bucket)
    open_database(database).dispose()
    stop, trouble = threading.Event(), list[BaseException]()

    def run(number: int) -> None:
        try:
            serve(SERVICES[number], chain, bus, stop)
        except BaseException as error:
            trouble.append(error)
            raise

    threads = [threading.Thread(target=run, args=(number,), name=SERVICES[number].name) for number in range(6)]
    for thread in threads:
        thread.start()
    try:
        yield Surroundings(bus, store, database, chain.incoming, tells=False)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not trouble
    assert not any(thread.is_alive() for thread in threads)


@contextmanager
def on_servers(stack: Stack) -> Iterator[Surroundings]:
    """All services as processes on a real Kafka, S3 server and PostgreSQL; `stack` runs."""
    environment = stack.environment()
    bus = KafkaBus(environment["JUESUAN_KAFKA"])
    yield Surroundings(
        bus,
        open_store(environment["JUESUAN_STORE"]),
        environment["JUESUAN_DATABASE"],
        environment["JUESUAN_BUCKET_INCOMING"],
        tells=True,
    )
    bus.close()

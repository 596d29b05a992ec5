"""A batch in the running chain, what may be done to the processes around it, and the proof that nothing came of it."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain

import psutil
from sqlalchemy import func, select

from deploy import CHAIN_SERVICES
from deploy.local.stack import INCOMING, Stack
from services.indexer.schema import facts, reports
from services.reconciler.compare import announcement, reconcile
from shared.adapters.bus import Record
from shared.adapters.database import make_engine, reading
from shared.adapters.kafka_bus import KafkaBus
from shared.adapters.lifecycle import Standing, standings
from shared.adapters.objects import open_store
from shared.contracts.errors import Category
from shared.contracts.events import EventType
from shared.runtime.topics import TOPIC_OF, dead_letter_topic
from tests.corpus.generate import plan
from tests.corpus.truth import true_rows

TENANT = "chaos"
#: how long a server stays away; a shorter time is for trying things out
OUTAGE_SECONDS = float(os.environ.get("JUESUAN_CHAOS_SECONDS", "30"))
_PATIENCE = 180.0
_FORMATS = ("txt-tabs", "txt-cells", "html-clean", "xlsx", "xls", "pdf-word")
_STEPS = (
    EventType.OBJECT_CREATED,
    EventType.DOCUMENT_EXTRACTED,
    EventType.REPORT_NORMALIZED,
    EventType.REPORT_VALIDATED,
    EventType.REPORT_INDEXED,
)


@dataclass(frozen=True)
class Upload:
    """A file, and what must become of it: so many facts in the ten tables, or a refusal of this category."""

    content: bytes = field(repr=False)
    facts: int = 0
    category: Category | None = None


def uploads(seed: int, count: int) -> dict[str, Upload]:
    """`count` sound reports of several formats, an empty file and a budget among them."""
    found: dict[str, Upload] = {}
    for job in plan(count, seed, _FORMATS):
        printed = job.compose()
        content = job.form.write(printed)
        if not found:
            found["空文件.pdf"] = Upload(b"", category=Category.EMPTY_FILE)
            budget = "收入支出预算总表\n2024年部门预算\n单位：万元\n本年收入合计\t1.00\n".encode()
            found["预算公开.txt"] = Upload(budget, category=Category.WRONG_KIND)
        found[job.file_name] = Upload(content, len(true_rows(printed)))
    return found


def wait_until(
    what: str | Callable[[], str], ready: Callable[[], object], seconds: float = _PATIENCE, pause: float = 0.1
) -> None:
    """Ask until `ready()` is true; an assertion error names `what` was waited for."""
    deadline = time.monotonic() + seconds
    while not ready():
        late = time.monotonic() >= deadline
        assert not late, f"not within {seconds:.0f} s: {what if isinstance(what, str) else what()}"
        time.sleep(pause)


class Batch:
    """A batch of its own in a running chain."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.stack, self.name = stack, name
        settings = stack.environment()
        self.bus = KafkaBus(settings["JUESUAN_KAFKA"])
        self.store = open_store(settings["JUESUAN_STORE"])
        self.engine = make_engine(settings["JUESUAN_DATABASE"])
        self.files: dict[str, Upload] = {}
        self._hands = ThreadPoolExecutor(4)

    def close(self) -> None:
        """Give everything back."""
        self._hands.shutdown()
        self.bus.close()
        self.engine.dispose()

    def key(self, file: str) -> str:
        """The object key of a file."""
        return f"{TENANT}/{self.name}/{file}"

    def upload(self, files: Mapping[str, Upload]) -> None:
        """Put files into the bucket."""
        for done in self.begin_upload(files):
            done.result()

    def begin_upload(self, files: Mapping[str, Upload]) -> list[Future[None]]:
        """The same in the background."""
        self.files.update(files)
        return [self._hands.submit(self.store.put, INCOMING, self.key(n), f.content) for n, f in files.items()]

    def announce_again(self, *, backwards: bool = False) -> None:
        """Tell once more of everything in the bucket under this batch."""
        told = [announcement(INCOMING, info) for info in self.store.list(INCOMING, self.key(""))]
        self.bus.send(told[::-1] if backwards else told)

    def reconcile(self) -> list[str]:
        """One round of the reconciler; the files of this batch that nobody had heard of."""
        found = reconcile(self.store, self.engine, self.bus, INCOMING).announced
        return sorted(key.removeprefix(self.key("")) for key in found if key.startswith(self.key("")))

    def standings(self) -> dict[str, Standing]:
        """How every known document of the batch stands, by file."""
        return {item.name: item for item in standings(self.engine, tenant=TENANT, batch=self.name)}

    def ended(self) -> int:
        """How many documents are through, in whatever way."""
        return sum(item.outcome != "pending" for item in self.standings().values())

    def wait_until_begun(self, count: int = 1) -> None:
        """Wait until the chain has dealt with so many; then most of the others are on their way."""
        wait_until(f"{count} of the batch done", lambda: self.ended() >= count, pause=0.02)

    def assert_complete(self, *, once: bool = True) -> None:
        """Every document is accounted for, no row is double, no event is told twice.

        `once`: besides, every document took every step exactly once (not so where the same document was replayed).
        """
        wait_until(lambda: f"the end of {self._open()}", lambda: self.ended() >= len(self.files))
        self._assert_standings()
        self._assert_rows()
        events: dict[str, list[Record]] = {topic: self.records(topic) for topic in TOPIC_OF.values()}
        assert_unique(chain.from_iterable(events.values()))
        if once:
            self._assert_steps(events)

    def _open(self) -> list[str]:
        found = self.standings()
        unheard = [f"{name}: never heard of" for name in self.files if name not in found]
        return sorted([*unheard, *(f"{n}: {item.stage}" for n, item in found.items() if item.outcome == "pending")])

    def _assert_standings(self) -> None:
        found = self.standings()
        assert sorted(found) == sorted(self.files)
        for name, upload in self.files.items():
            standing = found[name]
            if upload.category is None:
                assert standing.outcome in {"indexed", "partial"}, standing
            else:
                assert standing.outcome in {"refused", "failed"}, standing
                assert standing.category == upload.category.value, standing

    def _assert_rows(self) -> None:
        counted = select(reports.c.document_id, func.count()).join(facts, facts.c.report_id == reports.c.id)
        grouped = counted.where(facts.c.table_id.like("T%")).group_by(reports.c.document_id)
        with reading(self.engine) as connection:
            rows: dict[str, int] = {row[0]: row[1] for row in connection.execute(grouped)}
        found = {name: rows.get(item.content_id or "", 0) for name, item in self.standings().items()}
        assert found == {name: upload.facts for name, upload in self.files.items()}

    def _assert_steps(self, events: Mapping[str, list[Record]]) -> None:
        good = sum(upload.category is None for upload in self.files.values())
        bad = len(self.files) - good
        wanted = {TOPIC_OF[step]: good for step in _STEPS} | {TOPIC_OF[EventType.DOCUMENT_FAILED]: bad}
        # what cannot be read as an account fails in the normalizer: it was extracted, no more
        wanted[TOPIC_OF[EventType.OBJECT_CREATED]] += bad
        wanted[TOPIC_OF[EventType.DOCUMENT_EXTRACTED]] += sum(
            item.category == Category.WRONG_KIND.value for item in self.standings().values()
        )
        told = {topic: len(events[topic]) for topic in wanted}
        assert told == wanted
        assert len(self.letters()) == bad

    def records(self, topic: str) -> list[Record]:
        """The events of this batch that a reader of committed records finds in a topic."""
        return [record for record in self.bus.read_all(topic) if f"/{self.key('')}" in _subject(record)]

    def letters(self) -> list[Record]:
        """The dead letters of this batch."""
        return [record for name in CHAIN_SERVICES for record in self.records(dead_letter_topic(name))]


def _subject(record: Record) -> str:
    return record.header("ce_subject") or ""


def assert_unique(records: Iterable[Record]) -> None:
    """No event id comes twice."""
    places: dict[str | None, list[str]] = defaultdict(list)
    for record in records:
        places[record.header("ce_id")].append(f"{record.partition}@{record.offset} {record.timestamp_ms}")
    twice = {event: found for event, found in places.items() if len(found) > 1}
    assert not twice, f"told more than once: {twice}"


def process(stack: Stack, service: str, instance: str = "1") -> psutil.Process | None:
    """The process of a service itself, below its supervisor; None while it is being started again."""
    supervisor = stack.service(service, instance).process()
    assert supervisor is not None, f"{service} has no supervisor"
    return next((child for child in supervisor.children() if child.status() != psutil.STATUS_ZOMBIE), None)


def kill(stack: Stack, service: str, instance: str = "1") -> None:
    """Kill -9 a service and let its supervisor start it again."""
    found = process(stack, service, instance)
    assert found is not None, f"{service} does not run"
    found.kill()


def renew(stack: Stack, service: str, **settings: str) -> None:
    """Stop a service in good order and start it with other settings, and with a patient supervisor."""
    stack.service(service).stop(45)
    stack.start_service(service, **settings)
    stack.wait_for(service)

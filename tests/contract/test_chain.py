"""What the whole chain promises: the same tests in one process and on the real servers."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from services.indexer.database import open_database
from services.indexer.queries import reports
from services.reconciler.canary import Canary, arrived, release
from services.reconciler.compare import reconcile
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import CANARY_TENANT, standings, steps
from shared.contracts.events import EventType
from shared.runtime.connections import ChainSettings
from shared.runtime.topics import TOPIC_OF, Topic
from tests.contract.chain_bag import Local, bag, content_id, facts_of, run_locally
from tests.contract.chain_kit import Passed, Surroundings

pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return bag(700)


@pytest.fixture(scope="module")
def local(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Local:
    return run_locally(files, tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def passed(chain: Surroundings, files: dict[str, bytes]) -> Passed:
    batch = f"省厅/{uuid.uuid4().hex}"
    chain.upload(batch, files)
    return Passed(batch, chain.ended(batch, len(files)))


def test_every_file_ends_as_on_one_machine(passed: Passed, local: Local) -> None:
    assert {name: standing.outcome for name, standing in passed.ended.items()} == local.outcomes
    assert set(local.outcomes.values()) == {"indexed", "partial", "refused", "failed"}


def test_facts_are_identical_row_for_row(
    passed: Passed, local: Local, chain: Surroundings, files: dict[str, bytes]
) -> None:
    del passed
    found = facts_of(chain.database, map(content_id, files.values()))
    assert found == local.facts
    assert sum(map(Counter.total, found.values())) > 1000


def test_what_failed_says_why(passed: Passed) -> None:
    for standing in passed.ended.values():
        good = standing.outcome in {"indexed", "partial"}
        assert good is (standing.category is None), standing.name
        assert good or (standing.message_zh and standing.message_en)
        assert standing.attempts == 1


def test_every_event_is_there_once(passed: Passed, chain: Surroundings, files: dict[str, bytes]) -> None:
    events = chain.all_events(passed.batch)
    ids = Counter(event.header("ce_id") for event in events)
    assert [twice for twice, count in ids.items() if count > 1] == []
    kinds = Counter(event.header("ce_type") for event in events)
    good = sum(1 for standing in passed.ended.values() if standing.outcome in {"indexed", "partial"})
    assert kinds == {
        EventType.OBJECT_CREATED: len(files),
        EventType.DOCUMENT_EXTRACTED: kinds[EventType.DOCUMENT_EXTRACTED],
        EventType.REPORT_NORMALIZED: good,
        EventType.REPORT_VALIDATED: good,
        EventType.REPORT_INDEXED: good,
        EventType.DOCUMENT_FAILED: len(files) - good,
    }


def test_the_trace_of_a_document_runs_through_all_its_events(passed: Passed, chain: Surroundings) -> None:
    traces: dict[bytes, set[str]] = {}
    spans: list[str] = []
    for event in chain.all_events(passed.batch):
        _, trace, span, _ = (event.header("ce_traceparent") or "").split("-")
        traces.setdefault(event.key or b"", set()).add(trace)
        spans.append(span)
    assert len(traces) == len(passed.ended)
    assert all(len(found) == 1 for found in traces.values())
    assert len(set(spans)) == len(spans)


def test_what_was_given_up_lies_unchanged_among_the_dead_letters(passed: Passed, chain: Surroundings) -> None:
    first = {event.key: event for event in chain.events(Topic.OBJECT_CREATED, passed.batch)}
    letters = chain.letters("extractor", passed.batch)
    assert letters
    for letter in letters:
        original = first[letter.key]
        assert letter.value == original.value
        assert set(original.headers) <= set(letter.headers)
        place = (original.partition.topic, str(original.partition.number), str(original.offset))
        assert place == tuple(letter.header(f"juesuan-origin-{part}") for part in ("topic", "partition", "offset"))
        standing = passed.ended[json.loads(letter.value or b"")["source"]["key"].rpartition("/")[2]]
        assert letter.header("juesuan-category") == standing.category
        assert letter.header("juesuan-error-zh") == standing.message_zh
        assert letter.header("juesuan-attempts") == "1"


def test_telling_again_changes_nothing(passed: Passed, chain: Surroundings, files: dict[str, bytes]) -> None:
    before = chain.all_events(passed.batch)
    chain.announce(passed.batch, times=2)
    # Uploads of the same content again, and one file more to know when the repeats are through.
    batch, name = passed.batch, "又一份.txt"
    again = dict(list(files.items())[:3])
    chain.upload(batch, again | {name: files["坏字节.txt"] + b"\n"})
    after = chain.ended(batch, len(files) + 1)
    assert {key: standing for key, standing in after.items() if key != name} == passed.ended
    events = [
        event for event in chain.all_events(batch) if not json.loads(event.value or b"")["source"]["key"].endswith(name)
    ]
    assert Counter(event.header("ce_id") for event in events) == Counter(event.header("ce_id") for event in before)


def test_the_topics_carry_only_their_own_events(passed: Passed, chain: Surroundings) -> None:
    for kind, topic in TOPIC_OF.items():
        assert {event.header("ce_type") for event in chain.events(topic, passed.batch)} <= {kind.value}


def test_an_upload_that_nobody_told_of_is_found(passed: Passed, chain: Surroundings, files: dict[str, bytes]) -> None:
    batch = f"省厅/{uuid.uuid4().hex}"
    name, content = next(iter(files.items()))
    chain.store.put(chain.incoming, f"{batch}/{name}", content)
    if chain.tells:
        chain.ended(batch, 1)
    engine = make_engine(chain.database)
    found = reconcile(chain.store, engine, chain.bus, chain.incoming)
    assert (f"{batch}/{name}" in found.announced) is not chain.tells
    assert not [key for key in found.announced if key.startswith(passed.batch)]
    assert chain.ended(batch, 1)[name].outcome == "indexed"
    assert f"{batch}/{name}" not in reconcile(chain.store, engine, chain.bus, chain.incoming).announced
    engine.dispose()


def _left_behind(chain: Surroundings, engine: Engine) -> Counter[str]:
    known = [item.document_id for item in standings(engine, tenant=CANARY_TENANT)]
    return Counter(
        objects=len(list(chain.store.list(chain.incoming, f"{CANARY_TENANT}/"))),
        outputs=len(list(chain.store.list(ChainSettings.outputs))),
        remembered=len({record.key for record in chain.bus.read_all(Topic.SEEN)}),
        rows=len(known),
        steps=len(list(steps(engine, known))),
    )


def test_canaries_come_through_leave_no_more_behind_and_are_no_reports(chain: Surroundings) -> None:
    engine = make_engine(chain.database)
    noon = datetime(2025, 1, 1, 12, tzinfo=UTC)
    flights, left = list[Canary](), list[Counter[str]]()
    for _ in range(5):
        flights.append(release(chain.store, engine, chain.incoming, noon))
        if not chain.tells:
            assert arrived(engine, flights[-1], 0.5) is None
            chain.announce(CANARY_TENANT)
        assert arrived(engine, flights[-1], 120) is not None
        left.append(_left_behind(chain, engine))
    assert [flight.generation for flight in flights] == [0, 0, 0, 1, 1]
    assert left[2] == left[3] == left[4], "one object, three contents that come back"
    engine.dispose()
    with_indexer = open_database(chain.database)
    assert [report for report in reports(with_indexer) if "巡检" in (report.entity or "")] == []
    with_indexer.dispose()

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cli.chain import CHAIN
from cli.remote.following import follow
from cli.remote.results import records
from cli.run import exit_status
from services.indexer.database import open_database
from services.indexer.index import Indexer
from shared.adapters.lifecycle import Standing, record_events, standings
from shared.contracts.document import SourceFile
from shared.contracts.errors import Category, Phase
from shared.contracts.events import DocumentFailed, Event, SourceObject, document_id
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.rows import FACT_COLUMNS, fact_row
from shared.runtime.local import Processed, process
from tests.contract.lives import SORRY, START, history
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.plant import plant
from tests.corpus.writers import BY_ID as FORMATS
from tests.unit.cli.calling import Call, caller

SOUND, WRONG, BUDGET, WAITING = "甲.txt", "乙/错.txt", "预算.pdf", "路上.xlsx"


def uploaded(name: str, batch: str = "default/2024") -> SourceObject:
    return SourceObject(bucket="incoming", key=f"{batch}/{name}", etag=f"etag of {name}", size=9)


def refused(origin: SourceObject, category: Category = Category.WRONG_KIND) -> list[Event]:
    failed = DocumentFailed(
        document_id=document_id(origin), source=origin, stage_version="0.1.0", at=START + timedelta(minutes=1),
        service="normalizer", phase=Phase.NORMALIZE, category=category, message=SORRY, attempts=1,
    )  # fmt: skip
    return [*history(origin, ends="pending")[:2], failed]


@pytest.fixture(scope="module")
def reports() -> dict[str, Processed]:
    """A sound report and one with a planted error, processed in this very process."""
    sound, wrong = report(LAYOUTS["sichuan"], 8), plant(report(LAYOUTS["shanxi"], 2), "dropped digit")
    write = FORMATS["txt-tabs"].write
    return {
        name: process(CHAIN, SourceFile(name=name, content=write(made)))
        for name, made in ((SOUND, sound), (WRONG, wrong))
    }


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, reports: dict[str, Processed]) -> str:
    """What the services leave of a batch of four, one of which is still on its way, and of another batch."""
    path = str(tmp_path_factory.mktemp("chain") / "chain.db")
    with Indexer(path) as indexer:
        for name, processed in reports.items():
            assert processed.report is not None
            assert processed.assessment is not None
            indexer.index(processed.report, processed.assessment, processed.outcome)
            told = history(uploaded(name), content=processed.report.document_id)
            record_events(indexer.engine, told)
        record_events(indexer.engine, refused(uploaded(BUDGET)))
        record_events(indexer.engine, history(uploaded(WAITING), ends="pending")[:2])
        record_events(indexer.engine, refused(uploaded("丙.txt", "市/2023"), Category.DAMAGED))
        record_events(indexer.engine, history(uploaded("x.txt", "_canary/path")))
    return path


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory, database: str) -> Call:
    settings = {"JUESUAN_KAFKA": "127.0.0.1:9", "JUESUAN_STORE": "unused", "JUESUAN_DATABASE": database}
    return caller(tmp_path_factory.mktemp("home"), settings)


def test_status_in_json_counts_and_tells_of_every_document(call: Call) -> None:
    said = json.loads(call("status", "--batch", "2024", "--json").stdout)
    counts = {name: said[name] for name in ("total", "indexed", "partial", "refused", "failed", "pending")}
    assert counts == {"total": 4, "indexed": 2, "partial": 0, "refused": 1, "failed": 0, "pending": 1}
    by_name = {item["name"]: item for item in said["documents"]}
    assert set(by_name) == {SOUND, WRONG, BUDGET, WAITING}
    assert (by_name[BUDGET]["stage"], by_name[BUDGET]["outcome"]) == ("normalizer", "refused")
    assert (by_name[BUDGET]["reason"], by_name[BUDGET]["category"]) == (SORRY.en, "wrong_kind")
    assert (by_name[WAITING]["stage"], by_name[WAITING]["reason"]) == ("extracted", None)
    steps = [(step["stage"], step["version"]) for step in by_name[SOUND]["steps"]]
    assert [stage for stage, _ in steps] == ["received", "extracted", "normalized", "validated", "indexed"]
    assert {version for _, version in steps} == {"0.1.0"}


def test_status_without_a_batch_lists_the_batches_of_people(call: Call) -> None:
    done = call("status", language="zh")
    assert done.returncode == 0, done.stderr
    assert "default/2024" in done.stdout
    assert "市/2023" in done.stdout
    assert "_canary" not in done.stdout
    assert "5 份" in done.stdout


def test_watching_a_batch_that_has_ended_says_so_once(call: Call) -> None:
    done = call("status", "--batch", "2023", "--watch")
    assert done.stdout == "1 documents: 0 indexed, 0 partial, 0 refused, 1 failed, 0 on their way\n"


def test_status_of_a_batch_shows_the_troubled_first(call: Call) -> None:
    lines = call("status", "--batch", "default/2024").stdout.splitlines()
    order = [next(n for n, line in enumerate(lines) if line.startswith(name)) for name in (BUDGET, WAITING, SOUND)]
    assert order == sorted(order)
    assert SORRY.en in "\n".join(lines)


def test_facts_of_a_batch_are_those_of_run_row_for_row(call: Call, reports: dict[str, Processed]) -> None:
    done = call("facts", "--batch", "2024", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(rows[0]) == FACT_COLUMNS
    in_order = [reports[name].report for name in sorted(reports)]
    assert rows == [fact_row(fact) for made in in_order if made for fact in made.facts]


def test_findings_and_reports_of_a_batch(call: Call) -> None:
    found = json.loads(call("findings", "--batch", "2024", "--severity", "error", "--format", "json").stdout)
    assert found
    assert {item["document_name"] for item in found} == {WRONG}
    assert json.loads(call("findings", "--batch", "2023", "--format", "json").stdout) == []
    listed = json.loads(call("reports", "--batch", "2024", "--format", "json").stdout)
    assert {item["document_name"] for item in listed} == {SOUND, WRONG}


def test_what_the_chain_refused_is_among_the_failed_files(call: Call, database: str) -> None:
    of_batch = json.loads(call("reports", "--failed", "--batch", "2024", "--format", "json").stdout)
    assert [(item["name"], item["outcome"], item["phase"]) for item in of_batch] == [
        (f"default/2024/{BUDGET}", "refused", "normalize")
    ]
    every = json.loads(call("reports", "--failed", "--db", database, "--format", "json").stdout)
    assert {(item["name"], item["outcome"]) for item in every} == {
        (f"default/2024/{BUDGET}", "refused"),
        ("市/2023/丙.txt", "failed"),
    }


def test_replay_counts_what_it_would_send(call: Call) -> None:
    done = call("replay", "--stage", "normalizer", "--where", "outcome=refused", "--dry-run")
    assert "1 documents would be sent again" in done.stdout
    never = call("replay", "--stage", "indexer", "--where", "outcome=refused", "--dry-run")
    assert "0 documents would be sent again" in never.stdout
    assert "1 more match" in never.stdout
    assert call("replay", "--stage", "indexer").returncode == 2


def test_a_kafka_that_is_away_is_one_sentence(call: Call) -> None:
    done = call("dlq", "list", "--service", "extractor")
    assert done.returncode == 2
    assert "127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_settings_the_sentence_says_what_to_do(call: Call, tmp_path: Path) -> None:
    nothing = {"JUESUAN_KAFKA": "", "JUESUAN_STATE": str(tmp_path)}
    done = call("status", language="zh", **nothing)
    assert done.returncode == 2
    assert "make up" in done.stderr
    assert "Traceback" not in done.stderr


def test_records_of_the_chain_end_as_those_of_run(engine: Engine, reports: dict[str, Processed]) -> None:
    found = records(engine, list(standings(engine, batch="2024")))
    by_name = {str(record.path): record for record in found}
    assert by_name[BUDGET].outcome is DocumentOutcome.REFUSED
    assert by_name[WRONG].causes
    assert exit_status(found) == 2
    indexed = [by_name[SOUND], by_name[WRONG]]
    assert exit_status(indexed) == 1
    assert exit_status(indexed[:1]) == 0
    made = reports[WRONG].report
    assert made is not None
    assert (by_name[WRONG].facts, by_name[WRONG].entity) == (len(made.facts), made.identity.entity)


def test_following_ends_with_the_last_document(engine: Engine) -> None:
    ids = {document_id(uploaded(name)) for name in (SOUND, WRONG, BUDGET)}
    seen: list[int] = []
    look: Callable[[list[Standing]], None] = lambda rows: seen.append(len(rows))  # noqa: E731
    assert set(follow(engine, "default/2024", ids, None, look, seen.append)) == ids
    assert seen == [3]
    late = follow(engine, "default/2024", {*ids, document_id(uploaded(WAITING))}, 0.0, look, seen.append)
    assert sorted(row.outcome for row in late.values()) == ["indexed", "indexed", "pending", "refused"]

"""The commands of the chain as a person uses them, on real servers with all services running."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.plant import plant
from tests.corpus.writers import BY_ID as FORMATS
from tests.unit.cli.calling import ROOT, Call, Done, caller

pytestmark = pytest.mark.xdist_group("servers")

BATCH = "cli/县 2024"
SECONDS = 240


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound reports of three formats, one with a planted error, and a file that is no PDF."""
    place: Path = tmp_path_factory.mktemp("batch")
    (place / "乡镇").mkdir()
    for seed, (layout, form) in enumerate((("sichuan", "xlsx"), ("shanxi", "pdf-open"), ("gansu", "docx")), 4100):
        written = FORMATS[form].write(report(LAYOUTS[layout], seed))
        (place / f"{layout} “一”+100%.{FORMATS[form].extension}").write_bytes(written)
    wrong = plant(report(LAYOUTS["hunan"], 4104), "dropped digit")
    (place / "乡镇" / "错.txt").write_bytes(FORMATS["txt-tabs"].write(wrong))
    (place / "乡镇" / "坏.pdf").write_bytes(b"%PDF-1.7\nnothing more, of the command")
    return place


@pytest.fixture(scope="module")
def call(running_chain: Stack, tmp_path_factory: pytest.TempPathFactory) -> Call:
    return caller(tmp_path_factory.mktemp("home"), running_chain.environment())


@pytest.fixture(scope="module")
def uploaded(call: Call, folder: Path) -> Done:
    done = call("upload", folder, "--batch", BATCH, "--wait", "--format", "json", "--timeout", SECONDS, seconds=400)
    assert done.stdout, done.stderr
    return done


def status(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("status", "--batch", BATCH, "--json").stdout)
    return found


def follow(call: Call, folder: Path) -> Done:
    """Wait for what is under way; nothing is uploaded."""
    return call("upload", folder, "--batch", BATCH, "--wait", "--timeout", SECONDS, seconds=400)


def test_the_chain_ends_as_run_does_row_for_row(call: Call, uploaded: Done, folder: Path, tmp_path: Path) -> None:
    ran = call("run", folder, "--out", tmp_path / "out", "--no-db", "--format", "json", seconds=400)
    assert uploaded.returncode == ran.returncode == 2
    chain, local = json.loads(uploaded.stdout), json.loads(ran.stdout)
    assert {**chain["totals"], "seconds": 0} == {**local["totals"], "seconds": 0}
    assert chain["totals"]["failed"] == 1
    assert [cause["message"] for cause in chain["causes"]] == [cause["message"] for cause in local["causes"]]
    alike = ("name", "outcome", "entity", "division", "year", "kind", "tables", "facts", "doubts", "findings")
    assert [[file[name] for name in alike] for file in chain["files"] if not file["error"]] == [
        [file[name] for name in alike] for file in local["files"] if not file["error"]
    ]
    by_run = [
        row
        for file in sorted(file["out"] for file in local["files"] if not file["error"])
        for row in csv.DictReader(io.StringIO((Path(file) / "facts.csv").read_text(encoding="utf-8")))
    ]
    asked = call("facts", "--batch", BATCH, "--format", "csv").stdout
    by_chain = list(csv.DictReader(io.StringIO(asked)))
    assert sorted(map(str, by_chain)) == sorted(map(str, by_run))


def test_what_is_there_is_not_uploaded_again(call: Call, uploaded: Done, folder: Path) -> None:
    assert "5 uploaded" in uploaded.stderr
    again = call("upload", folder, "--batch", BATCH)
    assert again.returncode == 0, again.stderr
    assert "0 uploaded (0 bytes), 5 were there already, 0 failed" in again.stdout


def test_a_replay_goes_through_the_later_stages_again(call: Call, uploaded: Done, folder: Path) -> None:
    assert uploaded.returncode == 2
    before = {item["name"]: item["generation"] for item in status(call)["documents"]}
    where = ("--where", f"batch={BATCH}", "--where", "media=xlsx")
    counted = call("replay", "--stage", "validator", *where, "--dry-run")
    assert "validator: 1 documents would be sent again" in counted.stdout
    assert call("replay", "--stage", "validator", *where).returncode == 0
    wait_for_generation(call, "sichuan “一”+100%.xlsx", before["sichuan “一”+100%.xlsx"] + 1)
    assert follow(call, folder).returncode == 2
    after = {item["name"]: item for item in status(call)["documents"]}
    moved = after.pop("sichuan “一”+100%.xlsx")
    assert moved["outcome"] in {"indexed", "partial"}
    assert [step["stage"] for step in moved["steps"] if step["generation"] == moved["generation"]] == [
        "normalized",
        "validated",
        "indexed",
    ]
    assert {name: item["generation"] for name, item in after.items()} == {name: before[name] for name in after}


def wait_for_generation(call: Call, name: str, wanted: int) -> None:
    """Until the lifecycle has heard of the replay."""
    pause = threading.Event()
    for _ in range(120):
        if any(item["name"] == name and item["generation"] >= wanted for item in status(call)["documents"]):
            return
        pause.wait(0.5)
    pytest.fail(f"{name} never came to generation {wanted}: {status(call)}")


def test_a_dead_letter_is_listed_shown_and_sent_again(call: Call, uploaded: Done, folder: Path) -> None:
    assert uploaded.returncode == 2
    (letter,) = letters(call)
    assert (letter["service"], letter["category"], letter["attempts"]) == ("extractor", "damaged", 1)
    shown = call("dlq", "show", letter["letter"])
    assert "juesuan-category: damaged" in shown.stdout
    assert f'"key": "{BATCH}/乡镇/坏.pdf"' in shown.stdout
    assert call("dlq", "show", "extractor/999999").returncode == 2
    assert "1 dead letters sent again" in call("dlq", "replay", letter["letter"]).stdout
    wait_for_generation(call, "乡镇/坏.pdf", letter["generation"] + 1)
    assert follow(call, folder).returncode == 2
    (later,) = letters(call)
    assert later["letter"] != letter["letter"]
    assert later["generation"] == letter["generation"] + 1
    assert {item["letter"] for item in letters(call, "--all")} >= {letter["letter"], later["letter"]}


def letters(call: Call, *more: str) -> list[dict[str, Any]]:
    found = json.loads(call("dlq", "list", "--service", "extractor", "--format", "json", *more).stdout)
    return [item for item in found if item["key"].startswith(BATCH)]


def test_watch_shows_each_report_once(call: Call, uploaded: Done) -> None:
    assert uploaded.returncode == 2
    done = call("watch", "--batch", BATCH, "--from-start", "--count", "4", "--format", "json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {event["kind"] for event in events} == {"cn.juesuan.report.validated.v1"}
    assert len({(event["document_id"], event["generation"]) for event in events}) == 4


def test_the_consumer_of_the_page_runs(running_chain: Stack, uploaded: Done) -> None:
    assert uploaded.returncode == 2
    page = (ROOT / "docs" / "how-to" / "consume-events.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    body = code.split("KafkaConsumer\n", 1)[1].strip()
    assert len(body.splitlines()) == 10
    consumer = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **running_chain.environment(), "PYTHONUTF8": "1"},
    )
    too_late = threading.Timer(90, consumer.kill)
    too_late.start()
    try:
        assert consumer.stdout is not None
        wrong = next((line for line in consumer.stdout if "错.txt" in line), "")
    finally:
        too_late.cancel()
        consumer.kill()
        consumer.communicate()
    assert re.fullmatch(rf"{BATCH}/乡镇/错\.txt \d+ facts, [1-9]\d* errors\n", wrong)


def test_topics_tell_what_nobody_has_taken_yet(call: Call, uploaded: Done) -> None:
    assert uploaded.returncode == 2
    topics = {topic["name"]: topic for topic in json.loads(call("topics", "--json").stdout)}
    validated = topics["juesuan.report.validated"]
    assert validated["partitions"] == 8
    assert validated["records"] >= 4
    assert set(validated["lag"]) >= {"juesuan.indexer", "juesuan.lifecycle"}
    assert topics["juesuan.notifications"]["partitions"] == 1
    assert "juesuan.report.validated" in call("topics", language="zh").stdout


def test_reconcile_finds_nothing_of_this_batch_missing(call: Call, uploaded: Done) -> None:
    assert uploaded.returncode == 2
    done = call("reconcile", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert re.match(r"\d+ objects in the bucket", done.stdout)
    assert BATCH not in done.stdout

"""Archives in the chain: the same results as `juesuan run` on the same files, in one process and on real servers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.indexer.database import open_database
from services.indexer.queries import facts
from services.indexer.records import FactFilter
from shared.contracts.events import EventType
from shared.contracts.members import INSIDE
from tests.contract.chain_bag import OUTCOMES, ROOT, Rows, facts_of
from tests.contract.chain_kit import Passed, Surroundings
from tests.corpus import bundles
from tests.corpus.archives import zipped
from tests.corpus.archives.rar import rar5
from tests.corpus.layouts import LAYOUTS

pytestmark = pytest.mark.xdist_group("servers")


def damaged(archive: bytes, content: bytes) -> bytes:
    """`archive` with a byte of the stored `content` changed."""
    place = archive.index(content) + len(content) // 2
    return archive[:place] + bytes([archive[place] ^ 0xFF]) + archive[place + 1 :]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    three = [bundles.with_annex(LAYOUTS[0], 31), bundles.file_per_table(LAYOUTS[2], 32), bundles.whole(LAYOUTS[3], 33)]
    second = {f"乙局/{name}": content for name, content in three[1].files.items()}
    broken = b"%PDF-1.4 " + b"x" * 400
    several = zipped.gbk({**three[0].files, **second, **three[2].files, "坏/坏.pdf": broken})
    return {
        "三局.zip": damaged(several, broken),
        "一局.rar": rar5(bundles.with_annex(LAYOUTS[4], 34).files),
    }


@dataclass(frozen=True)
class Local:
    """How each result of `juesuan run` ended, and every fact of each report by its id."""

    outcomes: list[str]
    facts: dict[str, Rows]


@pytest.fixture(scope="module")
def local(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Local:
    folder = tmp_path_factory.mktemp("local")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-m", "cli", "run", str(folder), "--db", str(folder / "local.db"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300, cwd=ROOT)
    assert done.returncode == 2, done.stderr.decode()
    said = json.loads(done.stdout)
    ids = [file["document_id"] for file in said["files"] if file["facts"]]
    return Local([OUTCOMES[file["outcome"]] for file in said["files"]], facts_of(str(folder / "local.db"), ids))


@pytest.fixture(scope="module")
def passed(chain: Surroundings, files: dict[str, bytes]) -> Passed:
    batch = f"省厅/{uuid.uuid4().hex}"
    chain.upload(batch, files)
    if not chain.tells:
        deadline = time.monotonic() + 240
        while not any(INSIDE in name for name in chain.ended(batch, len(files))) and time.monotonic() < deadline:
            time.sleep(0.2)
        chain.announce(batch)  # the store of this process does not tell of what the extractor put back
    return Passed(batch, chain.ended(batch, 2 + 4))


def test_every_report_ends_as_on_one_machine(passed: Passed, local: Local) -> None:
    outcomes = [standing.outcome for standing in passed.ended.values()]
    assert sorted(outcomes) == sorted([*local.outcomes, "unpacked"])
    assert sorted(local.outcomes) == ["failed", *["indexed"] * 4]
    assert passed.ended["三局.zip"].outcome == "unpacked"
    assert passed.ended["一局.rar"].outcome == "indexed"
    lost = passed.ended[f"三局.zip{INSIDE}坏/坏.pdf"]
    assert (lost.outcome, lost.category) == ("failed", "damaged")
    assert lost.message_zh


def test_facts_are_identical_row_for_row(passed: Passed, local: Local, chain: Surroundings) -> None:
    indexed = [item.content_id for item in passed.ended.values() if item.outcome == "indexed" and item.content_id]
    assert len(indexed) == 4
    found = facts_of(chain.database, indexed)
    assert found == local.facts
    assert sum(rows.total() for rows in found.values()) > 500


def test_facts_name_the_file_inside(passed: Passed, chain: Surroundings) -> None:
    engine = open_database(chain.database)
    try:
        standing = passed.ended["一局.rar"]
        inside = {fact.part for fact in facts(engine, FactFilter(document=standing.content_id, current=False))}
    finally:
        engine.dispose()
    (name,) = inside
    assert Path(str(name)).suffix == ".xlsx"


def test_the_archive_tells_of_its_reports_once(passed: Passed, chain: Surroundings) -> None:
    told = [event for event in chain.all_events(passed.batch) if event.header("ce_type") == EventType.DOCUMENT_UNPACKED]
    assert len(told) == 1
    assert not chain.letters("extractor", passed.batch)


def test_telling_again_changes_nothing(passed: Passed, chain: Surroundings) -> None:
    before = len(chain.all_events(passed.batch))
    chain.announce(passed.batch, times=2)
    time.sleep(2)
    assert len(chain.all_events(passed.batch)) == before
    assert chain.ended(passed.batch, len(passed.ended)).keys() == passed.ended.keys()

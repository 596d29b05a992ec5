from __future__ import annotations

import os
from pathlib import Path

from cli.storing import Storing
from cli.work import Carry, Job, digest, work
from services.indexer.database import open_database
from services.indexer.queries import failures, reports
from shared.contracts.outcome import DocumentOutcome
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.writers import BY_ID as FORMATS


def listed(database: Path) -> list[tuple[str, str | None]]:
    engine = open_database(str(database))
    found = [(row.name, row.message_en) for row in failures(engine)]
    engine.dispose()
    return found


def test_work_that_was_begun_and_never_ended_stands_as_failed(tmp_path: Path) -> None:
    file, database = tmp_path / "a.txt", tmp_path / "a.db"
    file.write_bytes(FORMATS["txt-tabs"].write(report(LAYOUTS["sichuan"], 8)))
    storing = Storing(str(database))
    storing.begin(digest(file), file.name)
    assert listed(database) == [("a.txt", "Processing did not finish.")]
    stored = storing.store(work(Job(file, None, "en", Carry.TO_INDEX)))
    storing.begin(digest(file), file.name)  # the same file again does not forget what is known
    storing.close()
    assert stored.outcome is DocumentOutcome.OK
    assert listed(database) == []


def test_a_file_that_cannot_be_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    file, database = tmp_path / "empty.pdf", tmp_path / "a.db"
    file.write_bytes(b"")
    storing = Storing(str(database))
    storing.begin(digest(file), file.name)
    storing.store(work(Job(file, None, "en", Carry.TO_INDEX)))
    storing.close()
    ((name, message),) = listed(database)
    assert name == "empty.pdf"
    assert message != "Processing did not finish."


def test_a_part_of_a_report_is_no_document_of_its_own(tmp_path: Path) -> None:
    file, database = tmp_path / "a.txt", tmp_path / "a.db"
    file.write_bytes(FORMATS["txt-tabs"].write(report(LAYOUTS["sichuan"], 8)))
    known = digest(file)
    assert known is not None
    storing = Storing(str(database))
    storing.begin(known, "a.txt")
    storing.forget(known)
    assert listed(database) == []
    storing.store(work(Job(file, None, "en", Carry.TO_INDEX)))
    storing.forget(known)  # what is indexed stays
    storing.close()
    engine = open_database(str(database))
    assert [row.document_id for row in reports(engine)] == [known]
    engine.dispose()


def test_a_pipe_has_no_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert digest(tmp_path / "pipe") is None
    assert digest(tmp_path / "nothing") is None

from __future__ import annotations

from pathlib import Path

from cli.storing import Storing
from cli.work import Carry, Job, work
from services.indexer.database import open_database
from services.indexer.queries import failures
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
    storing.begin(file)
    assert listed(database) == [("a.txt", "Processing did not finish.")]
    stored = storing.store(work(Job(file, None, "en", Carry.TO_INDEX)))
    storing.begin(file)  # the same file again does not forget what is known
    storing.close()
    assert stored.outcome is DocumentOutcome.OK
    assert listed(database) == []


def test_a_file_that_cannot_be_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    file, database = tmp_path / "empty.pdf", tmp_path / "a.db"
    file.write_bytes(b"")
    storing = Storing(str(database))
    storing.begin(file)
    storing.store(work(Job(file, None, "en", Carry.TO_INDEX)))
    storing.close()
    ((name, message),) = listed(database)
    assert name == "empty.pdf"
    assert message != "Processing did not finish."

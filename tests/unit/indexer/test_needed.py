from __future__ import annotations

from functools import cache

import pytest

from services.extractor.extract import extract
from services.indexer.entries import entries
from services.indexer.needed import NeededReport
from services.indexer.payload import payload_of, payload_of_json, unpack
from services.indexer.rows import fact_rows, report_row, table_rows
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.contracts.assessment import Assessment
from shared.contracts.document import SourceFile
from shared.contracts.report import Report
from tests.corpus.generate import plan


@cache
def made() -> tuple[Report, Assessment]:
    (job,) = plan(1, 3, ("html-clean",), ("shanxi",))
    report = normalize(extract(SourceFile(name=job.file_name, content=job.form.write(job.compose()))))
    return report, validate(report)


@pytest.mark.parametrize("name", ["a.txt", '“决算”"quoted"\\.txt', ""])
def test_what_is_kept_is_the_same_without_writing_it_anew(name: str) -> None:
    report, assessment = made()
    report = report.model_copy(update={"document_name": name})
    written = report.model_dump_json().encode()
    kept = payload_of_json(report, written, assessment.model_dump_json().encode())
    assert kept == payload_of(report, assessment)
    assert unpack(Report, kept.report) == report.model_copy(update={"document_name": ""})
    with pytest.raises(ValueError, match="not the JSON"):
        payload_of_json(report, b" " + written, b"{}")


def test_what_is_left_out_changes_no_row() -> None:
    report, assessment = made()
    needed = NeededReport.model_validate_json(report.model_dump_json(), extra="ignore")
    assert sum(len(table.cells) for table in report.tables) > 100
    assert not any(table.cells or table.lines or table.columns for table in needed.tables)
    assert fact_rows(needed) == fact_rows(report)
    assert table_rows(needed) == table_rows(report)
    assert report_row(needed, assessment) == report_row(report, assessment)
    assert entries(needed, assessment) == entries(report, assessment)

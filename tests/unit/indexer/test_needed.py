from __future__ import annotations

from services.extractor.extract import extract
from services.indexer.entries import entries
from services.indexer.needed import NeededReport
from services.indexer.rows import fact_rows, report_row, table_rows
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.contracts.document import SourceFile
from tests.corpus.generate import plan


def test_what_is_left_out_changes_no_row() -> None:
    (job,) = plan(1, 3, ("html-clean",), ("shanxi",))
    report = normalize(extract(SourceFile(name=job.file_name, content=job.form.write(job.compose()))))
    needed = NeededReport.model_validate_json(report.model_dump_json(), extra="ignore")
    assessment = validate(report)
    assert sum(len(table.cells) for table in report.tables) > 100
    assert not any(table.cells or table.lines or table.columns for table in needed.tables)
    assert fact_rows(needed) == fact_rows(report)
    assert table_rows(needed) == table_rows(report)
    assert report_row(needed, assessment) == report_row(report, assessment)
    assert entries(needed, assessment) == entries(report, assessment)

"""The part of a report that the validator reads from the store is all that its rules look at."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.validator.needed import NeededReport
from services.validator.validate import validate
from shared.contracts.assessment import Outcome
from shared.contracts.document import SourceFile
from shared.contracts.report import AmountState, Report
from tests.corpus.generate import Job, plan

_FORMATS = ("txt-tabs", "html-clean", "xlsx")


@pytest.mark.parametrize("job", plan(14, 311, _FORMATS), ids=lambda job: job.file_name)
def test_every_rule_says_of_the_part_what_it_says_of_the_whole(job: Job) -> None:
    content = job.form.write(job.compose())
    # An amount that cannot be read and one that is wrong, so that the rules have something to say.
    report = normalize(extract(SourceFile(name=job.file_name, content=content)))
    spoilt = _spoilt(report)
    for whole in (report, spoilt):
        needed = NeededReport.model_validate_json(whole.to_json_bytes(), extra="ignore")
        assert validate(needed) == validate(whole)
    assert validate(spoilt).findings
    ends = {outcome.outcome for outcome in validate(spoilt).outcomes}
    assert {Outcome.PASS, Outcome.PARSE_DOUBT} <= ends


def _spoilt(report: Report) -> Report:
    """The report with its largest amount doubled and one cell of amounts that cannot be read."""
    largest = max(range(len(report.facts)), key=lambda place: report.facts[place].amount)
    fact = report.facts[largest]
    facts = list(report.facts)
    facts[largest] = fact.model_copy(update={"amount": 2 * fact.amount})
    tables = []
    for table in report.tables:
        cells = list(table.cells)
        place = next((n for n, cell in enumerate(cells) if cell.state is AmountState.BLANK), None)
        if place is not None:
            cells[place] = cells[place].model_copy(update={"state": AmountState.UNREADABLE, "raw": "1O.00"})
        tables.append(table.model_copy(update={"cells": tuple(cells)}))
    return report.model_copy(update={"facts": tuple(facts), "tables": tuple(tables)})

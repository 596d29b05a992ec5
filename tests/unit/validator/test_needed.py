"""The part of a report that the validator reads from the store is all that its rules look at."""

from __future__ import annotations

import json

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.validator.needed import NeededReport
from services.validator.validate import validate
from shared.contracts.assessment import Outcome
from shared.contracts.document import Document, SourceFile
from shared.contracts.report import Place, Report
from tests.corpus.generate import Job, plan

_FORMATS = ("txt-tabs", "html-clean", "xlsx")


@pytest.mark.parametrize("job", plan(14, 311, _FORMATS), ids=lambda job: job.file_name)
def test_every_rule_says_of_the_part_what_it_says_of_the_whole(job: Job) -> None:
    document = extract(SourceFile(name=job.file_name, content=job.form.write(job.compose())))
    report = normalize(document)
    # An amount that cannot be read and one that is wrong, so that the rules have something to say.
    spoilt = _with_largest_doubled(normalize(_with_text(document, report.facts[0].place, "1O.00")))
    for whole in (report, spoilt):
        needed = NeededReport.model_validate_json(whole.to_json_bytes(), extra="ignore")
        assert validate(needed) == validate(whole)
    said = validate(spoilt)
    assert said.findings
    assert {Outcome.PASS, Outcome.PARSE_DOUBT} <= {outcome.outcome for outcome in said.outcomes}
    unread = next(finding for finding in said.findings if finding.rule == "A13")
    assert (unread.found, unread.cells[0].place) == ("1O.00", report.facts[0].place)


def _with_text(document: Document, place: Place, text: str) -> Document:
    """The document with `text` printed at a place."""
    said = json.loads(document.to_json_bytes())
    table = next(block for block in said["blocks"] if block.get("index") == place.source_table)
    cell = next(cell for cell in table["cells"] if (cell["row"], cell["column"]) == (place.row, place.column))
    cell["text"] = text
    return Document.model_validate_json(json.dumps(said))


def _with_largest_doubled(report: Report) -> Report:
    largest = max(report.facts, key=lambda fact: fact.amount)
    facts = [fact.model_copy(update={"amount": 2 * fact.amount}) if fact is largest else fact for fact in report.facts]
    return report.model_copy(update={"facts": tuple(facts)})

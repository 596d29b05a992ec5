"""Accounts that departments really published: sound ones raise no error, the known slip is one cause.

The files are not part of the repository; where they are missing, invented accounts of the same kinds are judged.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.contracts.assessment import Assessment, Outcome, Severity
from shared.contracts.document import SourceFile
from shared.contracts.report import Measure
from tests.unit.validator.balanced import account
from tests.unit.validator.help import check, of_rule, open_causes, outcome

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "reports"
SOUND = [path for path in sorted(FOLDER.glob("*")) if path.name.startswith(("001_", "003_", "puto-"))]
SLIPPED = sorted(FOLDER.glob("shiquan-*.txt"))


@cache
def assess(path: Path) -> Assessment:
    return validate(normalize(extract(SourceFile(name=path.name, content=path.read_bytes()))))


@pytest.mark.parametrize("path", [*SOUND, None])
def test_sound_account_raises_no_error(path: Path | None) -> None:
    assessment = assess(path) if path else check(account())
    assert not [finding for finding in assessment.findings if finding.severity is Severity.ERROR]
    residues = [finding for finding in assessment.findings if finding.severity is Severity.ROUNDING]
    assert {finding.group for finding in residues} <= {"rounding"}
    assert bool(residues) is (path is not None)  # every published account has some, the invented one none
    assert outcome(assessment, "B05") is Outcome.PASS
    assert outcome(assessment, "K03") is Outcome.PASS


@pytest.mark.parametrize("path", [*SLIPPED, None])
def test_dropped_digit_copied_into_two_tables(path: Path | None) -> None:
    if path:
        assessment, value, rows = assess(path), "10,661.51", {"212", "21201"}
    else:
        made = account()
        for table in ("T03", "T05"):
            for code in ("210", "21011"):
                made.put(table, code, Measure.BASIC, "8.29")
        assessment, value, rows = check(made), "81.29", {"210", "21011"}
    errors = [cause for cause in open_causes(assessment) if cause.severity is Severity.ERROR]
    assert len(errors) == 1
    assert errors[0].suggestion
    assert errors[0].suggestion.value == value
    places = {(cell.table, cell.row_code) for cell in errors[0].cells[:4]}
    assert places == {(table, code) for table in ("T03", "T05") for code in rows}
    assert {finding.cells[0] for finding in assessment.findings if finding.severity is Severity.ERROR} == {
        errors[0].cells[0]
    }


@pytest.mark.parametrize("path", [*SLIPPED, None])
def test_names_of_another_code_and_of_another_year(path: Path | None) -> None:
    if path:
        assessment, value = assess(path), "2111103"
    else:
        made = account().add("T06", "30108", Measure.AMOUNT, "0.01")
        for table in ("T02", "T03", "T05"):
            made.row(table, "2080505").name = "死亡抚恤"
            made.row(table, "20805").name = "行政事业单位离退休"
        assessment, value = check(made), "2080801"
    finding = of_rule(assessment, "L02")[0]
    assert finding.severity is Severity.WARNING
    assert finding.suggestion
    assert finding.suggestion.value == value
    assert {finding.severity for finding in of_rule(assessment, "L03")} == {Severity.INFO}
    assert outcome(assessment, "K15") is Outcome.ROUNDING

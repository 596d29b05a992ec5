"""The bars on real published accounts, where they are at hand; the scoring itself is tested on invented ones."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.assessment import Severity
from shared.contracts.document import SourceFile
from shared.contracts.report import Report
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID
from tests.corpus.truth import true_rows
from tests.corpus.writers import text
from tests.real.score import FOLDER, KEYS, REFUSED, SLIPS, main, process, score

REPORTS = FOLDER / "reports"


def present(*names: str) -> list[str]:
    """Those of `names` that are here."""
    return [name for name in names if (REPORTS / name).is_file()]


def read(name: str) -> Report:
    """The report of a real file; fails if it was refused."""
    outcome = process(REPORTS / name)
    assert outcome.report is not None, outcome.refusal
    return outcome.report


@pytest.fixture
def invented(tmp_path: Path) -> tuple[Report, Path]:
    """A report read from an invented file, and the file of its exact facts."""
    printed = report(BY_ID["shanxi"], 5)
    key = tmp_path / "facts.csv"
    with key.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("table", "row_code", "row_name", "column", "amount_text", "amount_wan"))
        writer.writerows((*row[:4], row[7], row[5]) for row in true_rows(printed))
    return normalize(extract(SourceFile(name="invented.txt", content=text.tabs(printed)))), key


def test_scoring_counts_every_line(invented: tuple[Report, Path]) -> None:
    """A perfect reading scores 1; a fact taken away lowers recall, a fact too many precision."""
    found, key = invented
    perfect = score(found, key).total
    assert (perfect.precision, perfect.recall) == (1.0, 1.0)
    fewer = score(found.model_copy(update={"facts": found.facts[1:]}), key).total
    assert fewer.recall < 1.0 == fewer.precision
    more = score(found.model_copy(update={"facts": (*found.facts, found.facts[0])}), key).total
    assert more.precision < 1.0 == more.recall


def test_absent_reports_are_said_to_be_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The script is no failure on a machine without the reports."""
    assert main([str(tmp_path)]) == 0
    assert "nothing to score" in capsys.readouterr().out.replace("\n", " ")


@pytest.mark.parametrize("name", present(*KEYS))
def test_every_fact_and_page_is_right(name: str) -> None:
    """Precision and recall 1.000 on table, row, column and amount; every page of the PDF."""
    result = score(read(name), FOLDER / "gold" / KEYS[name])
    assert result.total.missed == ()
    assert result.total.extra == ()
    if result.pages is not None:
        assert result.pages.missed == ()


@pytest.mark.parametrize("name", present(*KEYS))
def test_sound_tables_raise_no_error(name: str) -> None:
    """The errors of these three stand in their prose: the table rules say nothing of level error."""
    assessment = process(REPORTS / name).assessment
    assert assessment is not None
    assert [finding for finding in assessment.findings if finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", present(*KEYS, SLIPS))
def test_residues_of_rounding_are_called_rounding(name: str) -> None:
    """A difference of 0.02 or less in these four comes from rounding, so it is never an error or a warning."""
    assessment = process(REPORTS / name).assessment
    assert assessment is not None
    residues = [f for f in assessment.findings if f.difference is not None and 0 < abs(f.difference) <= Decimal("0.02")]
    assert residues != []
    assert {finding.severity for finding in residues} <= {Severity.ROUNDING, Severity.INFO}


@pytest.mark.parametrize("name", present(*REFUSED))
def test_budget_and_template_are_refused(name: str) -> None:
    """With the reason, without a fact."""
    outcome = process(REPORTS / name)
    assert outcome.report is None
    assert outcome.refusal is not None
    assert outcome.refusal.refused


@pytest.mark.parametrize("name", present(SLIPS))
def test_known_slips_are_found(name: str) -> None:
    """The dropped digit is one cause with the right cell first and the right value; the wrong name is a finding."""
    assessment = process(REPORTS / name).assessment
    assert assessment is not None
    causes = [c for c in assessment.causes if c.suggestion and c.suggestion.value.replace(",", "") == "10661.51"]
    assert len(causes) == 1
    first = causes[0].cells[0]
    assert (first.row_code, first.raw.replace(",", "")) in {("212", "1066.51"), ("21201", "1066.51")}
    suspects = {(cell.table, cell.row_code) for cell in causes[0].cells}
    assert suspects >= {(table, code) for table in ("T03", "T05") for code in ("212", "21201")}
    named = [f for f in assessment.findings if f.rule == "L02" and any(c.row_code == "2111101" for c in f.cells)]
    assert named != []
    rounding = [f for f in assessment.findings if f.severity is Severity.ROUNDING]
    assert any(cell.row_code == "208" for finding in rounding for cell in finding.cells)

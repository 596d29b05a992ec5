"""The bars on real published accounts, where they are at hand; the scoring itself is tested on invented ones."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from shared.contracts.assessment import Assessment, Severity
from shared.contracts.report import Report
from tests.corpus.bad import BAD
from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID
from tests.corpus.plant import plant
from tests.corpus.truth import true_rows
from tests.corpus.writers import text
from tests.real.score import FOLDER, KEYS, REFUSED, SLIPS, main, process, score

#: invented stand-ins, so that every bar below is held to something on a machine without the published accounts
INVENTED, SLIPPED, BUDGET, TEMPLATE = "invented.txt", "slipped.txt", "预算公开.txt", "空白模板.txt"
ALL_KEYS = {**KEYS, INVENTED: "invented.csv"}


def slipped() -> Printed:
    """An invented account with a digit left out of one of its figures."""
    return plant(report(BY_ID["shanxi"], 2), "dropped digit")


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the published accounts, with the stand-ins and the exact facts of one."""
    folder: Path = tmp_path_factory.mktemp("accounts")
    (folder / "reports").mkdir()
    (folder / "gold").mkdir()
    printed = report(BY_ID["shanxi"], 5)
    written = {bad.name: bad.make() for bad in BAD if bad.name in {BUDGET, TEMPLATE}}
    written |= {INVENTED: text.tabs(printed), SLIPPED: text.tabs(slipped())}
    for name, content in written.items():
        (folder / "reports" / name).write_bytes(content)
    with (folder / "gold" / ALL_KEYS[INVENTED]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("table", "row_code", "row_name", "column", "amount_text", "amount_wan"))
        writer.writerows((*row[:4], row[7], row[5]) for row in true_rows(printed))
    return folder


def present(*names: str) -> list[str]:
    """Those of `names` that are here."""
    return [name for name in names if (FOLDER / "reports" / name).is_file()]


def read(name: str, invented: Path) -> tuple[Report, Assessment, Path]:
    """The report and the assessment of a published or an invented file, and the folder it is in."""
    folder = FOLDER if present(name) else invented
    outcome = process(folder / "reports" / name)
    assert outcome.report is not None, outcome.refusal
    assert outcome.assessment is not None
    return outcome.report, outcome.assessment, folder


def test_scoring_counts_every_line(invented: Path) -> None:
    """A perfect reading scores 1; a fact taken away lowers recall, a fact too many precision."""
    found, _, _ = read(INVENTED, invented)
    key = invented / "gold" / ALL_KEYS[INVENTED]
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


@pytest.mark.parametrize("name", [INVENTED, *present(*KEYS)])
def test_every_fact_and_page_is_right(name: str, invented: Path) -> None:
    """Precision and recall 1.000 on table, row, column and amount; every page of the PDF."""
    found, _, folder = read(name, invented)
    result = score(found, folder / "gold" / ALL_KEYS[name])
    assert result.total.missed == ()
    assert result.total.extra == ()
    if result.pages is not None:
        assert result.pages.missed == ()


@pytest.mark.parametrize("name", [INVENTED, *present(*KEYS)])
def test_sound_tables_raise_no_error(name: str, invented: Path) -> None:
    """The errors of these accounts stand in their prose: the table rules say nothing of level error."""
    _, assessment, _ = read(name, invented)
    assert [finding for finding in assessment.findings if finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", [INVENTED, SLIPPED, *present(*KEYS, SLIPS)])
def test_residues_of_rounding_are_called_rounding(name: str, invented: Path) -> None:
    """A difference of 0.02 or less in these comes from rounding, so it is never an error or a warning."""
    _, assessment, _ = read(name, invented)
    residues = [f for f in assessment.findings if f.difference is not None and 0 < abs(f.difference) <= Decimal("0.02")]
    assert residues != []
    assert {finding.severity for finding in residues} <= {Severity.ROUNDING, Severity.INFO}


@pytest.mark.parametrize("name", [BUDGET, TEMPLATE, *present(*REFUSED)])
def test_budget_and_template_are_refused(name: str, invented: Path) -> None:
    """With the reason, without a fact."""
    outcome = process((FOLDER if present(name) else invented) / "reports" / name)
    assert outcome.report is None
    assert outcome.refusal is not None
    assert outcome.refusal.refused


def test_a_dropped_digit_is_one_cause_with_the_right_value(invented: Path) -> None:
    """As in the published slip below."""
    _, assessment, _ = read(SLIPPED, invented)
    (error,) = slipped().planted
    causes = [c for c in assessment.causes if c.suggestion and same(c.suggestion.value, error.right)]
    assert len(causes) == 1
    first = causes[0].cells[0]
    assert (first.table, first.row_code, first.raw) == (error.table, error.row_code, error.published)


def same(one: str, other: str) -> bool:
    """Whether two printed amounts are the same figure."""
    return Decimal(one.replace(",", "")) == Decimal(other.replace(",", ""))


def test_known_slips_are_found(invented: Path) -> None:
    """The dropped digit is one cause with the right cell first and the right value; the wrong name is a finding."""
    for name in present(SLIPS):
        _, assessment, _ = read(name, invented)
        causes = [c for c in assessment.causes if c.suggestion and same(c.suggestion.value, "10661.51")]
        assert len(causes) == 1
        first = causes[0].cells[0]
        assert (first.row_code, first.raw.replace(",", "")) in {("212", "1066.51"), ("21201", "1066.51")}
        suspects = {(cell.table, cell.row_code) for cell in causes[0].cells}
        assert suspects >= {(table, code) for table in ("T03", "T05") for code in ("212", "21201")}
        named = [f for f in assessment.findings if f.rule == "L02" and any(c.row_code == "2111101" for c in f.cells)]
        assert named != []
        rounding = [f for f in assessment.findings if f.severity is Severity.ROUNDING]
        assert any(cell.row_code == "208" for finding in rounding for cell in finding.cells)
    _, sound, _ = read(INVENTED, invented)
    assert not any(finding.rule == "L02" for finding in sound.findings)

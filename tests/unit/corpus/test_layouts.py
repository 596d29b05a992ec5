"""Layouts, their truth, planted errors and the files themselves."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from shared.contracts.report import Measure, Phase, Unit
from tests.corpus.compose import report
from tests.corpus.generate import plan
from tests.corpus.grid import Grid, RowId, parse
from tests.corpus.layouts import BY_ID, LAYOUTS, Layout
from tests.corpus.plant import PLANTS, NotPossible, plant
from tests.corpus.truth import COLUMNS, compare, true_rows
from tests.corpus.writers import FORMATS, Format, pdf, text

ALL = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)


def amount(layout: str, table: str, key: str, measure: str, seed: int = 3) -> Decimal:
    """One figure of a report."""
    facts = [f for f in report(BY_ID[layout], seed).facts() if (f.table, f.key, f.measure) == (table, key, measure)]
    assert len(facts) == 1
    return facts[0].amount


def test_layouts_are_many_and_differ() -> None:
    """At least eight provinces; both units, all forms of T06 and T09, both row counts, both sides of 2020."""
    assert len({layout.province for layout in LAYOUTS}) >= 8
    assert {layout.money.unit for layout in LAYOUTS} == {"万元", "元"}
    assert {layout.t06_groups for layout in LAYOUTS} == {1, 2, 3, 4}
    assert {layout.t09 for layout in LAYOUTS} == {"blocks", "pairs", "rows"}
    assert {layout.classes for layout in LAYOUTS} == {24, 26}
    assert {layout.split_codes for layout in LAYOUTS} == {True, False}
    assert min(layout.years[0] for layout in LAYOUTS) < 2020 < max(layout.years[1] for layout in LAYOUTS)


@ALL
def test_grids_tile_and_words_are_those_of_the_contract(layout: Layout) -> None:
    """No cell overlaps another, every position is covered; measures, phases and units exist."""
    printed = report(layout, 11)
    for block in printed.tables():
        spots = Counter(
            (row, column)
            for cell in block.grid.cells()
            for row in range(cell.row, cell.row + cell.rowspan)
            for column in range(cell.column, cell.column + cell.colspan)
        )
        assert set(spots.values()) == {1}
        assert len(spots) == block.grid.width * block.grid.height
    for fact in printed.facts():
        assert Measure(fact.measure)
        assert Phase(fact.phase)
        assert Unit(fact.unit)
        assert fact.amount == parse(fact.raw)


@ALL
def test_the_tables_agree_with_each_other(layout: Layout) -> None:
    """T03 total is T01 expenditure is T02 spent; T05 is the general column of T04 (exact where both are printed)."""
    by_key = {(f.table, f.key, f.measure): f.amount for f in report(layout, 5).facts() if f.phase == "outturn"}
    if "T01" in layout.order:
        assert by_key["T01", "total_exp_current", "amount"] == by_key["T03", "total", "total"]
        assert by_key["T01", "grand_total_income", "amount"] == by_key["T01", "grand_total_exp", "amount"]
    assert by_key["T04", "total_exp_current", "general"] == by_key["T05", "total", "total"]
    basic = by_key["T06", "staff_total", "amount"] + by_key["T06", "operating_total", "amount"]
    assert abs(basic - by_key["T05", "total", "basic"]) <= Decimal("0.02")


def test_header_paths_follow_the_conventions() -> None:
    """Merged parents are part of the path, 栏次 is not, T06 says its lowest heading alone."""
    paths = {(f.table, f.column) for f in report(BY_ID["shanxi"], 3).facts()}
    assert ("T01", "收入/金额") in paths
    assert ("T04", "支出/一般公共预算财政拨款") in paths
    assert ("T05", "本年支出/小计") in paths
    assert ("T06", "决算数") in paths
    assert ("T10", "政府采购情况/统计数") in paths
    assert {column for table, column in paths if table == "T06"} == {"决算数"}


def test_a_grid_refuses_overlap() -> None:
    """Two cells on one spot are a mistake of the layout."""
    grid = Grid("T01", "万元", 3)
    grid.put(0, 0, "项目", "header", right=2)
    with pytest.raises(ValueError, match="overlaps"):
        grid.put(0, 1, "金额", "header")
    with pytest.raises(ValueError, match="sticks out"):
        grid.put(0, 2, "金额", "header", right=2)


def test_dashes_and_blanks_are_no_facts() -> None:
    """Zero is one."""
    grid = Grid("T06", "万元", 4, header_rows=1)
    grid.put(0, 0, "决算数", "header", right=4)
    for column, words in enumerate(("——", "", "0.00", "1,234.50")):
        grid.amount(1, column, words, "amount", RowId("301", "工资福利支出", "301"))
    assert [cell.fact.raw for cell in grid.cells() if cell.fact] == ["0.00", "1,234.50"]


@pytest.mark.parametrize("name", list(PLANTS))
def test_a_planted_error_changes_what_it_says(name: str) -> None:
    """Some layout has room for it; the published text stands in the report, the right one no longer."""
    for layout in LAYOUTS:
        sound = report(layout, 8)
        before = Counter(true_rows(sound))
        try:
            wrong = plant(sound, name)
        except NotPossible:
            continue
        (error,) = wrong.planted
        after = Counter(true_rows(wrong))
        assert error.published != error.right
        assert before != after
        if parse(error.published) is not None:
            rows = [
                row for row in after - before if row[:4] == (error.table, error.row_code, error.row_name, error.column)
            ]
            assert [row[7] for row in rows] == [error.published]
        return
    pytest.fail("no layout has a place for this error")


def test_comparing_counts_repeats() -> None:
    """A row that stands twice must be found twice."""
    score = compare([("a",), ("a",), ("b",)], [("a",), ("c",)])
    assert (score.hits, score.missed, score.extra) == (1, (("a",), ("b",)), (("c",),))
    assert (score.precision, round(score.recall, 2)) == (0.5, 0.33)
    assert compare([], []).recall == compare([], []).precision == 1.0


def test_a_plan_goes_through_every_pair() -> None:
    """All layouts in all formats before one comes again."""
    count = len(LAYOUTS) * len(FORMATS)
    assert len({(job.layout, job.form.id) for job in plan(count, 1)}) == count


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.id)
def test_files_are_the_same_byte_for_byte(form: Format) -> None:
    """Twice here, and once more in another process with another hash seed."""
    written = form.write(report(BY_ID["shanxi"], 4))
    assert written == form.write(report(BY_ID["shanxi"], 4))
    program = (
        "import hashlib;from tests.corpus.compose import report;from tests.corpus.layouts import BY_ID;"
        "from tests.corpus.writers import BY_ID as F;"
        f"print(hashlib.sha256(F[{form.id!r}].write(report(BY_ID['shanxi'], 4))).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[3],
        env={"PYTHONHASHSEED": "77", "PYTHONPATH": "."},
    )
    assert done.stdout.strip() == hashlib.sha256(written).hexdigest()


def test_archives_carry_no_clock() -> None:
    """Every member of a DOCX has the one fixed date."""
    content = next(form for form in FORMATS if form.id == "docx").write(report(BY_ID["hubei"], 1))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2025, 8, 20, 0, 0, 0)}


def test_one_cell_per_line_keeps_the_habits_of_the_converter() -> None:
    """Leading tabs, shorter rows for merged cells, blank cells under cells merged downwards."""
    lines = text.cells(report(BY_ID["hubei"], 3)).decode().split("\n")
    start = lines.index("\t收入")
    assert lines[start : start + 9] == [
        "\t收入",
        "\t支出",
        "",
        "\t项目",
        "\t行次",
        "\t金额",
        "\t项目",
        "\t行次",
        "\t金额",
    ]
    assert "\t\u3000" in lines


def test_pdf_pages_are_known_and_rows_are_cut() -> None:
    """Tables run over pages, and Word's habit cuts a wrapped row in two somewhere."""
    printed = report(BY_ID["guangdong"], 6)
    content, pages = pdf.draw(printed, pdf.WORD)
    assert content.startswith(b"%PDF")
    for block in printed.tables():
        numbers = [pages[block.id, row] for row in range(block.grid.height)]
        assert numbers == sorted(numbers)
    assert any(pages[block.id, 0] != pages[block.id, block.grid.height - 1] for block in printed.tables())


def test_lines_wrap_without_orphans() -> None:
    """Every line fits and the last has two characters at least."""
    pdf.draw(report(BY_ID["central"], 1), pdf.STROKED)
    lines = pdf.wrap("附属单位上缴收入", 55.0, 7.5)
    assert "".join(lines) == "附属单位上缴收入"
    assert len(lines[-1]) >= 2


def test_truth_is_written_in_the_columns_of_the_facts_file(tmp_path: Path) -> None:
    """`generate` puts a truth file beside every report."""
    subprocess.run(
        [sys.executable, "-m", "tests.corpus.generate", str(tmp_path), "--count", "3", "--format", "txt-tabs"],
        check=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    files = sorted(path for path in tmp_path.iterdir() if path.is_file())
    assert len(files) == 3
    for path in files:
        with (tmp_path / "truth" / f"{path.name}.truth.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert tuple(rows[0]) == COLUMNS
        assert len(rows) > 100

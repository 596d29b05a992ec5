"""Every habit of drawing the tables of a report, cell by cell; prose is never taken for a table."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import SourceFile, Table
from tests.corpus.compose import report
from tests.corpus.grid import Line, Printed
from tests.corpus.habits import CLEAN, HABITS, UNRULED, Exact, habit_pdf, score_tables
from tests.corpus.layouts import BY_ID, LAYOUTS
from tests.unit.extractor import pdf_drawing as drawing

#: Share of the cells of an odd habit that is read exactly; of its numbers all are.
ODD = 0.995
REPORTS = Path(__file__).resolve().parents[4] / "shared" / "reports"


@cache
def printed(layout: str = "shaanxi", seed: int = 7) -> Printed:
    return report(BY_ID[layout], seed)


def read(content: bytes) -> Reading:
    return PdfReader().read(SourceFile(name="x.pdf", content=content))


def tables(reading: Reading) -> list[Table]:
    return [block for block in reading.blocks if isinstance(block, Table)]


def exact(name: str, account: Printed) -> tuple[Exact, Reading]:
    reading = read(habit_pdf(name, account))
    return score_tables(account, tables(reading), spans=name not in UNRULED), reading


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_habit_is_read_exactly(name: str) -> None:
    found, reading = exact(name, printed())
    assert (found.right, found.right_numbers) == (found.cells, found.numbers)
    assert not reading.doubts


@pytest.mark.parametrize("name", sorted(set(HABITS) - set(CLEAN)))
def test_an_odd_habit_is_read_all_but_exactly(name: str) -> None:
    found, _ = exact(name, printed())
    assert found.share >= ODD
    assert found.right_numbers == found.numbers


@pytest.mark.parametrize("layout", [layout.id for layout in LAYOUTS])
def test_tables_without_rules_of_every_layout(layout: str) -> None:
    found, _ = exact("no_rules", printed(layout, 11))
    assert found.share >= ODD - 0.005
    assert found.right_numbers == found.numbers


@pytest.mark.parametrize("name", sorted(HABITS))
def test_the_same_report_in_the_same_habit_is_the_same_file(name: str) -> None:
    assert HABITS[name](printed()) == habit_pdf(name, printed())


def test_prose_with_amounts_is_no_table() -> None:
    sentence = "2023年度收入总计1,234.56万元，支出总计1,234.56万元，与上年相比增加23.45万元，增长1.94%。"
    lines = tuple(Line(sentence) for _ in range(40)) + tuple(Line(f"{i}.项目支出 {i}2.34 万元；") for i in range(1, 20))
    assert not tables(read(habit_pdf("no_rules", replace(printed(), blocks=lines))))


def test_contents_and_lists_are_no_tables() -> None:
    page, buffer = drawing.canvas()
    for row, title in enumerate(("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表")):
        drawing.write(page, 60, 100 + 20 * row, f"{row + 1}. {title}")
        drawing.write(page, 480, 100 + 20 * row, str(3 * row + 4))
        drawing.write(page, 60, 300 + 20 * row, "联系人：")
        drawing.write(page, 300, 300 + 20 * row, "电话：")
    assert not tables(read(drawing.finish(page, buffer)))


def test_no_table_is_found_in_the_words_of_real_reports() -> None:
    """The tables of the real reports are ruled, every one: none may be found between them."""
    known = {"blank-template-shanghai.pdf": 10, "budget-not-final-account-jiangsu-2018.pdf": 12}
    known["puto-finance-bureau-2024.pdf"] = 10
    files = [REPORTS / name for name in known if (REPORTS / name).exists()]
    assert {file.name: len(tables(read(file.read_bytes()))) for file in files} == {
        file.name: known[file.name] for file in files
    }

"""Every habit of drawing the tables of a report: what is read, cell by cell."""

from __future__ import annotations

from functools import cache

import pytest

from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import SourceFile, Table
from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.habits import CLEAN, HABITS, habit_pdf, score_tables
from tests.corpus.layouts import BY_ID


@cache
def printed() -> Printed:
    return report(BY_ID["shaanxi"], 7)


def read(name: str) -> Reading:
    return PdfReader().read(SourceFile(name="x.pdf", content=habit_pdf(name, printed())))


def tables(reading: Reading) -> list[Table]:
    return [block for block in reading.blocks if isinstance(block, Table)]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_habit_is_read_exactly(name: str) -> None:
    reading = read(name)
    exact = score_tables(printed(), tables(reading))
    assert (exact.right, exact.right_numbers) == (exact.cells, exact.numbers)
    assert not reading.doubts


@pytest.mark.parametrize("name", sorted(HABITS))
def test_the_same_report_in_the_same_habit_is_the_same_file(name: str) -> None:
    assert HABITS[name](printed()) == habit_pdf(name, printed())

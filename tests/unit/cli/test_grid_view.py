from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli.grid_view import render
from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import SourceFile
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.writers import BY_ID as FORMATS


def printed(table_id: str, width: int) -> list[str]:
    """The parts of one table of a report whose T01 has two sides, as they stand in a window of `width` cells."""
    source = SourceFile(name="a.xls", content=FORMATS["xls"].write(report(LAYOUTS["sichuan"], 8)))
    document = extract(source)
    table = normalize(document).by_table[table_id]
    parts = []
    for part in render(document.tables[table.source_table], table, {}, width):
        out = io.StringIO()
        Console(file=out, width=width, color_system=None).print(part)
        parts.append(out.getvalue())
    return parts


def test_a_wide_window_has_the_table_in_one_part() -> None:
    assert len(printed("T01", 160)) == 1


@pytest.mark.parametrize("width", [56, 64, 80])
def test_amounts_stay_beside_their_own_labels(width: int) -> None:
    income, spending = printed("T01", width)[0], printed("T01", width)[-1]
    assert "一般公共服务支出" not in income
    assert "一般公共服务支出" in spending
    assert "财政拨款收入" not in spending
    assert any(character.isdigit() for character in spending)


def test_no_part_is_wider_than_the_window_and_no_row_is_blank() -> None:
    for table in ("T01", "T04", "T06"):
        for part in printed(table, 80):
            lines = part.splitlines()
            assert all(line.strip() for line in lines)

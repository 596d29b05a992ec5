"""What the figures of the extraction benchmark are made of."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]

from benchmarks.cells import exact, printed_cells
from benchmarks.contenders import read_floor, read_ours, tables_ours
from benchmarks.plot import figure
from shared.contracts.document import Cell, Table
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID
from tests.corpus.writers import pdf

PRINTED = report(BY_ID["shaanxi"], 7)


def as_tables() -> list[Table]:
    tables = []
    for index, block in enumerate(PRINTED.tables()):
        cells = tuple(
            Cell(row=c.row, column=c.column, text=c.text, rowspan=c.rowspan, colspan=c.colspan)
            for c in printed_cells(block)
        )
        height = max(cell.row + cell.rowspan for cell in cells)
        tables.append(Table(index=index, rows=height, columns=block.grid.width, cells=cells))
    return tables


def test_the_truth_is_exact_and_a_slip_is_counted() -> None:
    tables = as_tables()
    whole = exact(PRINTED, tables)
    assert whole.cells == whole.right == whole.spans_right
    assert whole.numbers == whole.numbers_right > 0
    cells = list(tables[0].cells)
    place = next(i for i, cell in enumerate(cells) if "." in cell.text)
    cells[place] = cells[place].model_copy(update={"text": "1.00001"})
    slipped = exact(PRINTED, [tables[0].model_copy(update={"cells": tuple(cells)}), *tables[1:]])
    assert slipped == replace(
        whole, right=whole.right - 1, numbers_right=whole.numbers_right - 1, spans_right=whole.spans_right - 1
    )
    assert exact(PRINTED, []).right == 0


def test_ours_and_the_floor_read_the_same_file() -> None:
    content = pdf.stroked(PRINTED)
    score = exact(PRINTED, tables_ours(read_ours(content)))
    assert score.right == score.cells
    codes = {chr(code) for code, *_ in read_floor(content)}
    assert {char for block in PRINTED.tables() for char in block.title} <= codes


def test_a_plot_is_an_svg_with_a_line_for_each_name() -> None:
    text = figure(("Seconds", "pages", {"a < b": [(10, 0.1), (1000, 9.0)], "c": [(10, 0.2), (1000, 20.0)]}))
    root = etree.fromstring(text.encode())
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    places = [[float(x) for x in pair.split(",")] for pair in lines[0].get("points").split()]
    assert len(lines) == 2
    assert places[0][0] < places[1][0]
    assert places[0][1] > places[1][1]

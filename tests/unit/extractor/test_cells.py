"""Cells made without checks are the cells that the contract would make."""

from __future__ import annotations

from services.extractor.cells import make_cell, moved
from shared.contracts.document import Box, Cell, DoubtCode

CHECKED = Cell(
    row=3,
    column=1,
    text="1,234.56",
    rowspan=1,
    colspan=2,
    page=4,
    box=Box(x0=50.25, y0=100.0, x1=130.5, y1=118.0),
    doubts=(DoubtCode.ODD_RULES,),
    confidence=0.5,
)


def made() -> Cell:
    return make_cell((3, 1, 1, 2), "1,234.56", 4, (50.25, 100.0, 130.5, 118.0), (DoubtCode.ODD_RULES,), 0.5)


def test_made_and_checked_are_one() -> None:
    assert made() == CHECKED
    assert hash(made()) == hash(CHECKED)
    assert made().model_fields_set == CHECKED.model_fields_set
    assert made().model_dump_json() == CHECKED.model_dump_json()
    assert Cell.model_validate(made().model_dump()) == CHECKED


def test_copies_share_nothing() -> None:
    cell = made()
    other = cell.model_copy(update={"text": "1"})
    assert (cell.text, other.text) == ("1,234.56", "1")
    assert cell.model_fields_set == other.model_fields_set == CHECKED.model_fields_set


def test_moved() -> None:
    cell = moved(made(), 7, 0, 3)
    assert cell == CHECKED.model_copy(update={"row": 7, "column": 0, "colspan": 3})
    assert made() == CHECKED

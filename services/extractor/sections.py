"""Parts of a table with a title of their own over all columns (二、机关运行经费), often with the header again below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extractor.growing import Growing, until
from shared.catalogue.text import squeeze
from shared.contracts.document import Cell, Table

_DIGITS = "一二三四五六七八九十"
_LABEL = re.compile(rf"^([(（]?)([{_DIGITS}]{{1,3}})[、.．)）]")
_NAME_OF_TABLE = re.compile(r"表(?:[(（].{0,12}[)）])?$")


def is_section(cells: Sequence[Cell], columns: int) -> bool:
    """Whether the cells of a row are the one title of a section."""
    return len(cells) == 1 and cells[0].colspan == columns > 1 and _number(cells[0]) is not None


def row_of(table: Table, row: int) -> Sequence[Cell]:
    """The cells that begin in a row near the top."""
    return table.cells[len(until(table.cells, row)) : len(until(table.cells, row + 1))]


def ends_with_section(table: Growing) -> bool:
    """Whether the last row so far is the title of a section that has nothing below it yet."""
    return is_section([table.cells[index] for index in table.tail], table.columns)


def is_next_section(table: Growing, part: Table) -> bool:
    """Whether `part` begins with the title of a section and `table` with that of one before it."""
    first = row_of(part, 0)
    if not is_section(first, part.columns) or _NAME_OF_TABLE.search(squeeze(first[0].text)):
        return False
    above = next(
        (own for row in range(table.top.rows) if is_section(own := row_of(table.top, row), table.columns)), None
    )
    if above is None:
        return False
    here, there = _number(above[0]), _number(first[0])
    return here is not None and there is not None and here[0] == there[0] and here[1] < there[1]


def _number(cell: Cell) -> tuple[str, int] | None:
    """The manner and the number of a label in Chinese numerals, up to 99."""
    found = _LABEL.match(squeeze(cell.text))
    if found is None:
        return None
    tens, ten, ones = found[2].rpartition("十")
    if not ten:
        return (found[1], _DIGITS.index(ones) + 1) if len(ones) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return found[1], 10 * (_DIGITS.index(tens) + 1 if tens else 1) + (_DIGITS.index(ones) + 1 if ones else 0)

"""Tables that a converter cut at page breaks: each part is a `w:tbl` of its own, one right after the other."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.stitch import Stitched, header_rows, stitch
from shared.catalogue.text import squeeze
from shared.contracts.document import Block, Table

_TOP_ROWS = 3
_FAR = 10
#: Columns from which rows of data alone can say that they belong to the table before.
_COLUMNS = 3


def join_parts(blocks: Sequence[Block]) -> Stitched:
    """`blocks` with such parts joined.

    Word knows no pages, so each table stands for one. A part that may go on where the one before ends begins with data,
    or repeats a top row of that table; every other table starts so far away that nothing is joined to it.
    """
    page = 0
    tops: list[list[str]] = []
    placed: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            placed.append(block)
            continue
        goes_on = header_rows(block) == 0 and block.columns >= _COLUMNS
        if goes_on or _row(block, 0) in tops:
            page += 1
        else:
            page += _FAR
            tops = [_row(block, row) for row in range(min(_TOP_ROWS, block.rows))]
        placed.append(block.model_copy(update={"page": page}))
    stitched = stitch(placed)
    return Stitched(
        tuple(
            block.model_copy(update={"page": None}) if isinstance(block, Table) else block for block in stitched.blocks
        ),
        tuple(doubt.model_copy(update={"page": None}) for doubt in stitched.doubts),
    )


def _row(table: Table, row: int) -> list[str]:
    return [squeeze(cell.text) for cell in table.cells if cell.row == row]

"""A row that a page break cuts in two: is the first row of the next part the rest of the last one?

Only certain cases are joined: a true new row must never disappear into the row above it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum
from functools import cache

from shared.catalogue.files import read_rows
from shared.catalogue.text import fold, squeeze, without_prefix
from shared.contracts.document import Cell

_AMOUNT = re.compile(r"^[-−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?$|^[-—–]{1,3}$")
_CODE = re.compile(r"^[0-9]{2,9}$")
_STARTS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]|其中|合计|小计|总计|本年|年初|年末|注[:：]|项目|栏次|行次)"
)
_ENDS_WHOLE = ("支出", "收入", "合计", "总计", "小计", "结余", "费", "金", "费用", "经费", "补助", "补贴", "数", "款", "其他")
_LONGEST = 14
_SHORT = 4


class Cut(Enum):
    """What the two rows at a page break are to each other."""

    ONE_ROW = "one_row"
    PERHAPS = "perhaps"
    TWO_ROWS = "two_rows"


@cache
def _known_names() -> frozenset[str]:
    """Names of subjects and lines of the official forms, in comparison form."""
    names = [row["name"] for file in ("functional", "economic_dept", "economic_gov", "revenue") for row in read_rows(file)]
    names += [row["label"] for row in read_rows("t01_t04_rows")]
    return frozenset(fold(without_prefix(name)) for name in names)


def _known(text: str) -> bool:
    return fold(without_prefix(text)) in _known_names()


def cut_of(last: Sequence[Cell], first: Sequence[Cell], full: Collection[int]) -> Cut:
    """Whether `first` (first row of the next part) completes `last` (last row of the part above).

    `full`: columns of `last` whose text runs to the right edge of its cell.
    """
    if [(c.column, c.colspan) for c in last] != [(c.column, c.colspan) for c in first]:
        return Cut.TWO_ROWS
    if any(cell.rowspan > 1 for cell in first):
        return Cut.TWO_ROWS
    pairs = [(a, b) for a, b in zip(last, first, strict=True) if b.text]
    pieces: list[Cut] = []
    for above, below in pairs:
        here, there = squeeze(above.text), squeeze(below.text)
        if _AMOUNT.match(there) or _CODE.match(there):
            if here:
                return Cut.TWO_ROWS
            continue
        piece = _piece(here, there, full=above.column in full)
        if piece is Cut.TWO_ROWS:
            return Cut.TWO_ROWS
        pieces.append(piece)
    if not pieces:
        return Cut.TWO_ROWS
    if Cut.PERHAPS in pieces:
        return Cut.PERHAPS if len(pairs) == len(pieces) else Cut.TWO_ROWS
    return Cut.ONE_ROW if len(pairs) == len(pieces) or _complement(last, pairs) else Cut.TWO_ROWS


def _complement(last: Sequence[Cell], pairs: Sequence[tuple[Cell, Cell]]) -> bool:
    """Whether the amounts all stand in the lower piece: the upper one then has a name and nothing else."""
    amounts = [below for _, below in pairs if _AMOUNT.match(squeeze(below.text))]
    return bool(amounts) and not any(
        _AMOUNT.match(squeeze(cell.text)) and not _CODE.match(squeeze(cell.text)) for cell in last
    )


def _piece(here: str, there: str, *, full: bool) -> Cut:
    """Whether the text `there` completes `here`."""
    if not here or _AMOUNT.match(here) or len(there) > _LONGEST:
        return Cut.TWO_ROWS
    if _opens(here) > 0 > _opens(there):
        return Cut.ONE_ROW
    if _STARTS.match(there):
        return Cut.TWO_ROWS
    if _known(here + there) and not _known(here):
        return Cut.ONE_ROW
    if _known(here) or _known(there) or here.endswith(_ENDS_WHOLE):
        return Cut.TWO_ROWS
    if full:
        return Cut.ONE_ROW
    return Cut.PERHAPS if len(there) <= _SHORT else Cut.TWO_ROWS


def _opens(text: str) -> int:
    """Brackets opened and not closed (negative: closed and not opened)."""
    return sum(text.count(mark) for mark in "(（《“") - sum(text.count(mark) for mark in ")）》”")


def joined_row(last: Sequence[Cell], first: Sequence[Cell]) -> list[Cell]:
    """The one row of two pieces. A cell that stands in the lower piece alone keeps its place there."""
    joined: list[Cell] = []
    for above, below in zip(last, first, strict=True):
        if not below.text:
            joined.append(above)
        elif above.text:
            joined.append(above.model_copy(update={"text": f"{above.text}\n{below.text}"}))
        else:
            update = {"row": above.row, "column": above.column, "rowspan": above.rowspan, "colspan": above.colspan}
            joined.append(below.model_copy(update=update))
    return joined

"""Rows that a page break cuts in two.

Is the first row of the next part the rest of the last row above?

Only certain cases are joined: a true new row must never disappear into the row above it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum
from functools import cache

from shared.catalogue.amounts import whole_amount
from shared.catalogue.files import read_rows
from shared.catalogue.text import fold, squeeze, without_prefix
from shared.contracts.document import Cell

_AMOUNT = re.compile(r"^[-−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?$|^[-—–]{1,3}$")
_CODE = re.compile(r"^[0-9]{2,9}$")
_REST = re.compile(r"^[,.][0-9][0-9,.]*$")
_CODES, _NO_CODE = {5, 7}, {4, 6}  # digits that a code has, digits that only a piece of a code has
_STARTS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]|其中|合计|小计|总计|本年|年初|年末|注[:：]|项目|栏次|行次)"
)
_ENDS_WHOLE = (
    "支出",
    "收入",
    "合计",
    "总计",
    "小计",
    "结余",
    "费",
    "金",
    "费用",
    "经费",
    "补助",
    "补贴",
    "数",
    "款",
    "其他",
)
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
    names = [
        row["name"] for file in ("functional", "economic_dept", "economic_gov", "revenue") for row in read_rows(file)
    ]
    names += [row["label"] for row in read_rows("t01_t04_rows")]
    return frozenset(fold(without_prefix(name)) for name in names)


def _known(text: str) -> bool:
    return fold(without_prefix(text)) in _known_names()


def completes(here: str, there: str) -> bool:
    """Whether `there` is the rest of a name that the catalogue knows and that begins with `here`."""
    here, there = squeeze(here), squeeze(there)
    return not _STARTS.match(there) and _known(here + there) and not _known(here)


def begins(text: str) -> bool:
    """Whether a row begins with `text`: it is numbered, a name by itself, or says what only a row of its own says."""
    return bool(_STARTS.match(squeeze(text))) or _known(squeeze(text))


def cut_of(last: Sequence[Cell], first: Sequence[Cell], full: Collection[int]) -> Cut:
    """Whether `first` (first row of the next part) completes `last` (last row of the part above).

    `full`: columns of `last` whose text runs to the right edge of its cell.
    """
    same = [(c.column, c.colspan) for c in last] == [(c.column, c.colspan) for c in first]
    if not same or any(cell.rowspan > 1 for cell in first):
        return Cut.TWO_ROWS
    pairs = [(a, b) for a, b in zip(last, first, strict=True) if b.text]
    numbers = [(a, b) for a, b in pairs if _is_number(b.text)]
    pieces = [
        _piece(squeeze(a.text), squeeze(b.text), full=a.column in full) for a, b in pairs if not _is_number(b.text)
    ]
    words = [(squeeze(a.text), squeeze(b.text)) for a, b in pairs if not _is_number(b.text)]
    named = any(_known(here + there) and not _known(here) for here, there in words)
    if numbers and all(_is_broken(a, b, full, named=named) for a, b in numbers):
        begun = any(_STARTS.match(there) for _, there in words)
        return Cut.TWO_ROWS if begun else Cut.ONE_ROW
    if not pieces or Cut.TWO_ROWS in pieces or (numbers and not _complement(last, numbers)):
        return Cut.TWO_ROWS
    if Cut.PERHAPS in pieces:
        return Cut.TWO_ROWS if numbers else Cut.PERHAPS
    return Cut.ONE_ROW


def _is_number(text: str) -> bool:
    plain = squeeze(text)
    return bool(_AMOUNT.match(plain) or _CODE.match(plain) or _REST.match(plain))


def _is_broken(above: Cell, below: Cell, full: Collection[int], *, named: bool) -> bool:
    """Whether an amount or a code that did not fit its column goes on in the lower piece.

    Pieces of a code may be codes themselves (20805 and 06): they are one when the names make one (`named`).
    """
    if above.column not in full and not _REST.match(squeeze(below.text)):
        return False
    upper, lower = squeeze(above.text), squeeze(below.text)
    if _CODE.match(upper) and lower.isdigit():
        return (named or len(upper) in _NO_CODE) and len(upper + lower) in _CODES
    return whole_amount((upper, lower))


def _complement(last: Sequence[Cell], numbers: Sequence[tuple[Cell, Cell]]) -> bool:
    """Whether all amounts stand in the lower piece: the upper one has a name, perhaps a code, and nothing else."""
    if any(above.text or _CODE.match(squeeze(below.text)) for above, below in numbers):
        return False
    return all(_CODE.match(squeeze(cell.text)) for cell in last if _is_number(cell.text))


def _piece(here: str, there: str, *, full: bool) -> Cut:
    """Whether the text `there` completes `here`."""
    if not here or _is_number(here) or len(there) > _LONGEST:
        return Cut.TWO_ROWS
    certain = _opens(here) > 0 > _opens(there)
    if not certain and not _STARTS.match(there):
        certain = _known(here + there) and (not _known(here) or (full and not _known(there)))
        if not certain and not (_known(here) or _known(there) or here.endswith(_ENDS_WHOLE)):
            if not full:
                return Cut.PERHAPS if len(there) <= _SHORT else Cut.TWO_ROWS
            certain = True
    return Cut.ONE_ROW if certain else Cut.TWO_ROWS


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
            mark = "" if whole_amount((squeeze(above.text), squeeze(below.text))) else "\n"
            text = f"{above.text}{mark}{below.text}" if mark else squeeze(above.text) + squeeze(below.text)
            joined.append(above.model_copy(update={"text": text}))
        else:
            update = {"row": above.row, "column": above.column, "rowspan": above.rowspan, "colspan": above.colspan}
            joined.append(below.model_copy(update=update))
    return joined

"""The detail table of basic expenditure: which of its side-by-side blocks are 人员经费 and which 公用经费.

Its parent captions and its two totals span several blocks, and their spans are lost in text. The economic codes in the
blocks tell: 301 and 303 are staff, all others operating expenditure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_CODE = re.compile(r"3[0-9]{2}(?:[0-9]{2})?")
_STAFF = ("301", "303")
#: Code columns from left to right, and whether most of their codes are staff expenditure.
Blocks = list[tuple[int, bool]]
_LIKELY = 0.5
_FAVOUR = 0.3


def blocks(rows: Sequence[Sequence[str]]) -> Blocks:
    """Code columns from left to right, and whether most of their codes are staff expenditure."""
    codes: dict[int, list[str]] = {}
    for row in rows:
        for column, cell in enumerate(row):
            if _CODE.fullmatch(cell):
                codes.setdefault(column, []).append(cell)
    return [
        (column, sum(code.startswith(_STAFF) for code in found) * 2 > len(found))
        for column, found in sorted(codes.items())
        if len(found) > 1
    ]


def parent_starts(rows: Sequence[Sequence[str]]) -> dict[int, float]:
    """Where the caption 公用经费 is likely to begin: at the first block of operating codes behind a staff block."""
    for (_, before), (column, staff) in pairwise(blocks(rows)):
        if before and not staff:
            return {column: _LIKELY}
    return {}


def total_labels(cells: Sequence[str]) -> list[int]:
    """The cells that are labels of totals, with a cell behind them."""
    return [number for number, cell in enumerate(cells[:-1]) if "经费合计" in "".join(cell.split())]


def total_places(cells: Sequence[str], found: Blocks, amounts: Sequence[bool]) -> dict[tuple[int, int], float]:
    """Favoured columns of the amounts behind 人员经费合计 and 公用经费合计 in `cells`: (cell, column) -> bonus."""
    labels = total_labels(cells) if found else []
    if not labels:
        return {}
    ends = [column for column, _ in found[1:]] + [len(amounts)]
    bonus: dict[tuple[int, int], float] = {}
    for label in labels:
        staff = "人员" in cells[label]
        if not staff and "公用" not in cells[label]:
            continue
        places = [
            column
            for (start, is_staff), end in zip(found, ends, strict=True)
            if is_staff is staff
            for column in range(start, end)
            if amounts[column]
        ]
        if places:
            bonus[label + 1, places[-1]] = _FAVOUR
    return bonus

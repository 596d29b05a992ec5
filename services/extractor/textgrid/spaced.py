"""Tables whose columns are kept apart by blanks alone: a cell belongs to the column that it is printed in."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.textgrid.items import Row
from services.extractor.textgrid.marks import is_amount

#: Words that are often printed with blanks between their two characters.
_WIDE_WORDS = frozenset(
    ["合计", "总计", "小计", "收入", "支出", "项目", "金额", "名称", "编码", "代码", "行次", "栏次", "科目", "单位"]
)

Interval = tuple[int, int]


def by_position(rows: Sequence[Row]) -> tuple[list[list[str]], list[tuple[int, ...]]]:
    """For each row its cells, one for each column, and the numbers of the amounts whose column is not certain.

    Where the columns are not printed below one another, the cells come back as they are, blank ones missing.
    """
    joined = [_join_wide_words(row) for row in rows]
    columns = _columns(joined)
    if len(columns) < max(len(cells) for cells, _ in joined):
        return [cells for cells, _ in joined], [()] * len(joined)
    grid: list[list[str]] = []
    unsure: list[tuple[int, ...]] = []
    for cells, starts in joined:
        if len(cells) >= len(columns):
            grid.append(cells)
            unsure.append(())
            continue
        line = [""] * len(columns)
        doubtful: list[int] = []
        free = 0
        for number, (text, spot) in enumerate(zip(cells, starts, strict=True)):
            last = len(columns) - (len(cells) - number)
            column, clear = _nearest(spot, columns, free, last)
            line[column] = text
            if not clear and is_amount(text):
                doubtful.append(column)
            free = column + 1
        grid.append(line)
        unsure.append(tuple(doubtful))
    return grid, unsure


def _join_wide_words(row: Row) -> tuple[list[str], list[Interval]]:
    cells: list[str] = []
    spots: list[Interval] = []
    for text, spot in zip(row.cells, row.starts or [(0, 0)] * len(row.cells), strict=True):
        if cells and len(text) == 1 and len(cells[-1]) == 1 and cells[-1] + text in _WIDE_WORDS:
            cells[-1] += text
            spots[-1] = (spots[-1][0], spot[1])
        else:
            cells.append(text)
            spots.append(spot)
    return cells, spots


def _columns(rows: Sequence[tuple[list[str], list[Interval]]]) -> list[Interval]:
    """Where each column is printed: the bands of display columns that are not blank in all rows with numbers."""
    most = max(len(cells) for cells, _ in rows)
    spots = sorted(
        spot
        for cells, starts in rows
        if len(cells) == most or any(is_amount(cell) for cell in cells)
        for spot in starts
    )
    bands: list[Interval] = []
    for start, end in spots:
        if bands and start <= bands[-1][1]:
            bands[-1] = bands[-1][0], max(bands[-1][1], end)
        else:
            bands.append((start, end))
    captions = sorted(spot for _, starts in rows for spot in starts if spot[1] > spot[0])
    for start, end in captions:  # a column without any amount has but its caption
        if all(end <= first or start >= last for first, last in bands):
            bands.append((start, end))
    return sorted(bands)


def _nearest(spot: Interval, columns: Sequence[Interval], first: int, last: int) -> tuple[int, bool]:
    """The column between `first` and `last` that lies over `spot` the most, and whether no other does as well."""

    def distance(column: int) -> int:
        start, end = columns[column]
        overlap = min(end, spot[1]) - max(start, spot[0])
        return -overlap if overlap > 0 else min(abs(start - spot[0]), abs(end - spot[1]))

    ranked = sorted(range(first, last + 1), key=lambda column: (distance(column), column))
    best = ranked[0]
    touches = distance(best) < 0
    rival = len(ranked) > 1 and distance(ranked[1]) < 0
    return best, touches and not rival

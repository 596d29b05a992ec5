"""Where the cells of a short row stand: the layout that suits the kinds of cells of the full rows best.

A merged cell is printed once and leaves its row with fewer cells than the table has columns. Every way to spread the
cells over the columns is scored by what the columns hold elsewhere (codes, names, amounts); dynamic programming finds
the best and says whether an amount might as well stand in another column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.extractor.textgrid.marks import Look, look
from shared.runtime.progress import progress

#: Wider rows are not fitted (time grows with the square of the width); no form is that wide.
WIDEST_FIT = 64
#: About five seconds. The longest account seen needs a hundredth of it.
MOST_TRIED = 4_000_000
_NEVER = float("-inf")
_SPAN_TEXT, _SPAN_BLANK, _SPAN_NUMBER = 0.15, 0.2, 0.6
#: A column without a cell: likely where tabs are printed (they get lost), unlikely with one cell a line.
_PAD_EXPLICIT, _PAD_STACKED = 0.25, 0.6
_COVERS_AMOUNTS = 1.0
_TIE = 0.05
_CODE = re.compile(r"[1-9][0-9]{2}(?:[0-9]{2}){0,2}")


class Budget:
    """How many places for cells one document may have tried: a file of nothing but ragged rows would take hours."""

    def __init__(self, left: int = MOST_TRIED) -> None:
        self._left = left

    def take(self, tried: int) -> bool:
        """Whether so many more may be tried."""
        self._left -= tried
        progress()
        return self._left >= 0


@dataclass(frozen=True, slots=True)
class Fit:
    """A layout: `spans[i]` = first column and column count of cell i.

    `unsure` = cells with amounts that could stand elsewhere; `padded` = columns left empty for want of cells.
    """

    spans: tuple[tuple[int, int], ...]
    unsure: tuple[int, ...] = ()
    padded: int = 0


class Profile:
    """What the columns of a table hold, by the rows that have a cell for each."""

    def __init__(self, columns: int, rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> None:
        self.columns = columns
        counts = [{Look.TEXT: 0.0, Look.NUMBER: 0.0, Look.INTEGER: 0.0} for _ in range(columns)]
        for row in rows:
            for column, cell in enumerate(row[:columns]):
                kind = Look.NUMBER if (seen := look(cell)) is Look.DASH else seen
                if kind is not Look.BLANK:
                    counts[column][kind] += 1
        for column, cell in enumerate(header[:columns]):
            counts[column][_headed(cell)] += 0.5
        self.amounts = tuple(
            _holds_amounts(
                counts[column], [row[column] for row in rows if column < len(row)], header[column] if header else ""
            )
            for column in range(columns)
        )
        self._scores = [_scores(found, amounts=held) for found, held in zip(counts, self.amounts, strict=True)]

    def score(self, kind: Look, first: int, span: int) -> float:
        """How well a cell of `kind` suits the columns `first` to `first + span - 1`."""
        if span == 1:
            return self._scores[first][kind]
        extra = span - 1
        if kind is Look.BLANK:
            return -_SPAN_BLANK * extra
        columns = range(first, first + span)
        best = max(self._scores[column][kind] for column in columns)
        if kind is Look.TEXT:
            covered = sum(1 for column in columns if self.amounts[column])
            return best - _SPAN_TEXT * extra - _COVERS_AMOUNTS * covered
        return best - _SPAN_NUMBER * extra


def _headed(text: str) -> Look:
    bare = "".join(text.split())
    if not bare:
        return Look.NUMBER
    if bare.endswith(("编码", "代码")) or bare in {"类", "款", "项", "行次"}:
        return Look.INTEGER
    return Look.TEXT if bare.endswith(("名称", "项目", "指标", "栏次")) else Look.NUMBER


def _holds_amounts(counts: Mapping[Look, float], cells: Sequence[str], header: str) -> bool:
    """Whether a column is one of amounts; one that is blank but for its caption may be."""
    number, integer, text = (counts[kind] for kind in (Look.NUMBER, Look.INTEGER, Look.TEXT))
    if text > number + integer:
        return False
    if number - 0.5 >= integer * 0.25 or not integer:
        return True
    codes = sum(1 for cell in cells if _CODE.fullmatch(cell))
    return _headed(header) is Look.NUMBER and codes * 2 < integer


def _scores(counts: Mapping[Look, float], *, amounts: bool) -> dict[Look, float]:
    total = sum(counts.values())
    if not total:
        return {Look.TEXT: 0.0, Look.NUMBER: 0.1, Look.INTEGER: 0.05, Look.DASH: 0.05, Look.BLANK: 0.1}
    text, number, integer = (counts[kind] / total for kind in (Look.TEXT, Look.NUMBER, Look.INTEGER))
    return {
        Look.TEXT: text - number - 0.7 * integer,
        Look.NUMBER: number + 0.4 * integer - text if amounts else -0.5 - 0.5 * text,
        Look.INTEGER: integer + 0.7 * number - text,
        Look.DASH: 0.5 * (number + 0.4 * integer - text),
        Look.BLANK: 0.1,
    }


def fit(
    kinds: Sequence[Look],
    profile: Profile,
    *,
    explicit: bool = False,
    bonus: Mapping[tuple[int, int], float] | None = None,
) -> Fit:
    """The best layout of cells of `kinds` over the columns of `profile`; `len(kinds)` is at most `profile.columns`.

    `bonus[(cell, column)]` favours a place that the caller knows more about. `explicit` is for rows with printed
    separators: columns may stay empty before the first cell too (tabs lost at the beginning of a line).
    """
    table = _Table(kinds, profile, bonus or {}, explicit=explicit)
    spans = table.spans()
    unsure = tuple(
        cell
        for cell, kind in enumerate(kinds)
        if kind in {Look.NUMBER, Look.INTEGER} and table.could_stand_elsewhere(cell, spans[cell])
    )
    return Fit(spans, unsure, profile.columns - sum(span for _, span in spans))


class _Table:
    """Scores of all beginnings (`ahead[i][j]`: i cells over j columns) and of all ends (`behind`)."""

    def __init__(
        self, kinds: Sequence[Look], profile: Profile, bonus: Mapping[tuple[int, int], float], *, explicit: bool
    ) -> None:
        self.kinds, self.profile, self.bonus = kinds, profile, bonus
        cells, columns = len(kinds), profile.columns
        pad = _PAD_EXPLICIT if explicit else _PAD_STACKED
        self.longest = columns - cells + 1
        self.ahead = [[_NEVER] * (columns + 1) for _ in range(cells + 1)]
        self.behind = [[_NEVER] * (columns + 1) for _ in range(cells + 1)]
        for column in range(columns + 1):
            if column == 0 or explicit:
                self.ahead[0][column] = -pad * column
            self.behind[cells][column] = -pad * (columns - column)
        self._fill_ahead()
        self._fill_behind()
        self.best = max(
            self.ahead[0][column] + self.behind[0][column]
            for column in range(columns + 1)
            if self.ahead[0][column] > _NEVER
        )

    def _fill_ahead(self) -> None:
        columns = self.profile.columns
        for cell in range(len(self.kinds)):
            for end in range(1, columns + 1):
                for start in range(max(0, end - self.longest), end):
                    if (before := self.ahead[cell][start]) > _NEVER:
                        score = before + self.place(cell, start, end - start)
                        self.ahead[cell + 1][end] = max(self.ahead[cell + 1][end], score)

    def _fill_behind(self) -> None:
        columns = self.profile.columns
        for cell in reversed(range(len(self.kinds))):
            for start in range(columns):
                for end in range(start + 1, min(columns, start + self.longest) + 1):
                    if (after := self.behind[cell + 1][end]) > _NEVER:
                        score = after + self.place(cell, start, end - start)
                        self.behind[cell][start] = max(self.behind[cell][start], score)

    def place(self, cell: int, start: int, span: int) -> float:
        return self.profile.score(self.kinds[cell], start, span) + self.bonus.get((cell, start), 0.0)

    def spans(self) -> tuple[tuple[int, int], ...]:
        """The best layout; among equals the one whose first cells are the narrowest."""
        columns = self.profile.columns
        start = max(range(columns), key=lambda column: (self.ahead[0][column] + self.behind[0][column], -column))
        found: list[tuple[int, int]] = []
        for cell in range(len(self.kinds)):
            ends = range(start + 1, min(columns, start + self.longest) + 1)
            here = start
            end = max(
                ends,
                key=lambda end: (
                    round(self.place(cell, here, end - here) + self.behind[cell + 1][end], 9),
                    -end,
                ),
            )
            found.append((start, end - start))
            start = end
        return tuple(found)

    def could_stand_elsewhere(self, cell: int, chosen: tuple[int, int]) -> bool:
        """Whether a layout with this cell in another column is as good as the best one."""
        columns = self.profile.columns
        for start in range(columns):
            if start == chosen[0] or self.ahead[cell][start] == _NEVER:
                continue
            for end in range(start + 1, min(columns, start + self.longest) + 1):
                total = self.ahead[cell][start] + self.place(cell, start, end - start) + self.behind[cell + 1][end]
                if total >= self.best - _TIE:
                    return True
        return False

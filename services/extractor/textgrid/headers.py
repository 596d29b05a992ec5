"""Header rows with merged cells: what stands above what.

Merged cells are printed once, so a parent row is shorter than the row below it. A cell that is merged downwards has a
blank cell below; a parent has two or more captions below. That and captions that repeat (项目 行次 金额 项目 …) say
where each parent begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.extractor.textgrid.fit import Profile
from shared.catalogue.text import squeeze

_NEVER = float("-inf")
_TIE = 0.05

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A laid out cell of the row below: first column, column count, text."""

    first: int
    span: int
    text: str


def over_units(
    cells: Sequence[str], below: Sequence[Unit], amounts: Sequence[bool], likely: Mapping[int, float]
) -> tuple[Spans, bool]:
    """Columns (first, count) for each of `cells` over the row `below`, and whether another way is as good.

    `amounts` says which columns hold amounts; `likely[column]` is added for a parent that begins there.
    There are at most as many cells as units.
    """
    starts = {squeeze(unit.text) for unit in below[:1]} - {""}

    def value(cell: int, start: int, end: int) -> float:
        group = below[start:end]
        pure = len({unit.first >= len(amounts) or amounts[unit.first] for unit in group}) == 1
        return _suits(cells[cell], group, starts) + likely.get(group[0].first, 0.0) + (0.3 if pure else 0.0)

    pieces, tied = _divide(len(cells), len(below), value)
    return [(below[start].first, sum(unit.span for unit in below[start:end])) for start, end in pieces], tied


def over_columns(cells: Sequence[str], profile: Profile) -> tuple[Spans, bool]:
    """The same for a header row right above the amounts: codes and names are what one caption may span."""

    def value(cell: int, start: int, end: int) -> float:
        if end - start == 1:
            return 0.2
        if any(profile.amounts[start:end]):
            return -0.4 * (end - start - 1)
        return 0.3 if cells[cell] else -0.3

    pieces, tied = _divide(len(cells), profile.columns, value)
    return [(start, end - start) for start, end in pieces], tied


def _suits(text: str, group: Sequence[Unit], starts: set[str]) -> float:
    blanks = sum(1 for unit in group if not unit.text)
    if len(group) == 1:
        if blanks:
            return 2.0 if text else 0.5
        return -1.0 if text else 0.0
    begins = squeeze(group[0].text) in starts
    if not text:  # a merged cell goes on downwards beside captions that repeat
        return 1.5 if begins and not blanks else -2.0
    return 2.0 - 2.0 * blanks + (1.5 if begins else 0.0)


def _divide(count: int, size: int, value: Callable[[int, int, int], float]) -> tuple[Spans, bool]:
    """The best way to cut `size` positions into `count` pieces (start, end), and whether another is as good."""
    best = [[_NEVER] * (size + 1) for _ in range(count + 1)]
    ways = [[0] * (size + 1) for _ in range(count + 1)]
    back = [[0] * (size + 1) for _ in range(count + 1)]
    best[0][0], ways[0][0] = 0.0, 1
    for piece in range(count):
        for end in range(piece + 1, size - (count - piece - 1) + 1):
            for start in range(piece, end):
                if best[piece][start] == _NEVER:
                    continue
                score = best[piece][start] + value(piece, start, end)
                if score > best[piece + 1][end] + _TIE:
                    best[piece + 1][end], ways[piece + 1][end], back[piece + 1][end] = score, ways[piece][start], start
                elif score > best[piece + 1][end] - _TIE:
                    ways[piece + 1][end] += ways[piece][start]
    pieces: Spans = []
    end = size
    for piece in reversed(range(count)):
        pieces.append((back[piece + 1][end], end))
        end = back[piece + 1][end]
    return pieces[::-1], ways[count][size] > 1

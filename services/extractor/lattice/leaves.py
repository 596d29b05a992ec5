"""The headings of a table that no rule parts, and which of them names which column alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import takewhile

from services.extractor.lattice.columns import Column, merged
from services.extractor.lattice.pieces import Piece, Row
from services.extractor.lattice.rules import Rule
from services.extractor.stitch import HEADER_WORDS

#: Headings of the columns of names and codes: none of them is the end of a longer one that is not among them.
NAMES = frozenset(word for word in HEADER_WORDS if word.endswith(("项目", "编码", "名称", "代码")))

#: Lines of one heading stand no further apart than this (em); the next one is not much longer unless it is very near.
_PITCH, _TIGHT, _LONGER = 1.42, 1.3, 1.2
_OVERLAP = 0.3
_FEW = 2
#: What stands below a heading of several columns over the first of them: the sum of the others.
_SUBTOTAL, _SUM = "小计", frozenset({"合计", "总计"})
_PARTS = ("基本支出", "项目支出")
#: Headings beside the parts of 本年支出 in the form where it has its sum in its own name (本年支出合计).
_SINGLE = ("上缴", "经营", "附属", "补助")
#: Headings whose middles differ by less than this (em) stand at one height.
LEVEL = 0.35


@dataclass(eq=False)
class Heading:
    """A heading: its lines from top to bottom.

    `x0`, `x1` are where it begins and ends, `top`, `bottom` its edges, `centre` the middle across, `height` that from
    the top of the page. Headings are compared with each other many times: their places are worked out once.
    """

    pieces: list[Piece]
    x0: float = field(init=False)
    x1: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)
    centre: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        self.top = self.pieces[0].top
        self._place()

    def add(self, piece: Piece) -> None:
        """Take a line in which the heading goes on."""
        self.pieces.append(piece)
        self._place()

    def _place(self) -> None:
        self.x0 = min([piece.x0 for piece in self.pieces])
        self.x1 = max([piece.x1 for piece in self.pieces])
        self.bottom = self.pieces[-1].bottom
        self.centre = (self.x0 + self.x1) / 2
        self.height = (self.top + self.bottom) / 2

    def over(self, other: Heading, slack: float = 0.0) -> bool:
        """Whether `other` stands lower, at least partly below this one."""
        return other.height > self.height + slack and self.x0 - slack < other.x1 and other.x0 < self.x1 + slack


def headings_of(lines: Sequence[Row], rules: Sequence[Rule] = ()) -> list[Heading]:
    """The headings that header lines make up: a line that goes on in the next one is one heading with it.

    `rules`: horizontal rules, which part what stands above and below them.
    """
    found: list[Heading] = []
    for line in lines:
        sums = [piece for piece in line if _is_sum_of_parts(piece, line, found)]
        fits = {
            piece: [] if piece in sums else [h for h in found if _goes_on(h.pieces[-1], piece, rules)] for piece in line
        }
        for piece, above in fits.items():
            rivals = [other for other, own in fits.items() if above and other is not piece and above[-1] in own]
            if len(above) == 1 and not rivals:
                above[0].add(piece)
            else:
                found.append(Heading([piece]))
    return found


def _is_sum_of_parts(piece: Piece, line: Row, above: Sequence[Heading]) -> bool:
    """Whether 小计 or 合计 is the first of several columns under the heading above it, and no second line of that.

    So it is where the parts of the sum follow it, with nothing above them. 本年支出合计 of the form that prints other
    kinds of spending beside the parts is one heading.
    """
    if piece.text == _SUBTOTAL:
        return True
    if piece.text not in _SUM:
        return False
    after = [other for other in line if other.x0 > piece.x1]
    bare = list(takewhile(lambda other: not any(h.x0 < other.x1 and other.x0 < h.x1 for h in above), after))
    return bool(bare) and bare[0].text in _PARTS and not any(word in other.text for other in bare for word in _SINGLE)


def _goes_on(above: Piece, below: Piece, rules: Sequence[Rule]) -> bool:
    size = max(above.size, below.size)
    pitch = (below.y - above.y) / size
    overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
    if not 0 < pitch <= _PITCH or overlap < _OVERLAP * size:
        return False
    if below.text in NAMES and above.text + below.text not in NAMES:  # 收入 stands over 项目
        return False
    if any(above.y - 1 < rule.at < below.y and rule.start <= below.centre <= rule.end for rule in rules):
        return False
    return pitch <= _TIGHT or below.x1 - below.x0 <= above.x1 - above.x0 + _LONGER * size


def leaves_of(headings: list[Heading], columns: list[Column], size: float) -> tuple[list[Column], list[Heading | None]]:
    """All columns, those with a heading only among them, and the lowest heading over each."""
    deepest = max([heading.height for heading in headings])  # nothing stands below those that stand there
    high = [heading for heading in headings if heading.height < deepest]
    tall = [heading for heading in high if any(heading.over(other) for other in headings)]
    parents = [heading for heading in high if _is_parent(heading, headings, tall, size)]
    names = [heading for heading in headings if not any(heading is parent for parent in parents)]
    columns = merged(
        [column for column in columns if not _is_shared(column, names, parents)], [(h.x0, h.x1) for h in names]
    )
    leaves: list[Heading | None] = [_lowest(names, column) for column in columns]
    free = [heading for heading in names if not any(heading is leaf for leaf in leaves)]
    pairs = list(zip(columns, leaves, strict=True))
    for heading, place in _partners(sorted(free, key=lambda h: h.x0), pairs):
        if place is None:
            pairs.append((Column(heading.x0, heading.x1), heading))
        else:
            pairs[place] = (pairs[place][0], heading)
    pairs = _without_odd(sorted(pairs, key=lambda pair: pair[0].x0))
    wide = [(_with(column, leaf, leaves), leaf) for column, leaf in pairs]
    return [column for column, _ in wide], [leaf for _, leaf in wide]


def _is_shared(column: Column, names: list[Heading], parents: list[Heading]) -> bool:
    """Whether what looks like a column is a word in the middle of several: 合计 below 项目, beside both its columns."""
    alone = len(column.lines) == 1 and not any(column.overlaps(h.x0, h.x1) for h in names)
    return alone and any(column.overlaps(h.x0, h.x1) for h in parents)


def _lowest(headings: list[Heading], column: Column) -> Heading | None:
    own = [h for h in headings if column.overlaps(h.x0, h.x1)]
    lowest = max(own, key=lambda h: h.height, default=None)
    return None if lowest is None or any(lowest.over(other) for other in headings) else lowest


def _is_parent(heading: Heading, headings: list[Heading], tall: list[Heading], size: float) -> bool:
    """Whether others stand below a heading, if only to its left and right; `tall` are those over others.

    In the second case both are lower, and it stands as high as those over others or above the middle of the header:
    half-way stand those that name one column over the whole height, if not in the middle between two without others.
    """
    if any(heading.over(other, _OVERLAP * size) for other in headings):
        return True
    lowest = [h for h in headings if h not in tall]
    left = max((h for h in lowest if h.x1 <= heading.x0), key=lambda h: h.x1, default=None)
    right = min((h for h in lowest if h.x0 >= heading.x1), key=lambda h: h.x0, default=None)
    if left is None or right is None or min(left.height, right.height) <= heading.height + size / 2:
        return False
    middle = (min(h.top for h in headings) + max(h.bottom for h in headings)) / 2
    if abs(heading.height - middle) <= LEVEL * size:
        others = any(h.over(left) or h.over(right) for h in headings if h is not heading)
        return not others and abs((left.centre + right.centre) / 2 - heading.centre) <= size / 2
    return heading.height < max([middle, *(h.height for h in tall)]) + LEVEL * size


def _partners(free: list[Heading], pairs: Sequence[tuple[Column, Heading | None]]) -> list[tuple[Heading, int | None]]:
    """The column without heading that belongs to each heading (None: a column that prints nothing else).

    A heading in the middle or at the left of its column and amounts at the right of it need not overlap. Both go from
    left to right, nothing else stands between a heading and its column, and as many as can be find each other.
    """
    bare = [index for index, (_, leaf) in enumerate(pairs) if leaf is None]

    @cache
    def best(heading: int, column: int) -> tuple[int, float, tuple[int | None, ...]]:
        if heading == len(free):
            return 0, 0.0, ()
        alone, cost, rest = best(heading + 1, column)
        options = [(alone + 1, cost, (None, *rest))]
        for place in range(column, len(bare)):
            distance = _distance(free[heading], bare[place], pairs)
            if distance is not None:
                alone, cost, rest = best(heading + 1, place + 1)
                options.append((alone, cost + distance, (bare[place], *rest)))
        return min(options, key=lambda option: option[:2])

    return list(zip(free, best(0, 0)[2], strict=True))


def _distance(heading: Heading, index: int, pairs: Sequence[tuple[Column, Heading | None]]) -> float | None:
    """How far a heading stands from a column; None if it cannot be that of the column.

    Something of another column stands between them, or the column ends (all its amounts at the right) where the
    heading has not begun yet, or the other way round: then they are in two columns.
    """
    column = pairs[index][0]
    side = _side(column) or max(_side(other) for other, _ in pairs)
    if (side > 0 and heading.x0 >= column.x1) or (side < 0 and heading.x1 <= column.x0):
        return None
    low, high = min(column.x1, heading.x1), max(column.x0, heading.x0)
    others = [_with(c, leaf, [leaf]) for number, (c, leaf) in enumerate(pairs) if number != index and leaf]
    return None if any(low <= (c.x0 + c.x1) / 2 <= high for c in others) else max(high - low, 0.0)


def _side(column: Column) -> int:
    """1 if all that a column prints ends at its right, -1 if it begins at its left, 0 if both or neither."""
    return column.right - column.left


def _without_odd(pairs: list[tuple[Column, Heading | None]]) -> list[tuple[Column, Heading | None]]:
    """Columns without those that have no heading and print a word or two, never beside the next column (合计)."""
    most = max(_FEW, len(set().union(*(column.lines for column, _ in pairs))) // 8)
    kept: list[tuple[Column, Heading | None]] = []
    for index, (column, leaf) in enumerate(pairs):
        follower = pairs[index + 1][0] if index + 1 < len(pairs) else None
        if follower and leaf is None and len(column.lines) <= most and not column.lines & follower.lines:
            pairs[index + 1] = (
                replace(follower, x0=column.x0, lines=column.lines | follower.lines),
                pairs[index + 1][1],
            )
        else:
            kept.append((column, leaf))
    return kept


def _with(column: Column, leaf: Heading | None, leaves: list[Heading | None]) -> Column:
    """A column as wide as what it prints and its heading, if that is its own alone."""
    if leaf is None or sum(1 for other in leaves if other is leaf) > 1:
        return column
    sides = min(column.x0, leaf.x0), max(column.x1, leaf.x1)
    return Column(*sides, column.right, column.left, column.lines)

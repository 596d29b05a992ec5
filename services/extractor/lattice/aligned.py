"""Tables that rule their rows only: the columns stand where nothing is printed.

Between horizontal rules of one width the blank bands that run through all rows with amounts part the columns. Headings
tell about columns in which no amount is printed; a heading over several columns is as wide as the rule below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.extractor.lattice.bands import Network
from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.rules import SNAP, Rule

_LEAST_RULES, _LEAST_WIDTH, _LEAST_BODY = 3, 100.0, 2
#: Rules further apart than this many rows, and than this (points), belong to different tables.
_APART, _APART_POINTS = 2.5, 45.0
#: A blank band of this (em) parts two columns; words of a heading stand nearer than this (em).
_BAND, _WORD = 0.12, 0.8
_MIDDLE = 0.35
_WHOLE = 0.9
_AMOUNT = re.compile(r"[0-9]\.[0-9]|(?:^|\s)(?:[0-9]{3,}|[0-9]{1,3}(?:,[0-9]{3})+|0)(?:$|\s)")
_CAPTION = re.compile(r"公开\s*[0-9]+\s*表|单位[:：]|部门[:：]|[表]$")

_NUMBER = re.compile(r"(?:^|\s)[0-9]+(?:\s|$)|[0-9]\.[0-9]")
_COUNTS = re.compile(r"^(?:栏\s*次|行\s*次|[\s0-9])*$")

Interval = tuple[float, float]
#: The x of every column boundary of a table.
Edges = tuple[float, ...]


@dataclass(frozen=True)
class _Row:
    """A band between two rules: its top and bottom, per line the pieces between blanks as (x0, x1), its text."""

    top: float
    bottom: float
    lines: tuple[tuple[Interval, ...], ...]
    text: str

    @property
    def pieces(self) -> list[Interval]:
        """The pieces of all lines."""
        return [piece for line in self.lines for piece in line]

    def words(self, columns: Sequence[Interval], size: float) -> list[Interval]:
        """Pieces that stand near to each other and in no two columns are one; so are those of several lines."""
        bands = [(here[1] - 1, there[0] + 1) for here, there in pairwise(columns)]
        words: list[Interval] = []
        for line in self.lines:
            own: list[Interval] = []
            for piece in line:
                near = bool(own) and piece[0] - own[-1][1] <= _WORD * size
                if near and not any(a <= own[-1][1] and piece[0] <= b for a, b in bands):
                    own[-1] = (own[-1][0], piece[1])
                else:
                    own.append(piece)
            words.extend(own)
        return _union(words, 0.0)


def with_columns(
    networks: list[Network], glyphs: Sequence[Glyph], before: Edges | None = None
) -> tuple[list[Network], Edges | None]:
    """Networks of rules; those of tables that rule rows only are joined and have the rules that their columns lack.

    `before`: column edges of such a table at the end of the page before, which may go on here. The last one of this
    page is given back.
    """
    lone = [across[0] for across, down in networks if not down and len(across) == 1]
    last: tuple[float, Edges] | None = None
    for left, right in _common_sides(lone):
        members = [network for network in networks if _within(network, left, right)]
        for number, run in enumerate(_runs(members, left, right, glyphs)):
            ruled = _ruled(run, left, right, glyphs, before if number == 0 else None)
            if ruled is None:
                continue
            network, edges = ruled
            taken = {id(rule) for other in run for rule in (*other[0], *other[1])}
            networks = [n for n in networks if not any(id(rule) in taken for rule in (*n[0], *n[1]))]
            networks.append(network)
            bottom = max(rule.at for rule in network[0])
            last = max(last or (bottom, edges), (bottom, edges))
    return networks, last[1] if last else None


def _common_sides(lone: list[Rule]) -> list[Interval]:
    found: dict[Interval, int] = {}
    for rule in lone:
        if rule.end - rule.start < _LEAST_WIDTH:
            continue
        known = next((s for s in found if abs(s[0] - rule.start) <= SNAP and abs(s[1] - rule.end) <= SNAP), None)
        side = known or (rule.start, rule.end)
        found[side] = found.get(side, 0) + 1
    return [side for side, count in found.items() if count >= _LEAST_RULES]


def _within(network: Network, left: float, right: float) -> bool:
    across, down = network
    return (
        bool(across)
        and all(left - SNAP <= rule.start and rule.end <= right + SNAP for rule in across)
        and all(left - SNAP <= rule.at <= right + SNAP for rule in down)
    )


def _runs(members: list[Network], left: float, right: float, glyphs: Sequence[Glyph]) -> Iterator[list[Network]]:
    """Members of one table each: no wide gap and no small print between their rules."""
    places = sorted({rule.at for across, _ in members for rule in across if _is_whole(rule, left, right)})
    steps = [lower - upper for upper, lower in pairwise(places) if lower - upper > SNAP]
    if not steps:
        return
    limit = max(_APART * median(steps), _APART_POINTS)
    ends = [upper for upper, lower in pairwise(places) if lower - upper > limit or _captioned(glyphs, upper, lower)]
    tops = [float("-inf"), *ends]
    for first, last in pairwise([*tops, float("inf")]):
        run = [n for n in members if first < min(rule.at for rule in n[0]) and max(rule.at for rule in n[0]) <= last]
        if sum(1 for across, down in run for rule in across if not down and _is_whole(rule, left, right)) > 1:
            yield run


def _is_whole(rule: Rule, left: float, right: float) -> bool:
    return rule.end - rule.start >= _WHOLE * (right - left)


def _captioned(glyphs: Sequence[Glyph], upper: float, lower: float) -> bool:
    if lower - upper < _APART_POINTS / 3:
        return False
    return any(_CAPTION.search(text) for _, text in _lines(_between(glyphs, upper, lower)))


def _between(glyphs: Sequence[Glyph], upper: float, lower: float) -> list[Glyph]:
    return [g for g in glyphs if upper <= g[0] - _MIDDLE * g[3] < lower]


def _lines(glyphs: list[Glyph]) -> Iterator[tuple[list[Glyph], str]]:
    line: list[Glyph] = []
    for glyph in sorted(glyphs):
        if line and glyph[0] - line[-1][0] > 0.5 * glyph[3]:
            yield _ordered(line)
            line = []
        line.append(glyph)
    if line:
        yield _ordered(line)


def _ordered(line: list[Glyph]) -> tuple[list[Glyph], str]:
    ordered = sorted((g for g in line if not g[4].isspace()), key=lambda g: g[1])
    parts: list[str] = []
    for index, glyph in enumerate(ordered):
        if index and glyph[1] - ordered[index - 1][2] > _BAND * glyph[3]:
            parts.append(" ")
        parts.append(glyph[4])
    return ordered, "".join(parts)


def _row(glyphs: Sequence[Glyph], top: float, bottom: float) -> _Row:
    lines: list[tuple[Interval, ...]] = []
    texts: list[str] = []
    for line, text in _lines(_between(glyphs, top, bottom)):
        texts.append(text)
        own: list[Interval] = []
        for _, x0, x1, size, _ in line:
            if own and x0 - own[-1][1] <= _BAND * size:
                own[-1] = (own[-1][0], max(x1, own[-1][1]))
            else:
                own.append((x0, x1))
        lines.append(tuple(own))
    return _Row(top, bottom, tuple(lines), "\n".join(texts))


def _union(intervals: Sequence[Interval], gap: float) -> list[Interval]:
    joined: list[Interval] = []
    for x0, x1 in sorted(intervals):
        if joined and x0 - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], x1))
        else:
            joined.append((x0, x1))
    return joined


def _ruled(
    run: list[Network], left: float, right: float, glyphs: Sequence[Glyph], before: Edges | None
) -> tuple[Network, Edges] | None:
    """The rules of a run with verticals between its columns, and the edges of those; None when it is no table."""
    across = [rule for network in run for rule in network[0]]
    down = [rule for network in run for rule in network[1]]
    inside = [g for g in glyphs if left <= (g[1] + g[2]) / 2 <= right]
    ys = [place for place, _ in _union([(rule.at, rule.at) for rule in across], SNAP)]
    rows = [_row(inside, top, bottom) for top, bottom in pairwise(ys)]
    body = [row for row in rows if _AMOUNT.search(row.text)]
    if len(body) < _LEAST_BODY and not any(len(_AMOUNT.findall(row.text)) > _LEAST_BODY for row in body):
        return None
    first = next(index for index, row in enumerate(rows) if _NUMBER.search(row.text))
    size = median(g[3] for g in inside)
    columns = _columns(rows, first, size)
    marks = [rule.at for rule in down] + [end for rule in across for end in (rule.start, rule.end)]
    bounds = [_boundary(here[1], there[0], marks) for here, there in pairwise(columns)]
    if before and first == 0 and _goes_on(before, (left, *bounds, right), rows):
        bounds = list(before[1:-1])
        columns = list(pairwise(before))
    if not bounds:
        return None
    verticals = [Rule(side, ys[0], ys[-1]) for side in (left, right)]
    for index, row in enumerate(rows):
        opened = _open(row, bounds, columns, across, size) if index < first - 1 else set()
        closed = [bound for bound in bounds if bound not in opened and not _crosses(row, bound)]
        verticals.extend(Rule(bound, row.top, row.bottom) for bound in closed)
    return (across, [*down, *verticals]), (left, *bounds, right)


def _crosses(row: _Row, bound: float) -> bool:
    return any(x0 < bound - 1 and bound + 1 < x1 for x0, x1 in row.pieces)


def _goes_on(before: Edges, own: Edges, rows: list[_Row]) -> bool:
    """Whether the columns of the page before fit these rows, which have no headings."""
    if abs(before[0] - own[0]) > SNAP or abs(before[-1] - own[-1]) > SNAP or len(before) < len(own):
        return False
    return not any(_crosses(row, bound) for row in rows for bound in before[1:-1])


def _columns(rows: list[_Row], first: int, size: float) -> list[Interval]:
    """Where the columns print: the rows below the headings say it, headings add columns without any entry.

    A heading at the left of its column and amounts at the right of it need not stand above each other.
    """
    counted = [row for row in rows[first:] if not _COUNTS.match(row.text)]
    columns = _union([piece for row in counted for piece in row.pieces], _BAND * size)
    above = [*rows[:first], *(row for row in rows[first:] if _COUNTS.match(row.text))]
    words = _union([word for row in above for word in row.words(columns, size) if _over(word, columns) <= 1], 0.0)
    alone = [column for column in columns if not _over(column, words)]
    for word in words:
        if _over(word, columns):
            continue
        follower = min((column for column in alone if column[0] >= word[1]), default=None)
        between = [
            other for other in (*words, *columns) if follower and word[1] <= other[0] and other[1] <= follower[0]
        ]
        if follower and not between:
            alone.remove(follower)
            columns.append((word[0], follower[1]))
        else:
            columns.append(word)
    return _union([*columns, *(word for word in words if _over(word, columns) == 1)], 0.0)


def _over(interval: Interval, others: Sequence[Interval]) -> int:
    return sum(1 for other in others if other[0] < interval[1] and interval[0] < other[1])


def _boundary(end: float, start: float, marks: Sequence[float]) -> float:
    """A place between two columns, where a rule stands or ends if there is one."""
    drawn = [mark for mark in marks if end - SNAP <= mark <= start + SNAP]
    return drawn[0] if drawn else (end + start) / 2


def _open(row: _Row, bounds: list[float], columns: list[Interval], across: Sequence[Rule], size: float) -> set[float]:
    """The boundaries that a row of headings above others does not have: its headings stand over several columns."""
    below = [rule for rule in across if abs(rule.at - row.bottom) <= SNAP]
    words = row.words(columns, size)
    opened: set[float] = set()
    for start, end in _union([(rule.start, rule.end) for rule in below], SNAP):
        within = [index for index, bound in enumerate(bounds) if start + SNAP < bound < end - SNAP]
        own = [word for word in words if start <= (word[0] + word[1]) / 2 <= end]
        if not own or len(own) > len(within):
            continue
        opened |= {bounds[index] for index in within}
        for here, there in pairwise(own):
            between = [index for index in within if here[1] - 1 <= bounds[index] <= there[0] + 1]
            if between:
                opened.discard(_parting(between, bounds, columns, (here, there), (start, end)))
    return opened


def _parting(
    between: list[int], bounds: list[float], columns: list[Interval], words: tuple[Interval, Interval], sides: Interval
) -> float:
    """The boundary between two headings: where a column begins with the second one, or both stand in the middle."""
    here, there = words
    for index in between:
        if abs(columns[index + 1][0] - there[0]) <= SNAP:
            return bounds[index]
    middle_here, middle_there = (here[0] + here[1]) / 2, (there[0] + there[1]) / 2
    places = [bounds[index] for index in between]
    return min(places, key=lambda x: abs((sides[0] + x) / 2 - middle_here) + abs((x + sides[1]) / 2 - middle_there))

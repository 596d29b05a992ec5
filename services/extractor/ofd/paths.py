"""Path objects as rules: straight strokes and thin fills, in points (y up)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from services.extractor.lattice.frame import Matrix, Rect
from services.extractor.ofd.values import FARTHEST, floats, number

Point = tuple[float, float]
#: Corner points and whether there are curves between them.
Part = tuple[list[Point], bool]
#: x and y of the corners of a line.
Corners = tuple[list[float], list[float]]
_Step = tuple[str, Point]

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
#: Numbers that follow an operator; the last two are the point that it draws to.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}
_LETTERS = {**_TAKES, "C": 0, **{letter.lower(): count for letter, count in _TAKES.items()}, "c": 0}
_BEGIN, _LINE, _CLOSE, _CURVES = "SM", "L", "C", "QB"
#: The operators of one line through a few corners, and how many those are.
POLYLINES = {begin + _LINE * n + end: n + 1 for begin in _BEGIN for n in range(1, 9) for end in ("", _CLOSE)}
#: Where curves get points, and the binomial weights of their control points.
_SHARES = (0.25, 0.5, 0.75)
_WEIGHTS = {3: (1, 2, 1), 4: (1, 3, 3, 1)}
#: A segment that drifts by more than this (points) is no rule.
STRAIGHT = 1.0


def parts_of(data: str, most: int, *, smooth: bool = False) -> list[Part]:
    """The subpaths of abbreviated data in its own units, at most `most` points of them. What is not understood ends it.

    S and M begin a subpath, L draws a line, Q, B and A curves, C closes (GB/T 33190, table 35). Of curves only the ends
    are kept, with `smooth` points between them as well.
    """
    corners = _polyline(data)
    if corners is not None and len(corners[0]) <= most:
        return [(list(zip(*corners, strict=True)), False)]
    parts: list[Part] = []
    points: list[Point] = []
    curved = False
    for operator, point in islice(_drawn(data, smooth=smooth), most):
        if operator == _LINE:
            points.append(point)
        elif operator in _BEGIN:
            if len(points) > 1:
                parts.append((points, curved))
            points, curved = [point], False
        elif operator != _CLOSE:
            curved = True
            points.append(point)
        elif len(points) > 1 and points[-1] != points[0]:
            points.append(points[0])
    if len(points) > 1:
        parts.append((points, curved))
    return parts


def _polyline(data: str) -> Corners | None:
    """The corners of what is nothing but one line through a few of them, as most data are; None for all other."""
    tokens = data.split()
    letters = "".join(tokens[::3])
    if letters not in POLYLINES:
        return None
    try:
        xs, ys = floats(tokens[1::3]), floats(tokens[2::3])
    except ValueError:
        return None
    if len(xs) != len(ys):
        return None
    if letters[-1] == _CLOSE and (xs[-1] != xs[0] or ys[-1] != ys[0]):
        xs.append(xs[0])
        ys.append(ys[0])
    return xs, ys


def _drawn(data: str, *, smooth: bool) -> list[_Step]:
    """(operator, the point that it draws to) one after the other."""
    drawn, whole = _steps(data.split(), smooth=smooth)
    if not whole:  # operators and numbers that touch, commas
        drawn, _ = _steps(_TOKEN.findall(data), smooth=smooth)
    return drawn


def _steps(tokens: list[str], *, smooth: bool) -> tuple[list[_Step], bool]:
    """What the tokens draw, and whether all of them were understood."""
    drawn: list[_Step] = []
    operator, takes, at, end = "", 0, 0, len(tokens)
    while at < end:
        token = tokens[at]
        if token in _LETTERS:
            operator, takes = token.upper(), _LETTERS[token]
            at += 1
            if operator == _CLOSE:
                drawn.append((operator, (0.0, 0.0)))
            continue
        last = at + takes - 1
        if last < at or last >= end:
            return drawn, False
        try:
            x, y = float(tokens[last - 1]), float(tokens[last])
        except ValueError:
            return drawn, False
        if not (abs(x) <= FARTHEST and abs(y) <= FARTHEST):  # nor NaN
            return drawn, False
        if smooth and operator in _CURVES and drawn:
            ahead = [number(token, 0.0) for token in tokens[at : last - 1]]
            drawn.extend((operator, point) for point in _between(drawn[-1][1], ahead, (x, y)))
        drawn.append((operator, (x, y)))
        at += takes
        if operator in _BEGIN:
            operator = _LINE  # further points without an operator are drawn to
    return drawn, True


def _between(start: Point, ahead: list[float], end: Point) -> Iterator[Point]:
    """Points on the Bézier curve from `start` to `end` with the control points `ahead` (x, y, ...)."""
    control = [start, *zip(ahead[0::2], ahead[1::2], strict=True), end]
    weights = _WEIGHTS[len(control)]
    for share in _SHARES:
        parts = [w * (1 - share) ** (len(control) - 1 - i) * share**i for i, w in enumerate(weights)]
        yield (
            sum(part * x for part, (x, _) in zip(parts, control, strict=True)),
            sum(part * y for part, (_, y) in zip(parts, control, strict=True)),
        )


def placed(parts: list[Part], matrix: Matrix) -> list[Part]:
    """The subpaths after `matrix`."""
    a, b, c, d, e, f = matrix
    if b == 0.0 == c:
        return [([(a * x + e, d * y + f) for x, y in points], curved) for points, curved in parts]
    return [([(a * x + c * y + e, b * x + d * y + f) for x, y in points], curved) for points, curved in parts]


def bounds(points: list[Point]) -> Rect:
    """The bounding rectangle of points (at least one)."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def straight(parts: list[Part], limit: Rect | None) -> list[Rect]:
    """The upright and level segments of stroked subpaths within `limit`. Curves keep their ends only, draw no rule."""
    found: list[Rect] = []
    for points, curved in parts:
        if curved:
            continue
        for (ax, ay), (bx, by) in pairwise(points):
            if -STRAIGHT <= ax - bx <= STRAIGHT or -STRAIGHT <= ay - by <= STRAIGHT:
                found.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return found if limit is None else [seen for rect in found if (seen := cut(rect, limit))]


def cut(rect: Rect, limit: Rect | None) -> Rect | None:
    """What of `rect` lies within `limit`; None if nothing does."""
    if limit is None or (rect[0] >= limit[0] and rect[1] >= limit[1] and rect[2] <= limit[2] and rect[3] <= limit[3]):
        return rect
    x0, y0 = max(rect[0], limit[0]), max(rect[1], limit[1])
    x1, y1 = min(rect[2], limit[2]), min(rect[3], limit[3])
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None

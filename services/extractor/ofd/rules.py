"""Path objects as rules: all those between two pictures at once, because a page of tables has 10^3 of them.

What neighbouring cells draw twice counts once. Of the others nearly all are an upright line from one place to another
or a filled box: they are worked out in columns of numbers. What is anything else goes the long way, one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose, transform
from services.extractor.lattice.strokes import BROADEST, THIN, Drawing
from services.extractor.ofd.ground import Ground
from services.extractor.ofd.paint import BLACK, COLOURS, LINE_WIDTH, Colour, Colours, colour_of
from services.extractor.ofd.paths import POLYLINES, STRAIGHT, Part, bounds, cut, parts_of, placed, straight
from services.extractor.ofd.values import box, can_be_seen, columns, flag, floats, matrix, plain, space_of

#: A clip cuts what sticks out of it by more than this (points): boundaries are rounded, strokes have width.
SLACK = 1.5
#: Dots of an inch in which old producers write paths, in mm.
_DOT = 25.4 / 300
_NAMES = ("LineWidth", "Fill", "Stroke", "DrawParam", "Visible", "Alpha", "Boundary", "CTM")
_BOX, _TRIPLE, _ENDS = 4, 3, 2
#: What is left of a box when nothing of it can be seen.
_NOWHERE: Rect = (0.0, 0.0, 0.0, 0.0)
_PARTED = "|"  # between the boxes of two paths
#: Boundary, CTM and data as they are written, and how many paths say the same.
Path = tuple[str | None, str | None, str, int]


class Ink(NamedTuple):
    """How a path is painted: its pen in its own units, the colours of its stroke and its fill, None for none."""

    pen: float
    stroke: Colour | None
    fill: Colour | None

    @property
    def seen(self) -> bool:
        """Whether it draws anything: a stroke that can be seen, a fill that covers something."""
        return (self.stroke is not None and self.stroke.seen) or (self.fill is not None and self.fill.opaque)


class Shape(NamedTuple):
    """A path in points (y up): how dark (0 black, 255 white) its fill and its stroke are, None where there is none."""

    parts: list[Part]
    fill: int | None
    stroke: int | None
    pen: float


def draw(drawing: Drawing, paths: Sequence[Any], ground: Ground) -> None:
    """Add the rules, fills and shapes of PathObject elements to `drawing`."""
    kinds: dict[tuple[object, ...], list[Path]] = {}
    for (*looks, boundary, ctm, colours, data), times in Counter(columns(paths, _NAMES, _content)).items():
        kinds.setdefault((*looks, colours), []).append((boundary, ctm, data, times))
    for kind, alike in kinds.items():
        ink = _ink(kind, ground)
        if ink is None or not ink.seen:
            continue
        for path in _simple(drawing, alike, ink, ground.outer):
            parts, limit, pen = _placed(drawing, path, ink, ground.outer)
            if parts:
                before = drawing.shapes
                _drawn(drawing, parts, limit, pen, ink)
                drawing.shapes += (path[3] - 1) * (drawing.shapes - before)


def shape_of(drawing: Drawing, path: Any, ground: Ground) -> Shape | None:
    """The shape of a PathObject as it is painted, None if there is nothing to see of it."""
    *looks, boundary, ctm, colours, data = next(columns([path], _NAMES, _content))
    ink = _ink((*looks, colours), ground)
    if ink is None:
        return None
    parts, _, pen = _placed(drawing, (boundary, ctm, data, 1), ink, ground.outer, smooth=True)
    return Shape(parts, _darkness(ink.fill), _darkness(ink.stroke), pen) if parts else None


def _content(path: Any) -> tuple[Colours, str]:
    """The colours and the data of a path."""
    if len(path) == 1:  # nothing else has text
        return (), path[0].text or ""
    colours: Colours = ()
    data = ""
    for part in path:
        kind = plain(part.tag)
        if kind == "AbbreviatedData":
            data = part.text or ""
        elif kind in COLOURS:
            colours += colour_of(kind, part)
    return colours, data


def _ink(looks: Sequence[Any], ground: Ground) -> Ink | None:
    width, fills, strokes, parameters, visible, alpha, colours = looks
    if not can_be_seen(visible, alpha):
        return None
    paint = ground.painted(width, parameters, colours)
    fill = (paint.fill or BLACK) if flag(fills, default=False) else None
    stroke = (paint.stroke or BLACK) if flag(strokes, default=True) else None
    return Ink(LINE_WIDTH if paint.line_width is None else paint.line_width, stroke, fill)


def _simple(drawing: Drawing, paths: Iterable[Path], ink: Ink, outer: Matrix) -> Iterator[Path]:
    """Draw the lines and filled boxes among `paths`; what is left are the others."""
    stroked = ink.stroke is not None and ink.stroke.seen
    groups: dict[tuple[str, int], tuple[list[Path], list[str]]] = {}
    for path in paths:
        tokens = path[2].split()
        kind = ("".join(tokens[::_TRIPLE]), len(tokens))
        if kind not in groups:
            groups[kind] = ([], [])
        members, flat = groups[kind]
        members.append(path)
        flat += tokens
    for (letters, length), (members, flat) in groups.items():
        corners = POLYLINES.get(letters, 0)
        plain = corners == _ENDS if stroked else corners > 0
        if plain and length == _TRIPLE * corners + letters.endswith("C") and not (outer[1] or outer[2]):
            numbers = _numbers(members, flat, corners, length)
            if numbers is not None:
                yield from _in_columns(drawing, zip(members, numbers, strict=True), ink, outer, corners)
                continue
        yield from members


def _numbers(paths: list[Path], tokens: list[str], corners: int, length: int) -> Iterator[tuple[float, ...]] | None:
    """For every path the numbers of its box, the least and greatest x and y of its corners, and the first corner.

    None if the boxes or the `tokens`, `length` of each path, are anything else than numbers.
    """
    written = f" {_PARTED} ".join([path[0] or "" for path in paths]).split()
    if len(written) != (_BOX + 1) * len(paths) - 1 or written[_BOX :: _BOX + 1].count(_PARTED) < len(paths) - 1:
        return None
    try:
        boxes = [floats(written[at :: _BOX + 1]) for at in range(_BOX)]
        xs = [floats(tokens[at::length]) for at in range(1, _TRIPLE * corners, _TRIPLE)]
        ys = [floats(tokens[at::length]) for at in range(2, _TRIPLE * corners, _TRIPLE)]
    except ValueError:
        return None
    return zip(*boxes, map(min, *xs), map(max, *xs), map(min, *ys), map(max, *ys), xs[0], ys[0], strict=True)


def _in_columns(
    drawing: Drawing, paths: Iterable[tuple[Path, tuple[float, ...]]], ink: Ink, outer: Matrix, corners: int
) -> Iterator[Path]:
    """Draw lines or filled boxes with their `_numbers`; what is left are those that are turned or beside their box."""
    stroked = ink.stroke is not None and ink.stroke.seen
    shaded = ink.fill is not None and ink.fill.seen
    for path, found, limit, pen in _boxes(paths, ink.pen, outer):
        if found is None:
            yield path
            continue
        drawing.budget -= corners
        if stroked and pen > BROADEST:
            drawing.shapes += path[3]
            continue
        x0, y0, x1, y1 = rect = found
        if x0 < limit[0] or y0 < limit[1] or x1 > limit[2] or y1 > limit[3]:
            rect = cut(found, limit) or _NOWHERE
        if not stroked:
            _fill(drawing, rect, path[3], seen=shaded)
        elif (x1 - x0 <= STRAIGHT or y1 - y0 <= STRAIGHT) and rect is not _NOWHERE:
            drawing.strokes.append(rect)


def _boxes(
    paths: Iterable[tuple[Path, tuple[float, ...]]], width: float, outer: Matrix
) -> Iterator[tuple[Path, Rect | None, Rect, float]]:
    """Every path with the box of its corners (None for one that is turned or beside its box), its clip and its pen.

    `outer` turns nothing.
    """
    wide, _, _, high, right, up = outer
    ctm, own, pen = None, IDENTITY, width * max(abs(wide), abs(high))
    for path, (left, top, across, down, least, most, lowest, highest, begin, start) in paths:
        if path[1] != ctm:
            ctm = path[1]
            own = matrix(ctm)
            pen = width * max(abs(own[0] * wide), abs(own[3] * high))
        a, b, c, d, e, f = own
        a, e, d, f = a * wide, (e + left) * wide + right, d * high, (f + top) * high + up
        x0, y0, x1, y1 = wide * left + right, high * (top + down) + up, wide * (left + across) + right, high * top + up
        x, y, slack = a * begin + e, d * start + f, pen / 2 + SLACK
        inside = x0 - SLACK <= x <= x1 + SLACK and y0 - SLACK <= y <= y1 + SLACK
        limit = (x0 - slack, y0 - slack, x1 + slack, y1 + slack)
        x0, x1, y0, y1 = a * least + e, a * most + e, d * lowest + f, d * highest + f
        if b or c or not inside:
            yield path, None, limit, pen
        elif x0 <= x1 and y1 <= y0:  # y of the page runs down
            yield path, (x0, y1, x1, y0), limit, pen
        else:
            yield path, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), limit, pen


def _fill(drawing: Drawing, rect: Rect, times: int, *, seen: bool) -> None:
    """A thin fill that can be seen is a rule; the box of a broader one, white or not, may be a cell."""
    if rect[2] - rect[0] > THIN and rect[3] - rect[1] > THIN:
        drawing.fills.append(rect)
        drawing.shapes += times * seen
    elif seen and rect is not _NOWHERE:
        drawing.strokes.append(rect)


def _slackened(limit: Rect, pen: float) -> Rect:
    """A clip with what rounding and the pen add to it: a box that is flat in one direction clips nothing there."""
    slack = pen / 2 + SLACK
    return limit[0] - slack, limit[1] - slack, limit[2] + slack, limit[3] + slack


def _placed(
    drawing: Drawing, path: Path, ink: Ink, outer: Matrix, *, smooth: bool = False
) -> tuple[list[Part], Rect | None, float]:
    """The subpaths of a path on the page (points, y up), what clips them, and the width of its pen."""
    place = box(path[0])
    limit = transform(outer, place) if place else None
    space = space_of(matrix(path[1]), place, outer)
    pen = ink.pen * max(abs(space[0]) + abs(space[1]), abs(space[2]) + abs(space[3]))
    parts = parts_of(path[2], max(drawing.budget, 0), smooth=smooth)
    drawing.budget -= sum([len(points) for points, _ in parts])
    on_page = _where(parts, space, outer, limit) if parts else []
    return on_page, None if limit is None else _slackened(limit, pen), pen


def _drawn(drawing: Drawing, parts: list[Part], limit: Rect | None, pen: float, ink: Ink) -> None:
    """Add the subpaths of one path."""
    if ink.stroke is not None and ink.stroke.seen:
        if pen <= BROADEST:
            drawing.strokes.extend(straight(parts, limit))
        else:
            drawing.shapes += 1
        return
    whole = cut(bounds([point for points, _ in parts for point in points]), limit)
    if whole is not None and min(whole[2] - whole[0], whole[3] - whole[1]) > THIN:
        drawing.fills.append(whole)
    for points, curved in parts if ink.fill is not None and ink.fill.seen else ():
        rect = cut(bounds(points), limit)
        if rect is None:
            continue
        if min(rect[2] - rect[0], rect[3] - rect[1]) <= THIN and not curved:
            drawing.strokes.append(rect)
        else:
            drawing.shapes += 1


def _where(parts: list[Part], space: Matrix, outer: Matrix, limit: Rect | None) -> list[Part]:
    """The subpaths on the page.

    Some producers write them in the space of the page or in dots of 300 to the inch, whatever box and matrix say. That
    is so when nothing of them lies in their box otherwise.
    """
    on_page = placed(parts, space)
    if limit is None or _meets(on_page, limit):
        return on_page
    for other in (outer, compose((_DOT, 0.0, 0.0, _DOT, 0.0, 0.0), outer)):
        tried = placed(parts, other)
        if _meets(tried, limit):
            return tried
    return on_page


def _meets(parts: list[Part], limit: Rect) -> bool:
    x0, y0, x1, y1 = limit[0] - SLACK, limit[1] - SLACK, limit[2] + SLACK, limit[3] + SLACK
    x, y = parts[0][0][0]
    if x0 <= x <= x1 and y0 <= y <= y1:
        return True
    boxes = [bounds(points) for points, _ in parts]
    return any(left <= x1 and right >= x0 and top <= y1 and bottom >= y0 for left, top, right, bottom in boxes)


def _darkness(colour: Colour | None) -> int | None:
    return colour.level if colour is not None and colour.opaque else None

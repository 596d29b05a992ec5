"""What clips text: the box of its object and its clip paths. A cell shows what fits, the file has all of it."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose, transform
from services.extractor.ofd.paths import bounds, cut, parts_of
from services.extractor.ofd.rules import SLACK
from services.extractor.ofd.text import UNKNOWN, Run
from services.extractor.ofd.values import box, child, children, flag, matrix, space_of

_CORNERS, _LONGEST = 1_000, 20_000  # corners and characters of a clip that are looked at


def clip_of(clips: Any, own: Matrix, place: Rect | None, outer: Matrix) -> Rect | None:
    """The box of what the clips of an object let through; None where they hold nothing.

    Clips stand in the space of the object (after its matrix unless `TransFlag` is false), areas of one clip add up,
    several clips leave what is in all of them.
    """
    space = space_of(own if flag(clips.get("TransFlag"), default=True) else IDENTITY, place, outer)
    found: Rect | None = None
    for clip in children(clips, "Clip"):
        boxes = [
            transform(space_of(matrix(path.get("CTM")), box(path.get("Boundary")), within), around)
            for area in children(clip, "Area")
            for within in (compose(matrix(area.get("CTM")), space),)
            for path in children(area, "Path")
            if (around := _extent(_data(path))) is not None
        ]
        if boxes:
            found = cut(_together(boxes), found) or found
    return found


@lru_cache(maxsize=256)
def _extent(data: str) -> Rect | None:
    """The box of abbreviated data in its own units; a page clips most of its text to the same."""
    points = [point for part, _ in parts_of(data, _CORNERS) for point in part]
    return bounds(points) if points else None


def _data(path: Any) -> str:
    part = child(path, "AbbreviatedData")
    return "" if part is None else (part.text or "")[:_LONGEST]


def _together(boxes: list[Rect]) -> Rect:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def parted(run: Run, limit: Rect) -> tuple[Run, Run | None]:
    """Level text in `limit` as what stands within it and what sticks out to the sides, None if nothing does.

    Text with gaps is laid out on purpose: its box is wrong.
    """
    left, low, right, high = limit[0] - SLACK, limit[1] - SLACK, limit[2] + SLACK, limit[3] + SLACK
    chars, xs, ys, widths, size, _ = run
    if len(xs) <= 1 or (min(xs) >= left and max(xs) + max(widths) <= right):
        return run, None
    middles = [x + width / 2 for x, width in zip(xs, widths, strict=True)]
    within = [limit[0] <= x <= limit[2] for x in middles]
    if all(within) or not any(within) or not (min(middles) < left or max(middles) > right):
        return run, None
    if not (low <= min(ys) and max(ys) <= high):
        return run, None
    if any(after - before - width > size for (before, after), width in zip(pairwise(xs), widths, strict=False)):
        return run, None
    return run.only([inside or char == UNKNOWN for inside, char in zip(within, chars, strict=True)]), run.only(
        [not inside and char != UNKNOWN for inside, char in zip(within, chars, strict=True)]
    )

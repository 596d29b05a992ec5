"""The rules printed on a page image: long thin runs of ink, across and down."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from services.extractor.lattice.frame import Rect
from services.extractor.scan.raster import Pixels

#: Runs of ink shorter than this (points) are strokes of characters; gaps of this are bridged before.
_RUN, _GAP = 9.0, 1.2
#: Rules are no thicker than this (points).
_THICK = 3.2
#: A run that is no longer than this (points) is a rule only where it ends at rules on both sides.
_LONG, _TOUCH = 26.0, 2.0
#: Room around a rule (points) that is taken off with it: its blurred edges.
_EDGE = 0.45
#: A seal covers this share of what it hides of a rule.
_COVERED = 0.6


@dataclass(frozen=True)
class Ruling:
    """Rules as boxes in pixels, across and down, and the pixels that they cover (255)."""

    across: tuple[Rect, ...]
    down: tuple[Rect, ...]
    mask: Pixels


def ruling_of(ink: Pixels, scale: float, stain: Pixels | None = None) -> Ruling:
    """The rules of a straight page. `scale`: pixels a point. They go on under a seal (255 in `stain`)."""
    across, wide = _runs(ink, scale)
    down_turned, high = _runs(np.ascontiguousarray(ink.T), scale)
    down = [(y0, x0, y1, x1) for x0, y0, x1, y1 in down_turned]
    sides = [_turned(box) for box in down]
    tops = [_turned(box) for box in across]
    across, down = _held(across, down, scale), [_turned(box) for box in _held(sides, tops, scale)]
    if stain is not None:
        across.extend(_bridges(across, stain, scale))
        down.extend(_turned(box) for box in _bridges([_turned(box) for box in down], stain.T, scale))
    mask = np.zeros_like(ink)
    edge = max(round(_EDGE * scale), 1)
    for boxes, own in ((across, wide), (down, np.ascontiguousarray(high.T))):
        for x0, y0, x1, y1 in boxes:
            part = np.s_[max(int(y0), 0) : int(y1), max(int(x0), 0) : int(x1)]
            mask[part] |= own[part]
    mask = np.asarray(cv2.dilate(mask, np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)), np.uint8)
    return Ruling(tuple(across), tuple(down), mask)


def _turned(box: Rect) -> Rect:
    return box[1], box[0], box[3], box[2]


def _runs(ink: Pixels, scale: float) -> tuple[list[Rect], Pixels]:
    """Thin runs of ink across, as boxes, and their pixels."""
    gap, run = max(round(_GAP * scale), 3), max(round(_RUN * scale), 12)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    opened = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    boxes: list[Rect] = []
    kept = np.zeros(count, bool)
    for number, (x, y, width, height, area) in enumerate(stats):
        if number and area / width <= _THICK * scale and height <= max(_THICK * scale, 0.02 * width + 2):
            boxes.append((float(x), float(y), float(x + width), float(y + height)))
            kept[number] = True
    return boxes, np.where(kept[labels], np.uint8(255), np.uint8(0))


def _held(boxes: list[Rect], crossing: list[Rect], scale: float) -> list[Rect]:
    """Boxes (across) that are long, or end at crossing rules (down) on both sides: strokes of characters do neither.

    `crossing` must be turned for rules down: the first of a pair of coordinates runs along the boxes.
    """
    least, reach = _LONG * scale, _TOUCH * scale
    stops = np.array([box for box in crossing if box[3] - box[1] >= least]).reshape(-1, 4)
    middles = (stops[:, 0] + stops[:, 2]) / 2
    held: list[Rect] = []
    for box in boxes:
        x0, y0, x1, y1 = box
        if x1 - x0 >= least:
            held.append(box)
            continue
        y = (y0 + y1) / 2
        beside = middles[(stops[:, 1] - reach <= y) & (y <= stops[:, 3] + reach)]
        if np.any(np.abs(beside - x0) <= reach) and np.any(np.abs(beside - x1) <= reach):
            held.append(box)
    return held


def _bridges(boxes: list[Rect], stain: Pixels, scale: float) -> list[Rect]:
    """What a seal covers of rules (across) that end at it on both sides, on one line."""
    bridges: list[Rect] = []
    lines = sorted(boxes, key=lambda box: box[0])
    for left in lines:
        middle = (left[1] + left[3]) / 2
        right = next((box for box in lines if box[0] >= left[2] and abs((box[1] + box[3]) / 2 - middle) <= scale), None)
        if right is None:
            continue
        y0, y1 = min(left[1], right[1]), max(left[3], right[3])
        between = stain[int(y0) : int(y1), int(left[2]) : int(right[0])]
        if between.size and float(between.mean()) >= _COVERED * 255:
            bridges.append((left[2], y0, right[0], y1))
    return bridges

"""The rules printed on a page image: long thin runs of ink, across and down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.lattice.frame import Rect
from services.extractor.scan.raster import Pixels

#: Runs of ink shorter than this (points) are strokes of characters; gaps of this are bridged before.
_RUN, _GAP = 9.0, 1.2
#: Rules are no thicker than this (points).
_THICK = 3.2
#: A run that is no longer than this (points) is a rule only where it ends at rules on both sides.
_LONG, _TOUCH = 26.0, 2.0
#: It lies on one line with another when it is this near to it (points), and is alone when less of it is touched.
_ONE_LINE, _TOUCHED = 1.0, 0.05
#: Room around a rule (points) that is taken off with it: its blurred edges.
_EDGE = 0.45
#: Pieces of rules left over: how far (points) from a border across and down, how long, and how thick at most.
_DRIFT, _BESIDE, _PIECE, _PIECE_DOWN, _THIN = 1.6, 0.9, 2.5, 9.0, 1.4
#: Under a seal: how far (points) brightness is evened along a rule, and by how much (of 255) a rule is darker.
#: A run seen there is ink for this share of its length, and it need not end at rules if it is for that share.
_ALONG, _DIP, _WEAK, _SURE = 5.0, 12, 0.25, 0.6

Labels = NDArray[np.int32]


@dataclass(frozen=True)
class Ruling:
    """Rules as boxes in pixels, across and down, and the pixels that they cover (255)."""

    across: tuple[Rect, ...]
    down: tuple[Rect, ...]
    mask: Pixels


@dataclass(frozen=True)
class _Run:
    """A run of ink: its box, its number, and whether it is mostly a guess."""

    box: Rect
    number: int
    weak: bool


def ruling_of(ink: Pixels, scale: float, under: Pixels | None = None) -> Ruling:
    """The rules of a straight page. `scale`: pixels a point. `under`: what seals hid of it."""
    tops, wide = _runs(ink, scale, under)
    turned = np.ascontiguousarray(ink.T)
    sides, high = _runs(turned, scale, None if under is None else np.ascontiguousarray(under.T))
    across = _held(tops, [_turned(run.box) for run in sides if not run.weak], ink, scale)
    down = _held(sides, [_turned(run.box) for run in tops if not run.weak], turned, scale)
    mask = _pixels_of(across, wide) | _pixels_of(down, high).T
    edge = max(round(_EDGE * scale), 1)
    mask = np.asarray(cv2.dilate(mask, np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)), np.uint8)
    return Ruling(tuple(run.box for run in across), tuple(_turned(run.box) for run in down), mask)


def _pixels_of(runs: list[_Run], labels: Labels) -> Pixels:
    kept = np.zeros(int(labels.max(initial=0)) + 1, np.uint8)
    kept[[run.number for run in runs]] = 255
    return kept[labels]


def _turned(box: Rect) -> Rect:
    return box[1], box[0], box[3], box[2]


def _runs(ink: Pixels, scale: float, under: Pixels | None) -> tuple[list[_Run], Labels]:
    """Thin runs of ink across, and for each pixel the number of its run.

    What is seen `under` a seal counts only where a part of the run is ink: a seal has strokes of its own.
    """
    seen = plain = _opened(ink, scale)
    if under is not None:
        seen = _opened(ink | _lines_under(under, scale), scale)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=8)
    runs: list[_Run] = []
    for number, (x, y, width, height, area) in enumerate(stats):
        if number == 0 or area > _THICK * scale * width or height > max(_THICK * scale, 0.02 * width + 2):
            continue
        share = 1.0
        if under is not None:
            share = float(np.mean(plain[y : y + height, x : x + width].any(axis=0)))
        if share >= _WEAK:
            runs.append(_Run((float(x), float(y), float(x + width), float(y + height)), number, share < _SURE))
    return runs, np.asarray(labels, np.int32)


def _opened(ink: Pixels, scale: float) -> Pixels:
    gap, run = max(round(_GAP * scale), 3), max(round(_RUN * scale), 12)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    return np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)), np.uint8)


def _held(runs: list[_Run], crossing: list[Rect], ink: Pixels, scale: float) -> list[_Run]:
    """Runs across that are long, and short ones that end at crossing rules on both sides.

    `crossing`: boxes of runs down; they and `ink` are in the same coordinates. In tight print a stroke may reach from
    rule to rule: a short run must also cross a rule, lie on one line with a long one, or have but paper beside it.
    """
    least = _LONG * scale
    stops = np.array([box for box in crossing if box[3] - box[1] >= least]).reshape(-1, 4)
    middles = (stops[:, 0] + stops[:, 2]) / 2
    held = [run for run in runs if run.box[2] - run.box[0] >= least and not run.weak]
    places = np.array([(run.box[1] + run.box[3]) / 2 for run in held])
    for run in runs:
        x0, y0, x1, y1 = run.box
        if x1 - x0 >= least and not run.weak:
            continue
        y, reach = (y0 + y1) / 2, (_TOUCH + (_ALONG / 2 if run.weak else 0.0)) * scale
        beside = middles[(stops[:, 1] - reach <= y) & (y <= stops[:, 3] + reach)]
        if not (np.any(np.abs(beside - x0) <= reach) and np.any(np.abs(beside - x1) <= reach)):
            continue
        crossed = np.any((beside > x0 + 2 * reach) & (beside < x1 - 2 * reach))
        on_line = np.any(np.abs(places - y) <= _ONE_LINE * scale)
        if run.weak or crossed or on_line or _alone(ink, run.box, scale):
            held.append(run)
    return held


def _alone(ink: Pixels, box: Rect, scale: float) -> bool:
    """Whether nothing touches a run across from above or below, but for its ends."""
    x0, y0, x1, y1 = (int(side) for side in box)
    end, off, deep = round(_TOUCH * scale), max(round(0.3 * scale), 1), max(round(0.7 * scale), 2)
    inner = slice(x0 + end, max(x1 - end, x0 + end + 1))
    above, below = ink[max(y0 - off - deep, 0) : max(y0 - off, 1), inner], ink[y1 + off : y1 + off + deep, inner]
    return all(part.size == 0 or float(np.mean(part.any(axis=0))) <= _TOUCHED for part in (above, below))


def _lines_under(under: Pixels, scale: float) -> Pixels:
    """255 where a thin line runs across under a seal.

    In brightness a rule stays darker than what is above and below it, under the seal as beside it; colour does not
    tell, because JPEG stores it for blocks of pixels.
    """
    along, over = max(round(_ALONG * scale), 5), 2 * round(_THICK * scale / 2) + 1
    smooth = cv2.blur(under, (along, 1))
    dark = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((over, 1), np.uint8))
    return np.where(dark > _DIP, np.uint8(255), np.uint8(0))


def remains_of(ink: Pixels, lines: Sequence[tuple[Rect, bool]], scale: float) -> Pixels:
    """Pieces of rules (255) that are left in `ink` on the borders of cells: thin, lengthwise, nothing else near them.

    `lines`: borders in pixels, and whether they run across. A digit 1 beside a border down is no piece of it, so pieces
    down must be longer.
    """
    across, down = np.zeros_like(ink), np.zeros_like(ink)
    for (x0, y0, x1, y1), flat in lines:
        reach = (_DRIFT if flat else _BESIDE) * scale
        part = np.s_[max(int(y0 - reach), 0) : int(y1 + reach) + 1, max(int(x0 - reach), 0) : int(x1 + reach) + 1]
        (across if flat else down)[part] = 255
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    widths, heights = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    left = np.zeros(count, bool)
    for band, length, thickness, least in ((across, widths, heights, _PIECE), (down, heights, widths, _PIECE_DOWN)):
        inside = np.bincount(labels[band > 0], minlength=count)
        left |= (
            (inside == stats[:, cv2.CC_STAT_AREA])
            & (length >= least * scale)
            & (thickness <= _THIN * scale)
            & (length >= 3 * thickness)
        )
    left[0] = False
    return np.where(left[labels], np.uint8(255), np.uint8(0))

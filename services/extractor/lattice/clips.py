"""Text that is clipped to its cell: spreadsheets print it all and show what fits.

What sticks out lies on top of the neighbours, where no reader sees it. It belongs to the cell that clips it.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import c_float, c_void_p, cast
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice import native
from services.extractor.lattice.frame import Rect

#: Text sticks out of its clip by more than this (points) when it belongs elsewhere.
_OUT = 1.0
#: Clip paths and their segments looked at.
_MOST_PATHS, _MOST_SEGMENTS = 16, 12


def clips_of(texts: list[int]) -> Iterator[tuple[int, Rect]]:
    """(address, clip box) of the text objects that stick out of their clip box, in the units of their parent."""
    clipped = native.clip_paths(texts)
    boxes = native.bounds([text for text, _, _ in clipped])
    for (text, clip, count), (x0, y0, x1, y1) in zip(clipped, boxes, strict=True):
        box = _box(cast(c_void_p(clip), raw.FPDF_CLIPPATH), count)
        if box and (x0 < box[0] - _OUT or y0 < box[1] - _OUT or x1 > box[2] + _OUT or y1 > box[3] + _OUT):
            yield text, box


def _box(clip: Any, paths: int) -> Rect | None:
    """What all paths of a clip let through, as a box; None when nothing is left or a path is no plain shape."""
    left, bottom, right, top = float("-inf"), float("-inf"), float("inf"), float("inf")
    x, y = c_float(), c_float()
    for path in range(min(paths, _MOST_PATHS)):
        segments = raw.FPDFClipPath_CountPathSegments(clip, path)
        if not 0 < segments <= _MOST_SEGMENTS:
            return None
        xs: list[float] = []
        ys: list[float] = []
        for index in range(segments):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, index), x, y)
            xs.append(x.value)
            ys.append(y.value)
        left, right = max(left, min(xs)), min(right, max(xs))
        bottom, top = max(bottom, min(ys)), min(top, max(ys))
    return (left, bottom, right, top) if left < right and bottom < top else None

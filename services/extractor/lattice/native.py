"""Bulk calls into PDFium: one C-speed `map` per property instead of one Python call per object.

The functions of `pypdfium2.raw` check and convert every argument. Here the same entry points are bound again with plain
integers (addresses into one array), which halves the cost of reading a page. Nothing outside `lattice` uses them.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from ctypes import PYFUNCTYPE, addressof, c_double, c_float, c_int, c_uint, c_ushort, c_void_p, cast
from itertools import chain, compress, repeat
from struct import iter_unpack
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

Numbers = list[float]
Four = tuple[float, float, float, float]
Six = tuple[float, float, float, float, float, float]
Segment = tuple[int, float, float, bool]

_INT, _FLOAT, _DOUBLE = 4, 4, 8
_WHITE = 250
_SURROGATE = re.compile("[\ud800-\udfff]")


def address(handle: Any) -> int:
    """The address behind a ctypes handle, 0 for NULL."""
    return cast(handle, c_void_p).value or 0


def _bind(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The function without checks; it keeps the interpreter's lock, which calls this short are not worth releasing."""
    return PYFUNCTYPE(result, *arguments)(address(function))


_loose_box = _bind(raw.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)
_char_box = _bind(raw.FPDFText_GetCharBox, c_int, c_void_p, c_int, *([c_void_p] * 4))
_origin = _bind(raw.FPDFText_GetCharOrigin, c_int, c_void_p, c_int, c_void_p, c_void_p)
_matrix = _bind(raw.FPDFText_GetMatrix, c_int, c_void_p, c_int, c_void_p)
_unicode = _bind(raw.FPDFText_GetUnicode, c_int, c_void_p, c_int)
_font_size = _bind(raw.FPDFText_GetFontSize, c_double, c_void_p, c_int)
_text_object = _bind(raw.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
_page_object = _bind(raw.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
_form_object = _bind(raw.FPDFFormObj_GetObject, c_void_p, c_void_p, c_int)
_object_type = _bind(raw.FPDFPageObj_GetType, c_int, c_void_p)
_bounds = _bind(raw.FPDFPageObj_GetBounds, c_int, c_void_p, *([c_void_p] * 4))
_draw_mode = _bind(raw.FPDFPath_GetDrawMode, c_int, c_void_p, c_void_p, c_void_p)
_stroke_width = _bind(raw.FPDFPageObj_GetStrokeWidth, c_int, c_void_p, c_void_p)
_stroke_colour = _bind(raw.FPDFPageObj_GetStrokeColor, c_int, c_void_p, *([c_void_p] * 4))
_fill_colour = _bind(raw.FPDFPageObj_GetFillColor, c_int, c_void_p, *([c_void_p] * 4))
_render_mode = _bind(raw.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
_clip_path = _bind(raw.FPDFPageObj_GetClipPath, c_void_p, c_void_p)
_clip_count = _bind(raw.FPDFClipPath_CountPaths, c_int, c_void_p)
_count_segments = _bind(raw.FPDFPath_CountSegments, c_int, c_void_p)
_segment = _bind(raw.FPDFPath_GetPathSegment, c_void_p, c_void_p, c_int)
_segment_type = _bind(raw.FPDFPathSegment_GetType, c_int, c_void_p)
_segment_point = _bind(raw.FPDFPathSegment_GetPoint, c_int, c_void_p, c_void_p, c_void_p)
_segment_closes = _bind(raw.FPDFPathSegment_GetClose, c_int, c_void_p)
_object_matrix = _bind(raw.FPDFPageObj_GetMatrix, c_int, c_void_p, c_void_p)


def _run(calls: Iterable[object]) -> None:
    deque(calls, maxlen=0)


def _addresses(start: int, step: int, count: int) -> range:
    return range(start, start + step * count, step)


def loose_boxes(textpage: int, which: Sequence[int]) -> Iterator[Four]:
    """left, top, right, bottom of every character by its advance, in page units (y up)."""
    count = len(which)
    box = (c_float * (4 * count))()
    _run(map(_loose_box, repeat(textpage), which, _addresses(addressof(box), 4 * _FLOAT, count)))
    return iter_unpack("4f", box)


def baselines(textpage: int) -> Callable[[int], float]:
    """A function that gives the y of the origin of a character, in page units (y up)."""
    point = (c_double * 2)()
    x, y = addressof(point), addressof(point) + _DOUBLE

    def baseline(index: int) -> float:
        _origin(textpage, index, x, y)
        return point[1]

    return baseline


def char_boxes(textpage: int, which: Sequence[int]) -> Iterator[Four]:
    """left, right, bottom, top of the ink of every character, in page units (y up)."""
    count = len(which)
    box = (c_double * (4 * count))()
    base = addressof(box)
    at = (_addresses(base + k * _DOUBLE, 4 * _DOUBLE, count) for k in range(4))
    _run(map(_char_box, repeat(textpage), which, *at))
    return iter_unpack("4d", box)


def origins(textpage: int, which: Sequence[int]) -> Iterator[tuple[float, float]]:
    """x, y of the origin (on the baseline) of every character, in page units (y up)."""
    count = len(which)
    point = (c_double * (2 * count))()
    base = addressof(point)
    at = (_addresses(base + k * _DOUBLE, 2 * _DOUBLE, count) for k in range(2))
    _run(map(_origin, repeat(textpage), which, *at))
    return iter_unpack("2d", point)


def matrices(textpage: int, which: Sequence[int]) -> Iterator[Six]:
    """a, b, c, d, e, f of every character's text matrix."""
    count = len(which)
    found = (c_float * (6 * count))()
    _run(map(_matrix, repeat(textpage), which, _addresses(addressof(found), 6 * _FLOAT, count)))
    return iter_unpack("6f", found)


def font_sizes(textpage: int, which: Sequence[int]) -> Numbers:
    """The font size of every character, before its matrix scales it."""
    return list(map(_font_size, repeat(textpage), which))


def text_objects(textpage: int, which: Sequence[int]) -> list[int]:
    """The address of the text object of every character, 0 for characters that PDFium made up."""
    return [found or 0 for found in map(_text_object, repeat(textpage), which)]


def characters(textpage: Any, count: int) -> list[str]:
    """Every character of the page, NUL where a font maps to nothing.

    One bulk read when text and characters match one to one, else one by one.
    """
    buffer = (c_ushort * (count + 1))()
    if raw.FPDFText_GetText(textpage, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count and not _SURROGATE.search(text):
            return list(text)
    codes = map(_unicode, repeat(address(textpage)), range(count))
    found = [chr(code) if 0 <= code <= sys.maxunicode else "\0" for code in codes]
    return ["\0" if _SURROGATE.match(char) else char for char in found]


def objects(parent: int, count: int, *, in_form: bool) -> dict[int, list[int]]:
    """Addresses of the first `count` objects of a page or of a form by their type (FPDF_PAGEOBJ_*)."""
    get = _form_object if in_form else _page_object
    found = list(filter(None, map(get, repeat(parent), range(count))))
    kinds = list(map(_object_type, found))
    return {kind: list(compress(found, map(kind.__eq__, kinds))) for kind in set(kinds)}


def bounds(handles: list[int]) -> list[tuple[float, float, float, float]]:
    """left, bottom, right, top of every object in the units of its parent (stroke width included)."""
    count = len(handles)
    box = (c_float * (4 * count))()
    base = addressof(box)
    at = (_addresses(base + k * _FLOAT, 4 * _FLOAT, count) for k in range(4))
    _run(map(_bounds, handles, *at))
    return list(iter_unpack("4f", box))


def object_matrices(handles: list[int]) -> list[tuple[float, float, float, float, float, float]]:
    """a, b, c, d, e, f of every object."""
    count = len(handles)
    found = (c_float * (6 * count))()
    _run(map(_object_matrix, handles, _addresses(addressof(found), 6 * _FLOAT, count)))
    return list(iter_unpack("6f", found))


def render_modes(texts: list[int]) -> list[int]:
    """How every text object is painted (FPDF_TEXTRENDERMODE_*)."""
    return list(map(_render_mode, texts))


def clip_paths(handles: list[int]) -> list[tuple[int, int]]:
    """(address of the clip path, number of its paths) of every object; 0 paths where nothing is clipped."""
    found = [clip or 0 for clip in map(_clip_path, handles)]
    return list(zip(found, [max(count, 0) for count in map(_clip_count, found)], strict=True))


def draw_modes(paths: list[int]) -> list[tuple[bool, bool]]:
    """(filled, stroked) of every path."""
    count = len(paths)
    modes = (c_int * (2 * count))()
    base = addressof(modes)
    _run(map(_draw_mode, paths, *(_addresses(base + k * _INT, 2 * _INT, count) for k in range(2))))
    plain = bytes(modes)
    if plain == plain[: 2 * _INT] * count:  # most pages draw all their lines in one way
        return [(fill != 0, stroke != 0) for fill, stroke in iter_unpack("2i", plain[: 2 * _INT])] * count
    return [(fill != 0, stroke != 0) for fill, stroke in iter_unpack("2i", plain)]


def stroke_widths(paths: list[int]) -> Numbers:
    """The stroke width of every path, before its matrix scales it."""
    widths = (c_float * len(paths))()
    _run(map(_stroke_width, paths, _addresses(addressof(widths), _FLOAT, len(paths))))
    return list(widths)


def segment_counts(paths: list[int]) -> list[int]:
    """The number of segments of every path."""
    return [max(count, 0) for count in map(_count_segments, paths)]


def segments(paths: list[int], counts: list[int]) -> Iterator[Segment]:
    """(FPDF_SEGMENT_*, x, y, whether it closes its subpath) of the first `counts` segments of every path, in a row.

    Places are in the path's own units.
    """
    found = _segments(paths, counts)
    places = iter_unpack("2f", _points(found))
    kinds, ends = map(_segment_type, found), map(_segment_closes, found)
    return ((kind, x, y, end != 0) for kind, (x, y), end in zip(kinds, places, ends, strict=True))


def corners(paths: list[int], count: int) -> list[Numbers]:
    """x, y, x, y ... of the first `count` segments of every path, in its own units."""
    points = _points(_segments(paths, [count] * len(paths)))
    return [list(place) for place in iter_unpack(f"{2 * count}f", points)]


def _segments(paths: list[int], counts: list[int]) -> list[int]:
    whose = chain.from_iterable(map(repeat, paths, counts))
    return [handle or 0 for handle in map(_segment, whose, chain.from_iterable(map(range, counts)))]


def _points(segments: list[int]) -> bytes:
    point = (c_float * (2 * len(segments)))()
    base = addressof(point)
    _run(map(_segment_point, segments, *(_addresses(base + k * _FLOAT, 2 * _FLOAT, len(segments)) for k in range(2))))
    return bytes(point)


def painted(paths: list[int], *, stroke: bool) -> list[bool]:
    """Whether the stroke (or fill) colour of every path can be seen on white paper.

    A colour that PDFium cannot tell (a pattern) can be seen.
    """
    count = len(paths)
    colours = (c_uint * (4 * count))()
    base = addressof(colours)
    at = (_addresses(base + k * _INT, 4 * _INT, count) for k in range(4))
    told = list(map(_stroke_colour if stroke else _fill_colour, paths, *at))
    plain = bytes(colours)
    if all(told) and plain == plain[: 4 * _INT] * count:
        return [_seen(*channels) for channels in iter_unpack("4I", plain[: 4 * _INT])] * count
    shown = list(iter_unpack("4I", plain))
    seen = {channels: _seen(*channels) for channels in set(shown)}
    return [not ok or seen[channels] for ok, channels in zip(told, shown, strict=True)]


def _seen(red: int, green: int, blue: int, alpha: int) -> bool:
    """Whether a colour differs from white paper."""
    return alpha > 0 and min(red, green, blue) < _WHITE

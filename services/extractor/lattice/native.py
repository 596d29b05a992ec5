"""Bulk calls into PDFium: one C-speed `map` per property instead of one Python call per object.

The functions of `pypdfium2.raw` check and convert every argument. Here the same entry points are bound again without
declared arguments, and get what needs no conversion: small integers, and addresses that were made into arguments once.
That takes a third of the time. Nothing outside `lattice` uses them, and like PDFium one thread at a time.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from ctypes import PYFUNCTYPE, addressof, c_char, c_double, c_int, c_size_t, c_ushort, c_void_p, cast, memset, string_at
from functools import cache
from itertools import chain, compress, repeat
from struct import calcsize, iter_unpack
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

Numbers = list[float]
Four = tuple[float, float, float, float]
Six = tuple[float, float, float, float, float, float]
Segment = tuple[int, float, float, bool]

_WHITE = 250
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Answers that PDFium writes before they are taken away, and the room for the longest ones (four doubles).
_AT_ONCE, _LONGEST = 1024, 32
_memory = (c_char * (_AT_ONCE * _LONGEST))()


def address(handle: Any) -> int:
    """The address behind a ctypes handle, 0 for NULL."""
    return cast(handle, c_void_p).value or 0


#: An address as an argument; a bare integer would be cut to 32 bits.
_argument = c_void_p.from_param


def _bind(function: Any, result: Any) -> Callable[..., Any]:
    """The function without checks; it keeps the interpreter's lock, which calls this short are not worth releasing."""
    return PYFUNCTYPE(result)(address(function))


_loose_box = _bind(raw.FPDFText_GetLooseCharBox, c_int)
_char_box = _bind(raw.FPDFText_GetCharBox, c_int)
_origin = _bind(raw.FPDFText_GetCharOrigin, c_int)
_matrix = _bind(raw.FPDFText_GetMatrix, c_int)
_unicode = _bind(raw.FPDFText_GetUnicode, c_int)
_font_size = _bind(raw.FPDFText_GetFontSize, c_double)
_text_object = _bind(raw.FPDFText_GetTextObject, c_size_t)
_page_object = _bind(raw.FPDFPage_GetObject, c_size_t)
_form_object = _bind(raw.FPDFFormObj_GetObject, c_size_t)
_object_type = _bind(raw.FPDFPageObj_GetType, c_int)
_bounds = _bind(raw.FPDFPageObj_GetBounds, c_int)
_draw_mode = _bind(raw.FPDFPath_GetDrawMode, c_int)
_stroke_width = _bind(raw.FPDFPageObj_GetStrokeWidth, c_int)
_stroke_colour = _bind(raw.FPDFPageObj_GetStrokeColor, c_int)
_fill_colour = _bind(raw.FPDFPageObj_GetFillColor, c_int)
_render_mode = _bind(raw.FPDFTextObj_GetTextRenderMode, c_int)
_clip_path = _bind(raw.FPDFPageObj_GetClipPath, c_size_t)
_clip_count = _bind(raw.FPDFClipPath_CountPaths, c_int)
_count_segments = _bind(raw.FPDFPath_CountSegments, c_int)
_segment = _bind(raw.FPDFPath_GetPathSegment, c_size_t)
_segment_type = _bind(raw.FPDFPathSegment_GetType, c_int)
_segment_point = _bind(raw.FPDFPathSegment_GetPoint, c_int)
_segment_closes = _bind(raw.FPDFPathSegment_GetClose, c_int)
_object_matrix = _bind(raw.FPDFPageObj_GetMatrix, c_int)


@cache
def _places(step: int, offset: int) -> list[Any]:
    """Arguments for the places `offset`, `offset` + `step` ... (bytes) of the memory for answers."""
    base = addressof(_memory) + offset
    return [_argument(place) for place in range(base, base + step * _AT_ONCE, step)]


def _answers(
    function: Callable[..., Any], layout: str, questions: Sequence[Any], *before: Any, apart: bool = False
) -> tuple[bytes, list[int]]:
    """What `function(*before, question, place ...)` writes for every question, one after the other, and returns.

    `layout` of an answer is as `struct` has it. It goes to one place, or each of its numbers to its own (`apart`).
    A question without an answer gives zeros.
    """
    if not questions:
        return b"", []
    step = calcsize(layout)
    size = calcsize(layout[-1])
    places = [_places(step, offset) for offset in range(0, step if apart else 1, size)]
    first = [repeat(argument) for argument in before]
    written: list[bytes] = []
    returned: list[int] = []
    for start in range(0, len(questions), _AT_ONCE):
        some = questions[start : start + _AT_ONCE]
        memset(_memory, 0, step * len(some))
        returned += map(function, *first, some, *places)
        written.append(string_at(_memory, step * len(some)))
    return b"".join(written), returned


def _arguments(handles: Iterable[int]) -> list[Any]:
    return list(map(_argument, handles))


def loose_boxes(textpage: int, which: Sequence[int]) -> Iterator[Four]:
    """left, top, right, bottom of every character by its advance, in page units (y up)."""
    return iter_unpack("4f", _answers(_loose_box, "4f", which, _argument(textpage))[0])


def baselines(textpage: int) -> Callable[[int], float]:
    """A function that gives the y of the origin of a character, in page units (y up)."""
    point = (c_double * 2)()
    page, x, y = _arguments((textpage, addressof(point), addressof(point) + calcsize("d")))

    def baseline(index: int) -> float:
        _origin(page, index, x, y)
        return point[1]

    return baseline


def char_boxes(textpage: int, which: Sequence[int]) -> Iterator[Four]:
    """left, right, bottom, top of the ink of every character, in page units (y up)."""
    return iter_unpack("4d", _answers(_char_box, "4d", which, _argument(textpage), apart=True)[0])


def origins(textpage: int, which: Sequence[int]) -> Iterator[tuple[float, float]]:
    """x, y of the origin (on the baseline) of every character, in page units (y up)."""
    return iter_unpack("2d", _answers(_origin, "2d", which, _argument(textpage), apart=True)[0])


def matrices(textpage: int, which: Sequence[int]) -> Iterator[Six]:
    """a, b, c, d, e, f of every character's text matrix."""
    return iter_unpack("6f", _answers(_matrix, "6f", which, _argument(textpage))[0])


def font_sizes(textpage: int, which: Sequence[int]) -> Numbers:
    """The font size of every character, before its matrix scales it."""
    return list(map(_font_size, repeat(_argument(textpage)), which))


def text_objects(textpage: int, which: Sequence[int]) -> list[int]:
    """The address of the text object of every character, 0 for characters that PDFium made up."""
    return list(map(_text_object, repeat(_argument(textpage)), which))


def characters(textpage: Any, count: int) -> list[str]:
    """Every character of the page, NUL where a font maps to nothing.

    One bulk read when text and characters match one to one, else one by one.
    """
    buffer = (c_ushort * (count + 1))()
    if raw.FPDFText_GetText(textpage, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count and not _SURROGATE.search(text):
            return list(text)
    codes = map(_unicode, repeat(_argument(address(textpage))), range(count))
    found = [chr(code) if 0 <= code <= sys.maxunicode else "\0" for code in codes]
    return ["\0" if _SURROGATE.match(char) else char for char in found]


def objects(parent: int, count: int, *, in_form: bool) -> list[int]:
    """Addresses of the first `count` objects of a page or of a form, in the order drawn."""
    get = _form_object if in_form else _page_object
    return list(filter(None, map(get, repeat(_argument(parent)), range(count))))


def object_types(handles: Iterable[int]) -> list[int]:
    """The type (FPDF_PAGEOBJ_*) of every object."""
    return list(map(_object_type, map(_argument, handles)))


def by_type(handles: list[int]) -> dict[int, list[int]]:
    """Objects by their type (FPDF_PAGEOBJ_*)."""
    kinds = object_types(handles)
    return {kind: list(compress(handles, map(kind.__eq__, kinds))) for kind in set(kinds)}


def bounds(handles: list[int]) -> list[Four]:
    """left, bottom, right, top of every object in the units of its parent (stroke width included)."""
    return list(iter_unpack("4f", _bounds_of(handles)))


def sides(handles: Sequence[int]) -> tuple[array[float], array[float], array[float], array[float]]:
    """The same as four columns."""
    places = array("f", _bounds_of(handles))
    return places[0::4], places[1::4], places[2::4], places[3::4]


def _bounds_of(handles: Iterable[int]) -> bytes:
    return _answers(_bounds, "4f", _arguments(handles), apart=True)[0]


def object_matrices(handles: list[int]) -> list[Six]:
    """a, b, c, d, e, f of every object."""
    return list(iter_unpack("6f", _answers(_object_matrix, "6f", _arguments(handles))[0]))


def render_modes(texts: list[int]) -> list[int]:
    """How every text object is painted (FPDF_TEXTRENDERMODE_*)."""
    return list(map(_render_mode, map(_argument, texts)))


def clip_paths(handles: list[int]) -> list[tuple[int, int, int]]:
    """(object, address of its clip path, number of the paths of that) of the objects that are clipped."""
    found = list(map(_clip_path, map(_argument, handles)))
    counts = list(map(_clip_count, map(_argument, found)))
    if max(counts, default=0) <= 0:
        return []
    return [clipped for clipped in zip(handles, found, counts, strict=True) if clipped[2] > 0]


def draw_modes(paths: list[int]) -> list[tuple[bool, bool]]:
    """(filled, stroked) of every path."""
    plain, _ = _answers(_draw_mode, "2i", _arguments(paths), apart=True)
    one = plain[: calcsize("2i")]
    if plain == one * len(paths):  # most pages draw all their lines in one way
        return [(fill != 0, stroke != 0) for fill, stroke in iter_unpack("2i", one)] * len(paths)
    return [(fill != 0, stroke != 0) for fill, stroke in iter_unpack("2i", plain)]


def stroke_widths(paths: list[int]) -> Numbers:
    """The stroke width of every path, before its matrix scales it."""
    return [width for (width,) in iter_unpack("f", _answers(_stroke_width, "f", _arguments(paths))[0])]


def segment_counts(paths: list[int]) -> list[int]:
    """The number of segments of every path."""
    return [max(count, 0) for count in map(_count_segments, map(_argument, paths))]


def segments(paths: list[int], counts: list[int]) -> Iterator[Segment]:
    """(FPDF_SEGMENT_*, x, y, whether it closes its subpath) of the first `counts` segments of every path, in a row.

    Places are in the path's own units.
    """
    found = _segments(paths, counts)
    places = iter_unpack("2f", _points(found))
    kinds, ends = map(_segment_type, found), map(_segment_closes, found)
    return ((kind, x, y, end != 0) for kind, (x, y), end in zip(kinds, places, ends, strict=True))


def corners(paths: list[int], count: int) -> Iterator[tuple[float, ...]]:
    """x, y, x, y ... of the first `count` segments of every path, in its own units."""
    return iter_unpack(f"{2 * count}f", _points(_segments(paths, [count] * len(paths))))


def _segments(paths: list[int], counts: list[int]) -> list[Any]:
    """Arguments for the first `counts` segments of every path."""
    whose = chain.from_iterable(map(repeat, map(_argument, paths), counts))
    return _arguments(map(_segment, whose, chain.from_iterable(map(range, counts))))


def _points(segments: list[Any]) -> bytes:
    return _answers(_segment_point, "2f", segments, apart=True)[0]


def painted(paths: list[int], *, stroke: bool) -> list[bool]:
    """Whether the stroke (or fill) colour of every path can be seen on white paper.

    A colour that PDFium cannot tell (a pattern) can be seen.
    """
    colour = _stroke_colour if stroke else _fill_colour
    plain, told = _answers(colour, "4I", _arguments(paths), apart=True)
    one = plain[: calcsize("4I")]
    if all(told) and plain == one * len(paths):
        return [_seen(*channels) for channels in iter_unpack("4I", one)] * len(paths)
    shown = list(iter_unpack("4I", plain))
    seen = {channels: _seen(*channels) for channels in set(shown)}
    return [not ok or seen[channels] for ok, channels in zip(told, shown, strict=True)]


def _seen(red: int, green: int, blue: int, alpha: int) -> bool:
    """Whether a colour differs from white paper."""
    return alpha > 0 and min(red, green, blue) < _WHITE

"""One PDF page as tables and lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice.bare import Before
from services.extractor.lattice.chars import Characters, Glyph, read_characters
from services.extractor.lattice.fill import Filling, Line, filling_of, lines_of
from services.extractor.lattice.frame import Frame, Rect, transform
from services.extractor.lattice.grid import Grid
from services.extractor.lattice.gutters import in_reading_order
from services.extractor.lattice.rules import rules_of
from services.extractor.lattice.strokes import Drawing, drawing_of
from services.extractor.lattice.tables import Tables, tables_of

#: More crossings of rules than this on one page is a pattern, not a table.
_CROSSINGS = 4_000_000
#: Shares of the page that images cover: more than a logo, and most of the page. Shapes: more than shaded cells have.
_SOME_IMAGE, _SCAN, _SOME_SHAPES = 0.02, 0.5, 30
#: Fewer characters than this over a scan are its page number or a stamp.
_STRAY = 20
#: A table whose side is nearer to the edge of the paper than this (points) may be cut.
_EDGE = 6.0


@dataclass(frozen=True)
class PageTable:
    """A table of a page: its grid (upright frame), what stands in each span, and the boxes as a reader sees them.

    `sure`: how its cells are divided was never a choice between two. `cut`: places in the grid's spans of cells whose
    text runs into the edge of the paper or over the side of the cell, so that a part of it may be missing.
    """

    grid: Grid
    fillings: tuple[Filling, ...]
    boxes: tuple[Rect, ...]
    sure: bool = True
    cut: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PageContent:
    """What a page prints. `lines` are those outside of tables, from top to bottom, in the upright frame.

    `aligned`: what the next page must know of its last table that no rule parts. `hidden_text`: all of its
    text is there to be searched, not to be seen.
    """

    number: int
    width: float
    height: float
    tables: tuple[PageTable, ...]
    lines: tuple[Line, ...]
    characters: int
    unmapped: int
    image_share: float
    shapes: int
    truncated: bool
    aligned: Before | None = None
    hidden_text: bool = False

    @property
    def scanned(self) -> bool:
        """Whether the page is an image of a page: without text, or with what another program's OCR hid there."""
        return self.unread or (self.hidden_text and self.image_share > _SCAN)

    @property
    def unread(self) -> bool:
        """Whether the page shows something (a scan, drawn letters) but holds (almost) no text."""
        if self.characters == 0:
            return self.image_share > _SOME_IMAGE or self.shapes > _SOME_SHAPES
        return self.characters < _STRAY and self.image_share > _SCAN and not self.tables


@contextmanager
def _opened(document: Any, index: int) -> Iterator[tuple[Any, Any]]:
    page = raw.FPDF_LoadPage(document, index)
    if not page:
        raise PageError(index + 1)
    try:
        textpage = raw.FPDFText_LoadPage(page)
        if not textpage:
            raise PageError(index + 1)
        try:
            yield page, textpage
        finally:
            raw.FPDFText_ClosePage(textpage)
    finally:
        raw.FPDF_ClosePage(page)


class PageError(Exception):
    """PDFium cannot load the page (1-based number in `number`)."""

    def __init__(self, number: int) -> None:
        super().__init__(f"page {number} cannot be loaded")
        self.number = number


def read_page(document: Any, index: int, before: Before | None = None) -> PageContent:
    """Page `index` (0-based) of a PDFium document handle. Raises `PageError`.

    `before` is what the page before gave as `aligned`.
    """
    with _opened(document, index) as (page, textpage):
        drawing = drawing_of(page)
        seen = _frame(page)
        frame = seen.turned(direction_of(drawing) - seen.turns)
        count = max(raw.FPDFText_CountChars(textpage), 0)
        hidden = drawing.hidden if drawing.visible_text else set()
        characters = read_characters(
            textpage,
            count,
            frame,
            upright=not any(turn != 0 for turn in drawing.directions),
            left_out=frozenset(hidden),
            clips=drawing.clips,
        )
    return content_of(index + 1, drawing, seen, frame, characters, before)


def _frame(page: Any) -> Frame:
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    return Frame(box.left, box.bottom, box.right, box.top, max(raw.FPDFPage_GetRotation(page), 0))


def direction_of(drawing: Drawing) -> int:
    """Quarter turns of most of the text; the page's own rotation is not asked, the text itself says how it is read."""
    straight = {turn: number for turn, number in drawing.directions.items() if turn is not None}
    return max(straight, key=lambda turn: straight[turn]) if straight else 0


def content_of(
    number: int, drawing: Drawing, seen: Frame, frame: Frame, characters: Characters, before: Before | None
) -> PageContent:
    """Page `number` (1-based) from what is drawn and printed on it, whatever the format.

    `drawing` is in page units (y up) of the frame `seen` as a reader sees the page; `characters` are in the upright
    `frame`. `before` is as for `read_page`.
    """
    horizontal, vertical = rules_of(frame.seen(drawing.strokes))
    crowded = len(horizontal) * len(vertical) > _CROSSINGS
    if crowded:
        found = Tables([], [], lines_of(characters.glyphs))
    else:
        found = tables_of(horizontal, vertical, characters, before, frame.seen(drawing.fills))
    tables = tuple(
        _table(grid, filled, (seen, frame), characters.torn, sure=index not in found.unsure)
        for index, (grid, filled) in enumerate(zip(found.grids, found.cells, strict=True))
    )
    area = frame.width * frame.height or 1.0
    images = sum(_area(transform(frame.matrix, image), frame) for image in drawing.images)
    return PageContent(
        number=number,
        width=frame.width,
        height=frame.height,
        tables=tables,
        lines=tuple(in_reading_order(found.lines)),
        characters=len("".join("".join(map(itemgetter(4), characters.glyphs)).split())),
        unmapped=characters.unmapped,
        image_share=images / area,
        shapes=drawing.shapes,
        truncated=drawing.truncated or characters.truncated or crowded,
        aligned=found.last,
        hidden_text=bool(drawing.hidden) and not drawing.visible_text,
    )


def _table(
    grid: Grid, cells: list[list[Any]], frames: tuple[Frame, Frame], torn: frozenset[Glyph], *, sure: bool
) -> PageTable:
    seen, frame = frames
    boxes = grid.boxes()
    last = grid.rows - 1
    fillings = [
        filling_of(glyphs, box[0], box[2], ends=span[0] == last)
        for glyphs, box, span in zip(cells, boxes, grid.spans, strict=True)
    ]
    return PageTable(
        grid=grid,
        fillings=tuple(fillings),
        boxes=boxes if seen == frame else _boxes(grid, frame, seen),
        sure=sure,
        cut=_cut(grid, cells, frame.width) | (_torn(cells, torn) if torn else frozenset()),
    )


def _torn(cells: list[list[Any]], torn: frozenset[Glyph]) -> frozenset[int]:
    """The cells with a character that the side of the cell cuts."""
    return frozenset(index for index, glyphs in enumerate(cells) if not torn.isdisjoint(glyphs))


def _cut(grid: Grid, cells: list[list[Any]], width: float) -> frozenset[int]:
    """The cells whose text ends at the right edge of the paper or begins at the left one."""
    left, _, right, _ = grid.box
    if left > _EDGE and right < width - _EDGE:
        return frozenset()
    return frozenset(
        index
        for index, glyphs in enumerate(cells)
        if any((glyph[1] < 0 or glyph[2] > width) and not glyph[4].isspace() for glyph in glyphs)
    )


def _boxes(grid: Grid, frame: Frame, seen: Frame) -> tuple[Rect, ...]:
    """The rectangles of all cells of a grid in `frame` as they are `seen`: its boundaries turned, not each cell."""
    across, down = (1, 0) if (seen.turns - frame.turns) % 2 else (0, 1)
    xs = [round(frame.into(seen, (x, 0.0, x, 0.0))[across], 2) for x in grid.xs]
    ys = [round(frame.into(seen, (0.0, y, 0.0, y))[down], 2) for y in grid.ys]
    boxes: list[Rect] = []
    for row, column, rowspan, colspan, _ in grid.spans:
        x0, x1, y0, y1 = xs[column], xs[column + colspan], ys[row], ys[row + rowspan]
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        boxes.append((y0, x0, y1, x1) if across else (x0, y0, x1, y1))
    return tuple(boxes)


def _area(box: Rect, frame: Frame) -> float:
    width = min(box[2], frame.width) - max(box[0], 0.0)
    height = min(box[3], frame.height) - max(box[1], 0.0)
    return max(width, 0.0) * max(height, 0.0)

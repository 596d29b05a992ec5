"""PDF tables drawn in the ways that programs draw them, with exactly known cells."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
Segment = tuple[float, float, float, float]


@dataclass(frozen=True)
class Put:
    """A cell of a drawn table."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class Sheet:
    """A table to draw: `widths` and `heights` in points, top left corner at (`x`, `y`) from the top of the page."""

    cells: tuple[Put, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    x: float = 60.0
    y: float = 100.0
    size: float = 10.0
    xs: tuple[float, ...] = field(init=False)
    ys: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "xs", tuple(self.x + sum(self.widths[:i]) for i in range(len(self.widths) + 1)))
        object.__setattr__(self, "ys", tuple(self.y + sum(self.heights[:i]) for i in range(len(self.heights) + 1)))

    def box(self, cell: Put) -> tuple[float, float, float, float]:
        return (
            self.xs[cell.column],
            self.ys[cell.row],
            self.xs[cell.column + cell.colspan],
            self.ys[cell.row + cell.rowspan],
        )

    def segments(self) -> list[Segment]:
        """Every side of every cell once, as (x0, y0, x1, y1) from the top."""
        sides: dict[Segment, None] = {}
        for cell in self.cells:
            x0, y0, x1, y1 = self.box(cell)
            for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                sides[side] = None
        return list(sides)


def table(rows: Sequence[Sequence[str]], *spans: Put, **where: float) -> Sheet:
    """A table of equal rows; `spans` replace the cells that they cover."""
    covered = {
        (r, c)
        for span in spans
        for r in range(span.row, span.row + span.rowspan)
        for c in range(span.column, span.column + span.colspan)
    }
    cells = [Put(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row) if (r, c) not in covered]
    ordered = tuple(sorted([*cells, *spans], key=lambda cell: (cell.row, cell.column)))
    columns = len(rows[0])
    return Sheet(ordered, (120.0, *[80.0] * (columns - 1)), tuple([18.0] * len(rows)), **where)


def canvas(**options: object) -> tuple[Canvas, io.BytesIO]:
    """A canvas with the Chinese font that no file embeds."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    return Canvas(buffer, pagesize=A4, invariant=1, **options), buffer


def turn(page: Canvas, degrees: int) -> None:
    """Set the page's /Rotate and turn the drawing against it, so that a reader sees it upright."""
    page.setPageRotation(degrees)  # reportlab swaps the sides of the page with it
    page.translate(*{0: (0, 0), 90: (HEIGHT, 0), 180: (WIDTH, HEIGHT), 270: (0, WIDTH)}[degrees])
    page.rotate(degrees)


def write(page: Canvas, x: float, y: float, text: str, size: float = 10.0) -> None:
    """`text` at `x` and baseline `y` from the top."""
    page.setFont(FONT, size)
    page.drawString(x, HEIGHT - y, text)


def texts(page: Canvas, sheet: Sheet) -> None:
    """The texts of a table, lines one below the other, in the middle of their cells."""
    for cell in sheet.cells:
        x0, y0, _, y1 = sheet.box(cell)
        lines = cell.text.split("\n")
        first = (y0 + y1) / 2 - (len(lines) - 1) * sheet.size / 2 + 0.35 * sheet.size
        for index, line in enumerate(lines):
            write(page, x0 + 3, first + index * sheet.size, line, sheet.size)


def stroked(page: Canvas, sheet: Sheet) -> None:
    for x0, y0, x1, y1 in sheet.segments():
        page.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def thick(page: Canvas, sheet: Sheet) -> None:
    page.setLineWidth(4)
    stroked(page, sheet)
    page.setLineWidth(1)


def rectangles(page: Canvas, sheet: Sheet) -> None:
    for cell in sheet.cells:
        x0, y0, x1, y1 = sheet.box(cell)
        page.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0)


def filled(page: Canvas, sheet: Sheet) -> None:
    for x0, y0, x1, y1 in sheet.segments():
        page.rect(x0 - 0.24, HEIGHT - y1 - 0.24, x1 - x0 + 0.48, y1 - y0 + 0.48, stroke=0, fill=1)


def one_path(page: Canvas, sheet: Sheet) -> None:
    path = page.beginPath()
    for x0, y0, x1, y1 in sheet.segments():
        path.rect(x0 - 0.24, HEIGHT - y1 - 0.24, x1 - x0 + 0.48, y1 - y0 + 0.48)
    page.drawPath(path, stroke=0, fill=1)


def dashed(page: Canvas, sheet: Sheet) -> None:
    page.setDash(3, 2)
    stroked(page, sheet)
    page.setDash()


def dotted(page: Canvas, sheet: Sheet) -> None:
    """Dots as single squares, as spreadsheets draw them."""
    for x0, y0, x1, y1 in sheet.segments():
        steps = int(max(x1 - x0, y1 - y0) / 1.5)
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            page.rect(x - 0.25, HEIGHT - y - 0.25, 0.5, 0.5, stroke=0, fill=1)


def doubled(page: Canvas, sheet: Sheet) -> None:
    page.setLineWidth(0.5)
    for x0, y0, x1, y1 in sheet.segments():
        for shift in (-0.9, 0.9):
            dx, dy = (shift, 0.0) if x0 == x1 else (0.0, shift)
            page.line(x0 + dx, HEIGHT - y0 - dy, x1 + dx, HEIGHT - y1 - dy)
    page.setLineWidth(1)


def gapped(page: Canvas, sheet: Sheet) -> None:
    """Corners that do not meet by 1.5 points."""
    for x0, y0, x1, y1 in sheet.segments():
        dx, dy = (0.0, 1.5) if x0 == x1 else (1.5, 0.0)
        page.line(x0 + dx, HEIGHT - y0 - dy, x1 - dx, HEIGHT - y1 + dy)


def open_sides(page: Canvas, sheet: Sheet) -> None:
    """No outer border at the left and at the right."""
    for x0, y0, x1, y1 in sheet.segments():
        if not (x0 == x1 and x0 in {sheet.xs[0], sheet.xs[-1]}):
            page.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def open_ends(page: Canvas, sheet: Sheet) -> None:
    """No outer border at the top and at the bottom."""
    for x0, y0, x1, y1 in sheet.segments():
        if not (y0 == y1 and y0 in {sheet.ys[0], sheet.ys[-1]}):
            page.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def shaded(page: Canvas, sheet: Sheet) -> None:
    page.setFillGray(0.85)
    for row in range(0, len(sheet.heights), 2):
        y0, y1 = sheet.ys[row], sheet.ys[row + 1]
        page.rect(sheet.xs[0] + 4, HEIGHT - y1 + 4, sheet.xs[-1] - sheet.xs[0] - 8, y1 - y0 - 8, stroke=0, fill=1)
    page.setFillGray(1)
    for cell in sheet.cells:  # white boxes behind the text, some of them thin
        x0, y0, x1, y1 = sheet.box(cell)
        page.rect(x0 + 2, HEIGHT - y1 + 2, x1 - x0 - 4, 2, stroke=0, fill=1)
    page.setFillGray(0)
    stroked(page, sheet)


def underlined(page: Canvas, sheet: Sheet) -> None:
    """Lines under words inside cells and in the text, which are no borders."""
    stroked(page, sheet)
    for cell in sheet.cells:
        x0, y0, _, y1 = sheet.box(cell)
        page.line(x0 + 6, HEIGHT - (y0 + y1) / 2 - 6, x0 + 60, HEIGHT - (y0 + y1) / 2 - 6)
    page.line(60, HEIGHT - 80, 300, HEIGHT - 80)


STYLES: dict[str, Callable[[Canvas, Sheet], None]] = {
    style.__name__: style
    for style in (
        stroked,
        thick,
        rectangles,
        filled,
        one_path,
        dashed,
        dotted,
        doubled,
        gapped,
        open_sides,
        open_ends,
        shaded,
        underlined,
    )
}


def draw(page: Canvas, sheet: Sheet, style: Callable[[Canvas, Sheet], None] = stroked) -> None:
    """Rules and texts of a table."""
    style(page, sheet)
    texts(page, sheet)


def finish(page: Canvas, buffer: io.BytesIO) -> bytes:
    """The file."""
    page.save()
    return buffer.getvalue()

"""PDF pages drawn by hand, so that the page of every row is known; three habits of rules and page breaks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4, landscape  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from tests.corpus.grid import Grid, GridCell, Line, Printed, TableBlock

FONT = "STSong-Light"
_MARGIN = 50.0
_PAD = 3.0
_RULE = 0.5
_SIZES = (8.5, 7.5, 6.5, 5.5)
_LABEL_WIDTHS = (150.0, 110.0, 80.0, 60.0)


@dataclass(frozen=True)
class Habit:
    """How a program draws: `rules` stroked or filled, outer sides or none, header again after a break, rows cut."""

    rules: str = "stroked"
    sides: bool = True
    repeat_header: bool = True
    cut_rows: bool = False


STROKED = Habit()
WORD = Habit(rules="filled", repeat_header=False, cut_rows=True)
OPEN = Habit(sides=False, repeat_header=False)

Pages = dict[tuple[str, int], int]


def text_width(text: str, size: float) -> float:
    """Points that `text` is wide in the font of the PDFs, which must be registered."""
    return float(pdfmetrics.stringWidth(text, FONT, size))


def pdf_canvas(file: io.BytesIO) -> Any:
    """A canvas that writes PDF, the same bytes every time."""
    return Canvas(file, pagesize=A4, invariant=1)


@dataclass(frozen=True)
class Press:
    """What pages are drawn with: something that draws as reportlab's canvas does, and the width of a text in points.

    `pad` is the room (points) between text and rules; spreadsheets leave next to none.
    """

    canvas: Callable[[io.BytesIO], Any] = pdf_canvas
    width: Callable[[str, float], float] = text_width
    pad: float = _PAD


PDF_PRESS = Press()


def stroked(printed: Printed) -> bytes:
    """Stroked rectangles, the header repeated on every page."""
    return draw(printed, STROKED)[0]


def word_like(printed: Printed) -> bytes:
    """Thin filled rectangles as Word draws rules, no repeated header, rows cut in two by the page break."""
    return draw(printed, WORD)[0]


def open_sides(printed: Printed) -> bytes:
    """Rules without the outer left and right border."""
    return draw(printed, OPEN)[0]


def draw(printed: Printed, habit: Habit, press: Press = PDF_PRESS) -> tuple[bytes, Pages]:
    """The file, and for each table id and row of its grid the 1-based page on which the row begins."""
    register_font()
    flow = _Flow(habit, press)
    for block in printed.blocks:
        if isinstance(block, Line):
            flow.line(block)
        else:
            flow.table(block)
    return flow.finish(), flow.pages


def register_font() -> None:
    """Make the Chinese font known, which no file embeds."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def wrap(text: str, width: float, size: float, press: Press = PDF_PRESS) -> list[str]:
    """`text` cut into lines that fit `width` points, the last of at least two characters.

    A lone Chinese character in a font that is not embedded is lost to PDFium on a machine without Chinese fonts.
    """
    lines, line = [], ""
    for char in text:
        if line and press.width(line + char, size) > width:
            lines.append(line)
            line = ""
        line += char
    if lines and len(line) == 1 and len(lines[-1]) > 2:
        lines[-1], line = lines[-1][:-1], lines[-1][-1] + line
    return [*lines, line] if line else lines


class _Flow:
    """A cursor that runs down the pages."""

    def __init__(self, habit: Habit, press: Press = PDF_PRESS) -> None:
        self.habit = habit
        self.press = press
        self.buffer = io.BytesIO()
        self.canvas = press.canvas(self.buffer)
        self.size = A4
        self.page = 1
        self.y = A4[1] - _MARGIN
        self.pages: Pages = {}

    @property
    def width(self) -> float:
        return float(self.size[0]) - 2 * _MARGIN

    def finish(self) -> bytes:
        self._footer()
        self.canvas.save()
        return self.buffer.getvalue()

    def turn(self, size: tuple[float, float]) -> None:
        self._footer()
        self.canvas.showPage()
        self.canvas.setPageSize(size)
        self.size = size
        self.page += 1
        self.y = size[1] - _MARGIN

    def _footer(self) -> None:
        self.canvas.setFont(FONT, 9)
        self.canvas.drawCentredString(self.size[0] / 2, _MARGIN / 2, f"- {self.page} -")

    def line(self, line: Line) -> None:
        size = 15.0 if line.level == 1 else 10.5
        if self.size != A4:
            self.turn(A4)
        indent = 0 if line.level else 2 * size
        for number, text in enumerate(wrap(line.text, self.width - indent, size, self.press)):
            if self.y < _MARGIN + size:
                self.turn(self.size)
            self.canvas.setFont(FONT, size)
            self.canvas.drawString(_MARGIN + (indent if number == 0 else 0), self.y - size, text)
            self.y -= size * 1.6

    def table(self, block: TableBlock) -> None:
        size = landscape(A4) if block.landscape else A4
        if size != self.size or self.y < _MARGIN + 220:
            self.turn(size)
        self._captions(block)
        shape = _Shape(block.grid, self.width, self.press)
        head = _head_rows(block.grid)
        self._rows(shape, block.id, range(head))
        for row in range(head, block.grid.height):
            self._body_row(shape, block.id, row, head)
        for note in block.notes:
            self.y -= 4
            self.canvas.setFont(FONT, 8)
            if self.y < _MARGIN + 8:
                self.turn(self.size)
            self.canvas.drawString(_MARGIN, self.y - 8, note)
            self.y -= 14
        self.y -= 16

    def _captions(self, block: TableBlock) -> None:
        self.canvas.setFont(FONT, 14)
        self.canvas.drawCentredString(self.size[0] / 2, self.y - 14, block.title)
        self.y -= 26
        self.canvas.setFont(FONT, 9)
        for text in block.captions:
            if text.endswith(("表", "元")) and "  " not in text:
                self.canvas.drawRightString(self.size[0] - _MARGIN, self.y - 9, text)
            else:
                self.canvas.drawString(_MARGIN, self.y - 9, text)
            self.y -= 14
        self.y -= 2

    def _rows(self, shape: _Shape, table: str, rows: range) -> None:
        """Draw rows that stay together (a header)."""
        top = self.y
        for cell in shape.grid.cells():
            if cell.row in rows:
                y0 = top - sum(shape.heights[rows.start : cell.row])
                y1 = y0 - sum(shape.heights[cell.row : cell.row + cell.rowspan])
                self._cell(shape, cell, y0, y1, shape.lines(cell))
        for row in rows:
            self.pages.setdefault((table, row), self.page)
        self.y = top - sum(shape.heights[rows.start : rows.stop])

    def _body_row(self, shape: _Shape, table: str, row: int, head: int) -> None:
        height = shape.heights[row]
        room = self.y - _MARGIN
        one = shape.line_height + 2 * self.press.pad
        if height <= room:
            self._rows(shape, table, range(row, row + 1))
            return
        self.pages.setdefault(
            (table, row), self.page if self.habit.cut_rows and height > one <= room else self.page + 1
        )
        if self.habit.cut_rows and height > one <= room:
            self._cut_row(shape, row, one)
            return
        self.turn(self.size)
        if self.habit.repeat_header:
            self._rows(shape, table, range(head))
        self._rows(shape, table, range(row, row + 1))

    def _cut_row(self, shape: _Shape, row: int, one: float) -> None:
        """The first line of the row on this page, what is left on the next."""
        cells = [cell for cell in shape.grid.cells() if cell.row == row]
        for cell in cells:
            self._cell(shape, cell, self.y, self.y - one, shape.lines(cell)[:1])
        self.turn(self.size)
        rest = shape.heights[row] - shape.line_height
        for cell in cells:
            self._cell(shape, cell, self.y, self.y - rest, shape.lines(cell)[1:])
        self.y -= rest

    def _cell(self, shape: _Shape, cell: GridCell, top: float, bottom: float, lines: list[str]) -> None:
        left = _MARGIN + sum(shape.widths[: cell.column])
        right = left + sum(shape.widths[cell.column : cell.column + cell.colspan])
        for x0, y0, x1, y1 in self._borders(shape, cell, (left, bottom, right, top)):
            if self.habit.rules == "filled":
                self.canvas.rect(x0, y0, max(x1 - x0, _RULE), max(y1 - y0, _RULE), stroke=0, fill=1)
            else:
                self.canvas.setLineWidth(_RULE)
                self.canvas.line(x0, y0, x1, y1)
        self.canvas.setFont(FONT, shape.size)
        y = (top + bottom) / 2 + len(lines) * shape.line_height / 2 - shape.size
        for text in lines:
            if cell.kind == "amount":
                self.canvas.drawRightString(right - self.press.pad, y, text)
            elif cell.kind in ("header", "ordinal", "code"):
                self.canvas.drawCentredString((left + right) / 2, y, text)
            else:
                self.canvas.drawString(left + self.press.pad, y, text)
            y -= shape.line_height

    def _borders(
        self, shape: _Shape, cell: GridCell, box: tuple[float, float, float, float]
    ) -> Iterator[tuple[float, float, float, float]]:
        left, bottom, right, top = box
        yield left, top, right, top
        yield left, bottom, right, bottom
        if self.habit.sides or cell.column > 0:
            yield left, bottom, left, top
        if self.habit.sides or cell.column + cell.colspan < shape.grid.width:
            yield right, bottom, right, top


def _head_rows(grid: Grid) -> int:
    """Header rows of the first section, the 栏次 row with them."""
    row = 0
    while row < grid.height and any(c.row == row and c.kind in ("header", "ordinal") for c in grid.placed.values()):
        body = any(c.row == row and c.kind in ("label", "code", "amount") for c in grid.placed.values())
        if body:
            break
        row += 1
    return max((cell.row + cell.rowspan for cell in grid.placed.values() if cell.row < row), default=row)


class _Shape:
    """Column widths, font size and row heights that make a grid fit a page."""

    def __init__(self, grid: Grid, width: float, press: Press) -> None:
        self.grid = grid
        self.press = press
        for size, label in zip(_SIZES, _LABEL_WIDTHS, strict=True):
            widths = [self._column(column, size, label) for column in range(grid.width)]
            self.size, self.line_height = size, size * 1.25
            if sum(widths) <= width:
                break
        factor = width / sum(widths)
        self.widths = [w * factor for w in widths]
        self.heights = [self._height(row) for row in range(grid.height)]
        self._stretch()

    def _column(self, column: int, size: float, label: float) -> float:
        least = 2 * size + 2 * self.press.pad + 1
        for cell in self.grid.placed.values():
            if cell.column != column or cell.colspan > 1 or not cell.text:
                continue
            natural = self.press.width(cell.text, size) + 2 * self.press.pad + 1
            if cell.kind in ("amount", "code", "ordinal"):
                least = max(least, natural)
            else:
                most = label if cell.kind in ("label", "text") else 5 * size + 2 * self.press.pad
                least = max(least, min(natural, most))
        return least

    def lines(self, cell: GridCell) -> list[str]:
        """The text of a cell cut to its width."""
        width = sum(self.widths[cell.column : cell.column + cell.colspan]) - 2 * self.press.pad
        return wrap(cell.text, width, self.size, self.press)

    def _height(self, row: int) -> float:
        cells = [cell for cell in self.grid.placed.values() if cell.row == row and cell.rowspan == 1]
        most = max((len(self.lines(cell)) for cell in cells), default=1)
        return max(most, 1) * self.line_height + 2 * self.press.pad

    def _stretch(self) -> None:
        """Make room for the wrapped words of cells that span rows."""
        for cell in self.grid.placed.values():
            if cell.rowspan > 1:
                need = len(self.lines(cell)) * self.line_height + 2 * self.press.pad
                have = sum(self.heights[cell.row : cell.row + cell.rowspan])
                self.heights[cell.row + cell.rowspan - 1] += max(0.0, need - have)

"""A report drawn page by page in one habit: what a page holds of a table, drawn when the page or the table ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from reportlab.pdfgen.canvas import Canvas

from tests.corpus.grid import GridCell, Kind, Line, Printed, TableBlock
from tests.corpus.writers import pdf

#: left, bottom, right, top in points from the bottom left corner of the page.
Box = tuple[float, float, float, float]
#: A stretch of a rule: x0, y0, x1, y1, one of the two directions without length.
Segment = tuple[float, float, float, float]


@dataclass(frozen=True)
class Placed:
    """A cell on its page: where it stands, its lines of text, and whether it belongs to the header."""

    box: Box
    lines: tuple[str, ...]
    kind: Kind
    header: bool
    row: int
    column: int
    colspan: int


@dataclass(frozen=True)
class Fragment:
    """What one page holds of a table."""

    cells: tuple[Placed, ...]
    size: float
    line_height: float

    @property
    def box(self) -> Box:
        """The outline."""
        boxes = [cell.box for cell in self.cells]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )

    @property
    def neck(self) -> float:
        """Where the header ends and the body begins; the top where the page has no header."""
        return min((cell.box[1] for cell in self.cells if cell.header), default=self.box[3])


def segments_of(cells: Iterable[Placed]) -> list[Segment]:
    """Every side of every cell once."""
    sides: dict[Segment, None] = {}
    for cell in cells:
        x0, y0, x1, y1 = (round(place, 3) for place in cell.box)
        for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            sides[side] = None
    return list(sides)


def every_side(fragment: Fragment) -> list[Segment]:
    """All borders of all cells."""
    return segments_of(fragment.cells)


def plain_pen(canvas: Canvas, segments: list[Segment]) -> None:
    """Thin strokes."""
    canvas.setLineWidth(0.5)
    for segment in segments:
        canvas.line(*segment)


def plain_text(canvas: Canvas, fragment: Fragment) -> None:
    """Amounts at the right, headings and codes in the middle, names at the left."""
    canvas.setFont(pdf.FONT, fragment.size)
    for cell in fragment.cells:
        for x, y, anchor, line in lines_of(fragment, cell):
            {"left": canvas.drawString, "right": canvas.drawRightString, "middle": canvas.drawCentredString}[anchor](
                x, y, line
            )


def lines_of(fragment: Fragment, cell: Placed) -> Iterable[tuple[float, float, str, str]]:
    """x, baseline, which part of the line stands at x, and the text of every line of a cell."""
    left, bottom, right, top = cell.box
    y = (top + bottom) / 2 + len(cell.lines) * fragment.line_height / 2 - fragment.size
    for line in cell.lines:
        if cell.kind == "amount":
            yield right - pdf._PAD, y, "right", line
        elif cell.kind in ("header", "ordinal", "code"):
            yield (left + right) / 2, y, "middle", line
        else:
            yield left + pdf._PAD, y, "left", line
        y -= fragment.line_height


def nothing(_: Canvas, __: Fragment) -> None:
    """No shading."""


def bare(_: Canvas, __: tuple[float, float]) -> None:
    """A page without anything else."""


@dataclass(frozen=True)
class Style:
    """A habit: shading, which rules and by which pen, how text stands, what a page does before and after its content.

    `wrap`: whether long names go on in a second line; else they run on to the right.
    """

    rules: Callable[[Fragment], Iterable[Segment]] = every_side
    pen: Callable[[Canvas, list[Segment]], None] = plain_pen
    under: Callable[[Canvas, Fragment], None] = nothing
    text: Callable[[Canvas, Fragment], None] = plain_text
    before: Callable[[Canvas, tuple[float, float]], None] = bare
    after: Callable[[Canvas, tuple[float, float]], None] = bare
    wrap: bool = True
    in_form: bool = False
    breaks: pdf.Habit = field(default_factory=pdf.Habit)


class StyledFlow(pdf._Flow):
    """The pages of a report in one style."""

    def __init__(self, style: Style) -> None:
        super().__init__(style.breaks)
        self.style = style
        self.placed: list[Placed] = []
        self.shape: pdf._Shape | None = None
        self.head = 0
        self._begin()

    def _begin(self) -> None:
        if self.style.in_form:
            self.canvas.beginForm(f"page{self.page}", 0, 0, *self.size)
        self.style.before(self.canvas, self.size)

    def turn(self, size: tuple[float, float]) -> None:
        self._paint()
        super().turn(size)
        self._begin()

    def table(self, block: TableBlock) -> None:
        self.head = pdf._head_rows(block.grid)
        super().table(block)

    def line(self, line: Line) -> None:
        super().line(line)

    def _footer(self) -> None:
        self._paint()
        super()._footer()
        self.style.after(self.canvas, self.size)
        if self.style.in_form:
            self.canvas.endForm()
            self.canvas.doForm(f"page{self.page}")

    def _rows(self, shape: pdf._Shape, table: str, rows: range) -> None:
        super()._rows(shape, table, rows)
        if rows.stop == shape.grid.height:
            self._paint()

    def _cell(self, shape: pdf._Shape, cell: GridCell, top: float, bottom: float, lines: list[str]) -> None:
        self.shape = shape
        left = pdf._MARGIN + sum(shape.widths[: cell.column])
        right = left + sum(shape.widths[cell.column : cell.column + cell.colspan])
        words = lines if self.style.wrap or cell.kind not in ("label", "text") else [cell.text][: len(lines)]
        box = (left, bottom, right, top)
        header = cell.row < self.head
        self.placed.append(Placed(box, tuple(words), cell.kind, header, cell.row, cell.column, cell.colspan))

    def _paint(self) -> None:
        if not self.placed or self.shape is None:
            return
        fragment = Fragment(tuple(self.placed), self.shape.size, self.shape.line_height)
        self.placed = []
        self.canvas.saveState()
        self.style.under(self.canvas, fragment)
        self.style.pen(self.canvas, list(self.style.rules(fragment)))
        self.canvas.restoreState()
        self.style.text(self.canvas, fragment)


def draw(printed: Printed, style: Style) -> bytes:
    """The file."""
    pdf.register_font()
    if not style.wrap:
        style = replace(style, breaks=replace(style.breaks, cut_rows=False))
    flow = StyledFlow(style)
    for block in printed.blocks:
        if isinstance(block, Line):
            flow.line(block)
        else:
            flow.table(block)
    return flow.finish()

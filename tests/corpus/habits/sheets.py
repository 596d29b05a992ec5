"""Shading below tables, how text stands in cells, and what a page does to everything on it."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.habits.flow import Fragment, lines_of, plain_text
from tests.corpus.writers import pdf


def white_on_black(canvas: Canvas, fragment: Fragment) -> None:
    """A black ground, on it a white rectangle per cell: browsers draw rules so."""
    left, bottom, right, top = fragment.box
    canvas.setFillGray(0)
    canvas.rect(left - 0.75, bottom - 0.75, right - left + 1.5, top - bottom + 1.5, stroke=0, fill=1)
    canvas.setFillGray(1)
    for x0, y0, x1, y1 in (cell.box for cell in fragment.cells):
        canvas.rect(x0 + 0.4, y0 + 0.4, x1 - x0 - 0.8, y1 - y0 - 0.8, stroke=0, fill=1)


def tiles(canvas: Canvas, fragment: Fragment) -> None:
    """A grey rectangle per cell and white paper between them."""
    for cell in fragment.cells:
        x0, y0, x1, y1 = cell.box
        canvas.setFillGray(0.75 if cell.header else 0.93)
        canvas.rect(x0 + 0.5, y0 + 0.5, x1 - x0 - 1, y1 - y0 - 1, stroke=0, fill=1)


def banded(canvas: Canvas, fragment: Fragment) -> None:
    """A dark header, every other row grey."""
    for cell in fragment.cells:
        x0, y0, x1, y1 = cell.box
        canvas.setFillGray(0.7 if cell.header else (0.9, 0.97)[cell.row % 2])
        if cell.header or cell.row % 2 == 0:
            canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)


def solid(canvas: Canvas, fragment: Fragment) -> None:
    """Every cell coloured."""
    for cell in fragment.cells:
        x0, y0, x1, y1 = cell.box
        canvas.setFillColorRGB(*((0.31, 0.51, 0.74) if cell.header else (0.86, 0.9, 0.95)))
        canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)


def light_text(canvas: Canvas, fragment: Fragment) -> None:
    """Headings in white on their dark ground."""
    for white, gray in ((True, 1), (False, 0)):
        canvas.setFillGray(gray)
        cells = tuple(cell for cell in fragment.cells if cell.header is white)
        plain_text(canvas, Fragment(cells, fragment.size, fragment.line_height))
    canvas.setFillGray(0)


def clipped_text(canvas: Canvas, fragment: Fragment) -> None:
    """Every cell clips its text."""
    for cell in fragment.cells:
        if not cell.lines:
            continue
        canvas.saveState()
        x0, y0, x1, y1 = cell.box
        clip = canvas.beginPath()
        clip.rect(x0, y0, x1 - x0, y1 - y0)
        canvas.clipPath(clip, stroke=0, fill=0)
        plain_text(canvas, Fragment((cell,), fragment.size, fragment.line_height))
        canvas.restoreState()


def centred_text(canvas: Canvas, fragment: Fragment) -> None:
    """Everything in the middle of its cell."""
    canvas.setFont(pdf.FONT, fragment.size)
    for cell in fragment.cells:
        for _, y, _, line in lines_of(fragment, cell):
            canvas.drawCentredString((cell.box[0] + cell.box[2]) / 2, y, line)


def turned_headings(canvas: Canvas, fragment: Fragment) -> None:
    """Headings higher than wide read from bottom to top."""
    turned = []
    for cell in fragment.cells:
        left, bottom, right, top = cell.box
        length = max((canvas.stringWidth(line, pdf.FONT, fragment.size) for line in cell.lines), default=0.0)
        if not cell.header or len(cell.lines) < 2 or length > top - bottom or right - left > top - bottom:
            continue
        if len(cell.lines) * fragment.line_height > right - left:
            continue
        turned.append(cell)
        canvas.setFont(pdf.FONT, fragment.size)
        x = (left + right) / 2 - (len(cell.lines) / 2 - 0.8) * fragment.line_height
        for line in cell.lines:
            canvas.saveState()
            canvas.translate(x, (top + bottom) / 2)
            canvas.rotate(90)
            canvas.drawCentredString(0, 0, line)
            canvas.restoreState()
            x += fragment.line_height
    rest = tuple(cell for cell in fragment.cells if cell not in turned)
    plain_text(canvas, Fragment(rest, fragment.size, fragment.line_height))


def overlaid(canvas: Canvas, fragment: Fragment) -> None:
    """Bold by printing everything twice, a little to the right."""
    plain_text(canvas, fragment)
    canvas.saveState()
    canvas.translate(0.25, 0)
    plain_text(canvas, fragment)
    canvas.restoreState()


def single_characters(canvas: Canvas, fragment: Fragment) -> None:
    """Every character placed by itself."""
    canvas.setFont(pdf.FONT, fragment.size)
    for cell in fragment.cells:
        for x, y, anchor, line in lines_of(fragment, cell):
            width = canvas.stringWidth(line, pdf.FONT, fragment.size)
            at = x - {"left": 0.0, "middle": width / 2, "right": width}[anchor]
            for char in line:
                canvas.drawString(at, y, char)
                at += canvas.stringWidth(char, pdf.FONT, fragment.size)


def turned(degrees: int) -> Callable[[Canvas, tuple[float, float]], None]:
    """The page has /Rotate and its content is turned against it."""

    def before(canvas: Canvas, size: tuple[float, float]) -> None:
        width, height = size
        canvas.setPageRotation(degrees)
        canvas.translate(*{90: (height, 0), 180: (width, height), 270: (0, width)}[degrees])
        canvas.rotate(degrees)

    return before


def sideways(canvas: Canvas, size: tuple[float, float]) -> None:
    """Landscape pages lie on portrait paper and read from bottom to top."""
    width, height = size
    if width > height:
        canvas.setPageSize(A4)
        canvas.translate(height, 0)
        canvas.rotate(90)


def shrunk(canvas: Canvas, size: tuple[float, float]) -> None:
    """Everything at two thirds of its size on smaller paper."""
    canvas.setPageSize((size[0] * 2 / 3, size[1] * 2 / 3))
    canvas.scale(2 / 3, 2 / 3)


def enlarged(canvas: Canvas, size: tuple[float, float]) -> None:
    """Everything half as large again on larger paper."""
    canvas.setPageSize((size[0] * 1.5, size[1] * 1.5))
    canvas.scale(1.5, 1.5)


def watermark(canvas: Canvas, size: tuple[float, float]) -> None:
    """Slanted words over everything."""
    canvas.saveState()
    canvas.setFillGray(0.8)
    canvas.setFont(pdf.FONT, 40)
    for x in range(100, int(size[0]), 220):
        for y in range(100, int(size[1]), 150):
            canvas.saveState()
            canvas.translate(x, y)
            canvas.rotate(35)
            canvas.drawCentredString(0, 0, "部门决算公开")
            canvas.restoreState()
    canvas.restoreState()


def seal(canvas: Canvas, size: tuple[float, float]) -> None:
    """A red seal over the middle of the page: a circle and a star."""
    canvas.saveState()
    canvas.setStrokeColorRGB(0.9, 0.1, 0.1)
    canvas.setFillColorRGB(0.9, 0.1, 0.1)
    canvas.setLineWidth(2)
    x, y = size[0] / 2, size[1] / 2
    canvas.circle(x, y, 60, stroke=1, fill=0)
    star = canvas.beginPath()
    star.moveTo(x, y + 20)
    for dx, dy in ((12, -16), (-19, 6), (19, 6), (-12, -16)):
        star.lineTo(x + dx, y + dy)
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    canvas.restoreState()

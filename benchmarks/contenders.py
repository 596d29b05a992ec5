"""The ways to read a file that are compared: ours, the floor below it, and libraries that others use.

Each `read_*` does what is timed and nothing else; each `tables_*` makes comparable tables of what it gave.
"""

from __future__ import annotations

import io
import logging
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_double
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdfium2 as pdfium  # type: ignore[import-untyped]
from lxml import html
from pypdfium2 import raw

from services.extractor.html_grid import lay_out
from services.extractor.offline import prepare
from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from services.extractor.stitch import stitch
from services.extractor.textgrid.decode import decode
from shared.contracts.document import Box, Cell, SourceFile, Table

_SAME = 1.0  # points
logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it finds fault with every font that is not embedded


@dataclass(frozen=True)
class Contender:
    """A way to read a file."""

    name: str
    read: Callable[[bytes], Any]
    tables: Callable[[Any], list[Table]]


def read_ours(content: bytes) -> Reading:
    """Tables with spans, pages and boxes, and the text around them in reading order."""
    return PdfReader().read(SourceFile(name="report.pdf", content=content))


def tables_ours(reading: Reading) -> list[Table]:
    """The tables of a reading."""
    return [block for block in reading.blocks if isinstance(block, Table)]


def read_floor(content: bytes) -> list[tuple[int, float, float, float, float]]:
    """PDFium by its own bindings: (code, left, right, bottom, top) of every character of every page."""
    found: list[tuple[int, float, float, float, float]] = []
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    document = pdfium.PdfDocument(content)
    for index in range(len(document)):
        page = raw.FPDF_LoadPage(document.raw, index)
        text = raw.FPDFText_LoadPage(page)
        for place in range(raw.FPDFText_CountChars(text)):
            raw.FPDFText_GetCharBox(text, place, left, right, bottom, top)
            code = raw.FPDFText_GetUnicode(text, place)
            found.append((code, left.value, right.value, bottom.value, top.value))
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    document.close()
    return found


def tables_floor(_: object) -> list[Table]:
    """Boxes are no tables."""
    return []


def read_pdfplumber(content: bytes) -> list[tuple[int, Any, list[list[str | None]]]]:
    """(page number, table, its texts) of every page; the text of the page is read too."""
    found = []
    with pdfplumber.open(io.BytesIO(content)) as document:
        for page in document.pages:
            found += [(page.page_number, table, table.extract()) for table in page.find_tables()]
            page.extract_text()
            page.close()
    return found


def tables_pdfplumber(found: Iterable[tuple[int, Any, list[list[str | None]]]]) -> list[Table]:
    """Its tables with the spans that its cells cover, joined over page breaks by our own rules, which it has not."""
    tables = [_of_boxes(index, page, table, texts) for index, (page, table, texts) in enumerate(found)]
    return tables_ours(Reading(blocks=stitch(tables).blocks))


def _of_boxes(index: int, page: int, table: Any, texts: Sequence[Sequence[str | None]]) -> Table:
    boxes = [
        (box, text)
        for row, line in zip(table.rows, texts, strict=True)
        for box, text in zip(row.cells, line, strict=True)
        if box
    ]
    xs = _places(x for (x0, _, x1, _), _ in boxes for x in (x0, x1))
    ys = _places(y for (_, y0, _, y1), _ in boxes for y in (y0, y1))
    cells = []
    for (x0, y0, x1, y1), text in boxes:
        row, column = _at(ys, y0), _at(xs, x0)
        cells.append(
            Cell(
                row=row,
                column=column,
                text=(text or "").strip(),
                rowspan=max(_at(ys, y1) - row, 1),
                colspan=max(_at(xs, x1) - column, 1),
                page=page,
                box=Box(x0=x0, y0=y0, x1=x1, y1=y1),
            )
        )
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Table(index=index, rows=len(ys) - 1, columns=len(xs) - 1, cells=tuple(cells), page=page)


def _places(values: Iterable[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _SAME:
            places.append(value)
    return places


def _at(places: list[float], value: float) -> int:
    return max(bisect_left(places, value + _SAME) - 1, 0)


def unstructured_pdf() -> str:
    """Why `unstructured` reads no PDF here; empty if it can be imported."""
    prepare()
    try:
        from unstructured.partition import pdf  # noqa: PLC0415 - may be missing, which is what this finds out
    except ImportError as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return "" if pdf else "nothing imported"


def unstructured_reader(extension: str) -> Callable[[bytes], list[Any]] | None:
    """`unstructured` for a kind of file, offline and told that the text is Chinese; None if it has no such part."""
    prepare()
    if extension == "docx":
        from unstructured.partition.docx import partition_docx  # noqa: PLC0415 - takes a second to import

        return lambda content: partition_docx(file=io.BytesIO(content), languages=["zho"])
    if extension == "xlsx":
        from unstructured.partition.xlsx import partition_xlsx  # noqa: PLC0415

        return lambda content: partition_xlsx(file=io.BytesIO(content), languages=["zho"])
    if extension == "html":
        from unstructured.partition.html import partition_html  # noqa: PLC0415

        return lambda content: partition_html(file=io.BytesIO(content), languages=["zho"])
    if extension == "md":
        from unstructured.partition.md import partition_md  # noqa: PLC0415

        return lambda content: partition_md(text=content.decode(), languages=["zho"])
    if extension == "txt":
        from unstructured.partition.text import partition_text  # noqa: PLC0415

        return lambda content: partition_text(text=decode(content)[0], languages=["zho"])
    return None


def tables_unstructured(elements: Iterable[Any]) -> list[Table]:
    """Its tables by the HTML that it gives them."""
    found = [element.metadata.text_as_html for element in elements if element.category == "Table"]
    tables = []
    for text in filter(None, found):
        grid = lay_out(html.fromstring(text))
        if grid.rows:
            tables.append(Table(index=len(tables), rows=grid.rows, columns=grid.columns, cells=tuple(grid.cells)))
    return tables

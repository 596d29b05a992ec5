"""What is printed: blocks in reading order, tables as grids of cells. Made by the extractor."""

from __future__ import annotations

from functools import cached_property
from operator import not_
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Contract, Text, Word


class MediaType(Word):
    """The formats a reader may declare."""

    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLS = "application/vnd.ms-excel"
    DOC = "application/msword"
    RTF = "application/rtf"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    XML_SPREADSHEET = "application/xml+spreadsheet2003"
    WORD_XML = "application/xml+word"
    OFD = "application/ofd"
    MHTML = "multipart/related"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    BMP = "image/bmp"
    ZIP = "application/zip"
    RAR = "application/vnd.rar"
    SEVENZIP = "application/x-7z-compressed"


class SourceFile(Contract):
    """A file as it came in: its name (no folder) and its bytes. The name is only a hint, the content decides."""

    name: str
    content: bytes = Field(repr=False)


class Box(Contract):
    """A rectangle on a page as a reader sees it (after /Rotate): points from the top left corner, x right, y down."""

    x0: float
    y0: float
    x1: float
    y1: float


class DoubtCode(Word):
    """What the extractor or the normalizer was not sure of. Any doubt makes the outcome `partial`, never `ok`."""

    EMPTY_PAGE = "empty_page"
    ODD_RULES = "odd_rules"
    AMBIGUOUS_CELL = "ambiguous_cell"
    RAGGED_ROW = "ragged_row"
    TRUNCATED = "truncated"
    ENCODING = "encoding"
    ORPHAN_TEXT = "orphan_text"
    SKIPPED_CONTENT = "skipped_content"
    UNREAD_NUMBER = "unread_number"
    UNCLEAR_HEADER = "unclear_header"
    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_YEAR = "unknown_year"
    UNKNOWN_ENTITY = "unknown_entity"
    UNKNOWN_UNIT = "unknown_unit"
    DUPLICATE_TABLE = "duplicate_table"
    SCANNED_PAGE = "scanned_page"
    SCANNED_TEXT = "scanned_text"
    SCANNED_SUM = "scanned_sum"
    DAMAGED_PART = "damaged_part"


class Doubt(Contract):
    """One uncertain thing, with its place. `page` is 1-based; `table` is `Table.index`; `row`, `column` are 0-based.

    `part` is the file of a document of several: its position in `parts`, as in the blocks; None for the whole.
    """

    code: DoubtCode
    text: Text
    part: int | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None

    def in_part(self, part: int, path: str) -> Doubt:
        """The doubt as one about the file `part`, whose `path` ("" where it is the only one) its text then names."""
        text = Text(zh=f"{path}：{self.text.zh}", en=f"{path}: {self.text.en}") if path else self.text
        return self.model_copy(update={"part": part, "text": text})


#: a cell covers one row and one column unless it says otherwise
_ONE = 1


def _is_none(value: object) -> bool:
    return value is None


class Cell(Contract):
    """One printed cell; `row`, `column` are 0-based and name its top left grid position.

    `text` is what is printed, line feeds inside the cell kept, outer white space trimmed, tags removed.
    A cell that is printed empty is present with text "": blank is not the same as absent.
    `page` is 1-based, None where the format has no pages (there a picture that OCR read counts as one, from 1).
    `box` is there where the format has coordinates.
    `confidence` (0 to 1) is how sure OCR is of its least sure character; None where the text was not read by OCR.

    What is as usual is not written to JSON: it would be more than half of a document.
    """

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    text: str
    rowspan: int = Field(default=1, ge=1, exclude_if=_ONE.__eq__)
    colspan: int = Field(default=1, ge=1, exclude_if=_ONE.__eq__)
    page: int | None = Field(default=None, exclude_if=_is_none)
    box: Box | None = Field(default=None, exclude_if=_is_none)
    doubts: tuple[DoubtCode, ...] = Field(default=(), exclude_if=not_)
    confidence: float | None = Field(default=None, ge=0, le=1, exclude_if=_is_none)


class Heading(Contract):
    """A heading. `level` 1 is the document title or 第一部分, 2 is 一、, 3 is （一）, 4 is 1."""

    kind: Literal["heading"] = "heading"
    text: str
    level: int = Field(ge=1, le=6)
    page: int | None = None
    part: int | None = None


class Paragraph(Contract):
    """A paragraph of running text, or a line beside a table (公开01表, 金额单位：万元, 注：…)."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    page: int | None = None
    part: int | None = None


class Table(Contract):
    """A grid. Cells are ordered by row, then column, and tile the grid: spans never overlap, every position is covered.

    `index` numbers the tables of the document from 0 in reading order. `name` is the sheet name of a workbook.
    A table that runs over page breaks is one table here; each cell keeps its own page.
    """

    kind: Literal["table"] = "table"
    index: int = Field(ge=0)
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    cells: tuple[Cell, ...]
    page: int | None = None
    part: int | None = None
    name: str | None = None

    @cached_property
    def grid(self) -> tuple[tuple[Cell | None, ...], ...]:
        """`rows` x `columns`: the cell that covers each position (a spanned cell stands at all of its positions)."""
        grid: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, self.rows)):
                for column in range(cell.column, min(cell.column + cell.colspan, self.columns)):
                    grid[row][column] = cell
        return tuple(tuple(row) for row in grid)


Block = Annotated[Heading | Paragraph | Table, Field(discriminator="kind")]


class Reader(Contract):
    """Which reader made this, in which version (its own, not its library's)."""

    name: str
    version: str


class Part(Contract):
    """One file of a document that came as several (an archive, a folder): blocks name it by its position in `parts`.

    `name` is the path within the archive or folder, "/" between folders. `document_id` is the SHA-256 of its bytes.
    """

    name: str
    media_type: MediaType
    document_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int
    reader: Reader
    pages: int | None = None


class Document(Contract):
    """A file as it is printed. `document_id` is the SHA-256 of the content, so the same bytes are the same document.

    Of a document of several files it is that of their sorted ids, a line each: the same files are the same document.
    `parts` is empty for a file that is one document by itself. `page` of a block or a doubt counts within its part.
    """

    document_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str
    media_type: MediaType
    size: int
    reader: Reader
    pages: int | None = None
    blocks: tuple[Block, ...]
    doubts: tuple[Doubt, ...] = ()
    parts: tuple[Part, ...] = ()

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables in reading order; `tables[i].index == i`."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

"""An HTML table as a grid of cells: rowspan and colspan laid out as a browser does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from lxml import etree  # type: ignore[import-untyped]

from services.extractor.limits import MAX_COLUMNS, check_cells
from shared.contracts.document import Cell

#: What lxml calls an element; the library is untyped.
Element = Any

# fmt: off
#: Elements that begin and end lines.
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
        "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)
# fmt: on
# fmt: off
#: Elements that a browser does not show as text of the page.
UNSEEN = frozenset(
    {
        "script", "style", "template", "noscript", "head", "title", "meta", "link", "select", "option",
        "button", "textarea", "svg",
    }
)
# fmt: on
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_SOURCE_BREAK = re.compile(rf"(?<=[{_CJK}])[ \t\r\f]*\n\s*(?=[{_CJK}])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_OUTER = " \t\r\n\f\v\u00a0\u3000\u200b\ufeff"
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_LEADING_DIGITS = re.compile(r"\s*\+?([0-9]{1,9})")
_MAX_SPAN = 65_534


class GridCell(NamedTuple):
    """A cell before it has its place: text and the spans that it asks for (0 rows means: to the end)."""

    text: str
    rowspan: int = 1
    colspan: int = 1


class _Placed(NamedTuple):
    """A cell at its first row and column, up to but not including `bottom` and `end`."""

    row: int
    column: int
    bottom: int
    end: int
    text: str


class Grid(NamedTuple):
    """A laid out table: `cells` ordered by row, then column, tile `rows` x `columns`."""

    rows: int
    columns: int
    cells: list[Cell]


def lay_out(table: Element) -> Grid:
    """The grid of an lxml `<table>` element (or of the first table in `table`); no rows give a grid of 0 x 0.

    Tables inside a cell become text of that cell. Hidden rows and cells are left out, as in a browser.
    """
    if table.tag != "table":
        found = table.find(".//table")
        if found is None:
            return Grid(0, 0, [])
        table = found
    return tile([list(_cells(row)) for row in table_rows(table)])


def tile(lines: Sequence[Sequence[GridCell]]) -> Grid:
    """Lay out rows of cells: each goes to the first free column of its row.

    A span that would overlap a cell or run past the last row is cut; positions that no cell covers become blank cells;
    rows and columns in which no cell begins are dropped (a title that spans more columns than there are).
    Raises `TOO_LARGE` beyond the limits of a document.
    """
    busy: list[int] = []  # the first row at which each column is free again
    placed: list[_Placed] = []
    positions = 0
    for row, line in enumerate(lines):
        column = 0
        for cell in line:
            while column < len(busy) and busy[column] > row:
                column += 1
            bottom = row + min(cell.rowspan or len(lines), len(lines) - row)
            end = column + 1
            while end - column < cell.colspan and end < MAX_COLUMNS and (end >= len(busy) or busy[end] <= row):
                end += 1
            busy.extend([0] * (end - len(busy)))
            busy[column:end] = [bottom] * (end - column)
            placed.append(_Placed(row, column, bottom, end, cell.text))
            positions += (bottom - row) * (end - column)
            check_cells(positions)
            column = end
    return _squeeze(placed, len(lines), len(busy))


def table_rows(table: Element) -> Iterator[Element]:
    """The visible `<tr>` of `table` itself, not those of tables inside its cells; a `<tfoot>` comes last."""
    rows = [row for row in table.iter("tr") if _owner(row) is table and not hidden(row)]
    rows.sort(key=lambda row: row.getparent().tag == "tfoot")
    return iter(rows)


def row_cells(row: Element) -> Iterator[Element]:
    """The visible `<td>` and `<th>` of one `<tr>`."""
    return (cell for cell in row.iterchildren("td", "th") if not hidden(cell))


def hidden(element: Element) -> bool:
    """Whether a browser would not show `element` by its own attributes."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def visible_text(element: Element) -> str:
    r"""The text of `element` as a browser shows it: `<br>` and the edges of blocks are "\n", white space collapsed.

    No-break spaces become spaces; a line break of the source between two Chinese characters vanishes; tags, scripts and
    hidden parts are left out; blank lines and outer white space are removed.
    """
    if len(element) == 0:
        return tidy(collapse(element.text))
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if node is not element and (node.tag in UNSEEN or hidden(node)):
                walk.skip_subtree()
                continue
            parts.append(_opening(node, element))
            parts.append(collapse(node.text))
            continue
        if event == "end" and node is not element:
            parts.append("\n" if node.tag in BLOCKS else "\t" if node.tag in {"td", "th"} else "")
        if node is not element:
            parts.append(collapse(node.tail))
    return tidy("".join(parts))


def tidy(text: str) -> str:
    """Lines trimmed, blank lines dropped, inner runs of white space made one space."""
    if "\n" not in text and "\u00a0" not in text and "  " not in text and "\t" not in text:
        return text.strip(_OUTER)
    lines = (_SPACES.sub(" ", line.replace("\u00a0", " ")).strip(_OUTER) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _opening(node: Element, root: Element) -> str:
    if node.tag == "br" or (node is not root and node.tag in BLOCKS):
        return "\n"
    return ""


def collapse(text: str | None) -> str:
    """Text as a browser flows it: line breaks between ideographs vanish, other white space becomes one blank."""
    return _SPACES.sub(" ", _SOURCE_BREAK.sub("", text)) if text else ""


def _cells(row: Element) -> Iterable[GridCell]:
    for cell in row_cells(row):
        yield GridCell(visible_text(cell), _span(cell, "rowspan", lowest=0), _span(cell, "colspan", lowest=1))


def _span(cell: Element, name: str, lowest: int) -> int:
    """The span as browsers read it: leading digits count ("2px" is 2), nonsense is 1."""
    value = cell.get(name)
    if value is None:
        return 1
    found = _LEADING_DIGITS.match(value)
    return min(max(int(found[1]), lowest), _MAX_SPAN) if found else 1


def _owner(row: Element) -> Element:
    return next(row.iterancestors("table"), None)


def _squeeze(placed: list[_Placed], rows: int, columns: int) -> Grid:
    """Number rows and columns anew, those without the beginning of a cell left out, and fill the holes with blanks."""
    down = _numbers({cell.row for cell in placed}, rows)
    across = _numbers({cell.column for cell in placed}, columns)
    height, width = down[-1], across[-1]
    check_cells(height * width)
    cells = [
        Cell(
            row=down[row],
            column=across[column],
            text=text,
            rowspan=down[bottom] - down[row],
            colspan=across[end] - across[column],
        )
        for row, column, bottom, end, text in placed
    ]
    if sum(cell.rowspan * cell.colspan for cell in cells) < height * width:
        covered = {
            (cell.row + below) * width + cell.column + right
            for cell in cells
            for below in range(cell.rowspan)
            for right in range(cell.colspan)
        }
        cells += [
            Cell(row=position // width, column=position % width, text="")
            for position in range(height * width)
            if position not in covered
        ]
        cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(height, width, cells)


def _numbers(kept: set[int], size: int) -> list[int]:
    """How many of `kept` are below each position from 0 to `size`."""
    return [0, *accumulate(int(position in kept) for position in range(size))]

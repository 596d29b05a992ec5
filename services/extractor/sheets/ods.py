"""Sheets of an OpenDocument workbook: it keeps beside each value the text that is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.extractor.package import stream
from services.extractor.sheets.sheet import Sheet, SheetCell, Span, check_sheet
from shared.contracts.document import DoubtCode
from shared.runtime.progress import progress

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_UNSEEN = frozenset({"collapse", "filter"})
_ERROR = re.compile(r"#(?:[A-Z/0]{2,8}[!?]|N/A)|(?:Err|错误)[:：][0-9]{3}")
_LAST_COLUMN = 16_384
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
#: Comments, and what is drawn beside the text.
_BESIDE = frozenset({"annotation", "annotation-end", "shapes", "frame", "note", "ruby-text"})


@dataclass
class _Open:
    """The sheet that is being read, and the row after its last one."""

    sheet: Sheet = field(default_factory=lambda: Sheet(""))
    row: int = 0
    column: int = 0
    count: int = 0


def ods_sheets(content: bytes) -> Iterator[Sheet]:
    """The sheets of a content.xml in order; raises `DAMAGED` and `TOO_LARGE`."""
    opened = _Open()
    unseen: set[str] = set()
    for element in stream(content, "style", "table-column", "table-row", "table"):
        tag = element.tag
        if tag == f"{_STYLE}style":
            if any(part.get(f"{_TABLE}display") == "false" for part in element.iter(f"{_STYLE}table-properties")):
                unseen.add(element.get(f"{_STYLE}name", ""))
        elif tag == f"{_TABLE}table-column":
            _column(opened, element)
        elif tag == f"{_TABLE}table-row":
            progress()
            _row(opened, element)
        elif tag == f"{_TABLE}table":
            opened.sheet.name = element.get(f"{_TABLE}name", "")
            opened.sheet.visible = element.get(f"{_TABLE}style-name", "") not in unseen
            yield opened.sheet
            opened = _Open()


def _column(opened: _Open, element: Any) -> None:
    last = min(opened.column + _number(element, f"{_TABLE}number-columns-repeated"), _LAST_COLUMN)
    if element.get(f"{_TABLE}visibility") in _UNSEEN:
        opened.sheet.hidden_columns.update(range(opened.column, last))
    opened.column = last


def _row(opened: _Open, element: Any) -> None:
    """A row, perhaps many times over. Rows after the last printed one are repeated to the end of the sheet."""
    cells: dict[int, SheetCell] = {}
    spans: list[tuple[int, int, int]] = []
    column = 0
    for part in element.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        times = _number(part, f"{_TABLE}number-columns-repeated")
        cell = _cell(part)
        if cell.text or cell.doubt:
            check_sheet(opened.count + len(cells) + times)
            cells.update(dict.fromkeys(range(column, min(column + times, _LAST_COLUMN)), cell))
        across, down = (_number(part, f"{_TABLE}number-{name}-spanned") for name in ("columns", "rows"))
        if across > 1 or down > 1:
            spans.append((column, across, down))
        column += times
    times = _number(element, f"{_TABLE}number-rows-repeated")
    if cells:
        opened.count += times * len(cells)
        check_sheet(opened.count)
        rows = range(opened.row, opened.row + times)
        opened.sheet.cells.update((row, dict(cells)) for row in rows)
        if element.get(f"{_TABLE}visibility") in _UNSEEN:
            opened.sheet.hidden_rows.update(rows)
    opened.sheet.spans += (
        Span(opened.row, left, opened.row + down - 1, left + across - 1) for left, across, down in spans
    )
    opened.row += times


def _cell(element: Any) -> SheetCell:
    lines = ["".join(_words(line)) for line in element.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
    text = "\n".join(line.strip() for line in lines).strip()
    if _ERROR.fullmatch(text) or element.get(f"{_CALC}value-type") == "error":
        return SheetCell(text, DoubtCode.UNREAD_NUMBER)
    value = element.get(f"{_OFFICE}value")
    if not text and value is not None and not lines:
        # Some programs leave the printed text out: what is there is the value, not how it looks.
        return SheetCell(value, DoubtCode.UNREAD_NUMBER)
    if not text and not lines and element.get(f"{_TABLE}formula") is not None:
        return SheetCell("", DoubtCode.UNREAD_NUMBER)
    return SheetCell(text)


def _words(element: Any) -> Iterator[str]:
    """The text of a paragraph, its runs of blanks, tabs and line breaks put back."""
    yield element.text or ""
    for part in element:
        name = part.tag.rpartition("}")[2]
        if name == "s":
            yield " " * min(_number(part, f"{_TEXT}c"), 100)
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name not in _BESIDE:
            yield from _words(part)
        yield part.tail or ""


def _number(element: Any, name: str) -> int:
    text = element.get(name, "1")
    return min(max(int(text), 1), 10_000_000) if text.isascii() and text.isdigit() else 1

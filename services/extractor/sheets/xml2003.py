"""Sheets of an "XML spreadsheet 2003" (SpreadsheetML), which finance systems export under the name .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.extractor.package import stream
from services.extractor.sheets.number_format import GENERAL, show_number, show_text
from services.extractor.sheets.sheet import Sheet, SheetCell, Span, check_sheet
from shared.contracts.document import DoubtCode
from shared.runtime.progress import progress

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
#: The names that stand for number formats, as a Chinese installation prints them.
_NAMED = {
    "general": GENERAL, "general number": GENERAL, "general date": "yyyy/m/d h:mm", "long date": 'yyyy"年"m"月"d"日"',
    "medium date": "d-mmm-yy", "short date": "yyyy/m/d", "long time": "h:mm:ss", "medium time": "h:mm AM/PM",
    "short time": "h:mm", "currency": '"¥"#,##0.00;"¥"-#,##0.00', "euro currency": '"€"#,##0.00;"€"-#,##0.00',
    "fixed": "0.00", "standard": "#,##0.00", "percent": "0.00%", "scientific": "0.00E+00",
    "yes/no": '"Yes";"Yes";"No"', "true/false": '"True";"True";"False"', "on/off": '"On";"On";"Off"',
}  # fmt: skip
_MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?)?")
_FIRST_1900, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a printed date has no zone
_BREAK = "Br"
_LOWEST = {"Index": 1, "Span": 0, "MergeAcross": 0, "MergeDown": 0}


@dataclass
class _Style:
    """What a style says itself; the rest comes from its parent."""

    parent: str | None
    code: str | None


@dataclass
class _Book:
    """What holds for the whole workbook."""

    styles: dict[str, _Style] = field(default_factory=dict)
    date1904: bool = False

    def code(self, *names: str | None) -> str:
        """The number format of a cell, its row and its column: the first that names a style decides."""
        name: str | None = next((name for name in names if name is not None), "Default")
        for _ in range(len(self.styles)):
            style = self.styles.get(name or "")
            if style is None:
                break
            if style.code is not None:
                return style.code
            name = style.parent
        return GENERAL


@dataclass
class _Open:
    """The sheet that is being read."""

    sheet: Sheet = field(default_factory=lambda: Sheet(""))
    row: int = -1
    column: int = -1
    count: int = 0
    styles: dict[int, str] = field(default_factory=dict)
    zeros: list[tuple[int, int]] = field(default_factory=list)


def xml_sheets(data: bytes) -> Iterator[Sheet]:
    """The sheets of `data` (UTF-8) in order; raises `DAMAGED` and `TOO_LARGE`."""
    book, opened = _Book(), _Open()
    for element in stream(data, "Style", "Date1904", "Column", "Row", "WorksheetOptions", "Worksheet"):
        tag = element.tag.rpartition("}")[2]
        if tag == "Style":
            _style(book, element)
        elif tag == "Date1904":
            book.date1904 = True
        elif tag == "Column":
            _column(opened, element)
        elif tag == "Row":
            progress()
            _row(book, opened, element)
        elif tag == "WorksheetOptions":
            _options(opened, element)
        else:
            opened.sheet.name = element.get(f"{_SS}Name", "")
            yield opened.sheet
            opened = _Open()


def _style(book: _Book, element: Any) -> None:
    number_format = element.find(f"{_SS}NumberFormat")
    code = None if number_format is None else number_format.get(f"{_SS}Format", GENERAL)
    book.styles[element.get(f"{_SS}ID", "")] = _Style(
        element.get(f"{_SS}Parent"), None if code is None else _NAMED.get(code.lower(), code)
    )


def _column(opened: _Open, element: Any) -> None:
    first = _number(element, "Index", opened.column + 2) - 1
    opened.column = first + _number(element, "Span", 0)
    check_sheet(opened.column)
    style = element.get(f"{_SS}StyleID")
    unseen = element.get(f"{_SS}Hidden") == "1" or element.get(f"{_SS}Width") == "0"
    for column in range(first, opened.column + 1):
        if style is not None:
            opened.styles[column] = style
        if unseen:
            opened.sheet.hidden_columns.add(column)


def _row(book: _Book, opened: _Open, element: Any) -> None:
    row = _number(element, "Index", opened.row + 2) - 1
    opened.row = row + _number(element, "Span", 0)
    unseen = element.get(f"{_SS}Hidden") == "1" or element.get(f"{_SS}Height") == "0"
    style = element.get(f"{_SS}StyleID")
    cells: dict[int, SheetCell] = {}
    column = -1
    for part in element.iterchildren(f"{_SS}Cell"):
        column = _number(part, "Index", column + 2) - 1
        across, down = _number(part, "MergeAcross", 0), _number(part, "MergeDown", 0)
        if across or down:
            opened.sheet.spans.append(Span(row, column, row + down, column + across))
        data = part.find(f"{_SS}Data")
        if data is not None:
            code = book.code(part.get(f"{_SS}StyleID"), style, opened.styles.get(column))
            cell = _cell(book, data, code)
            if cell.text or cell.doubt:
                cells[column] = cell
                check_sheet(opened.count + len(cells))
                if data.get(f"{_SS}Type") == "Number" and _is_zero(data):
                    opened.zeros.append((row, column))
        elif part.get(f"{_SS}Formula") is not None:
            cells[column] = SheetCell("", DoubtCode.UNREAD_NUMBER)
        column += across
    opened.count += len(cells)
    if cells:
        opened.sheet.cells[row] = cells
        if unseen:
            opened.sheet.hidden_rows.add(row)


def _options(opened: _Open, element: Any) -> None:
    visible = element.findtext("{*}Visible")
    opened.sheet.visible = visible is None or visible.strip() == "SheetVisible"
    if element.find("{*}DoNotDisplayZeros") is not None:
        for row, column in opened.zeros:
            opened.sheet.cells[row].pop(column, None)


def _cell(book: _Book, data: Any, code: str) -> SheetCell:
    kind = data.get(f"{_SS}Type", "String")
    text = _words(data)
    if kind in {"Number", "DateTime"}:
        number = _amount(text) if kind == "Number" else _serial(text, date1904=book.date1904)
        if number is None:
            return SheetCell(text.strip(), DoubtCode.UNREAD_NUMBER)
        return SheetCell(show_number(number, code, date1904=book.date1904).strip())
    if kind == "Boolean":
        return SheetCell("TRUE" if text.strip() in {"1", "true"} else "FALSE")
    if kind == "Error":
        return SheetCell(text.strip(), DoubtCode.UNREAD_NUMBER)
    return SheetCell(show_text(text, code).strip())


def _words(data: Any) -> str:
    """The text of a cell, also in runs of HTML 4 ("<B>合计</B>")."""
    if len(data) == 0:
        words = data.text or ""
    else:
        words = "".join(
            ("\n" if node.tag.rpartition("}")[2] == _BREAK else "") + (node.text or "")
            if event == "start"
            else (node.tail or "")
            for event, node in _walk(data)
        )
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _walk(data: Any) -> Iterator[tuple[str, Any]]:
    """Every element under `data` as it starts and as it ends, `data` itself only as it starts."""
    stack = [("start", data)]
    while stack:
        event, node = stack.pop()
        yield event, node
        if event == "start":
            for child in reversed(node):
                stack += [("end", child), ("start", child)]


def _amount(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _is_zero(data: Any) -> bool:
    return _amount(data.text or "") == 0


def _serial(text: str, *, date1904: bool) -> float | None:
    """The number of days that a spreadsheet counts for "2024-05-01T00:00:00.000"."""
    found = _MOMENT.match(text.strip())
    if found is None:
        return None
    try:
        moment = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    return (moment - (_FIRST_1904 if date1904 else _FIRST_1900)) / timedelta(days=1)


def _number(element: Any, name: str, default: int) -> int:
    text = element.get(f"{_SS}{name}", "")
    if not (text.isascii() and text.isdigit()):
        return default
    return min(max(int(text), _LOWEST[name]), 10_000_000)

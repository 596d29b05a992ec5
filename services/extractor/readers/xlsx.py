"""XLSX and XLSM workbooks, as a reader sees them.

The parts of a sheet are streamed with lxml: ranges formatted down to row 1,048,576 cost no memory, styles that openpyxl
refuses do no harm, and every value gets the number format of its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from services.extractor.package import main_part, related, relation_id, relationships, stream
from services.extractor.readers.base import Reader, Reading
from services.extractor.sheets.number_format import BUILT_IN, GENERAL, show_number, show_text
from services.extractor.sheets.sheet import Sheet, SheetCell, Span, check_sheet, read_sheets
from services.extractor.zipsafe import SafeZip, damaged, open_zip, parse_xml
from shared.contracts.document import DoubtCode, MediaType, SourceFile
from shared.runtime.progress import progress

_REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Whether any cell of a row holds anything: a sheet may have a million rows that are only formatted.
_FILLED = etree.XPath("boolean(*/*)")
_OFF = frozenset({"0", "false"})
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


class XlsxReader(Reader):
    """Every visible sheet: tables, and text where a sheet has no table."""

    name = "xlsx"
    version = "1"
    media_types = (MediaType.XLSX,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED`, `ZIP_BOMB`, `TOO_LARGE`."""
        return read_sheets(_Workbook(open_zip(source.content)).sheets())


@dataclass(frozen=True)
class _Formats:
    """Number format codes by style index, and how the workbook counts days."""

    codes: tuple[str, ...]
    date1904: bool

    def code(self, style: str | None) -> str:
        index = int(style) if style and style.isdigit() else 0
        return self.codes[index] if index < len(self.codes) else GENERAL


class _Workbook:
    """The shared parts of a workbook, and its sheets in order."""

    def __init__(self, archive: SafeZip) -> None:
        self._archive = archive
        self._part = main_part(archive, "xl/workbook.xml")
        self._root = parse_xml(archive.read(self._part))
        settings = self._root.find("{*}workbookPr")
        self._formats = _Formats(self._codes(), settings is not None and settings.get("date1904", "0") not in _OFF)
        self._strings = self._shared_strings()

    def sheets(self) -> Iterator[Sheet]:
        """Worksheets only; charts and macro sheets have no cells to print."""
        targets = relationships(self._archive, self._part)
        for entry in self._root.iterfind("{*}sheets/{*}sheet"):
            kind, part = targets.get(relation_id(entry), ("", ""))
            if kind == "worksheet":
                visible = entry.get("state", "visible") == "visible"
                sheet = Sheet(entry.get("name", ""), visible, self._has_pictures(part))
                yield self._fill(sheet, self._archive.read(part))

    def _has_pictures(self, part: str) -> bool:
        drawing = related(self._archive, part, "drawing")
        return drawing is not None and related(self._archive, drawing, "image") is not None

    def _fill(self, sheet: Sheet, data: bytes) -> Sheet:
        check_sheet(data.count(b"<v>"))
        row, show_zeros, count = -1, True, 0
        for element in stream(data, "row", "col", "mergeCell", "sheetView"):
            tag = element.tag.rpartition("}")[2]
            if tag == "row":
                progress()
                row = _number(element.get("r"), row + 2) - 1
                cells = self._row(element, show_zeros=show_zeros) if _FILLED(element) else {}
                count += len(cells)
                check_sheet(count)
                if cells:
                    sheet.cells[row] = cells
                    if element.get("hidden", "0") not in _OFF or _zero(element.get("ht")):
                        sheet.hidden_rows.add(row)
            elif tag == "col":
                if element.get("hidden", "0") not in _OFF or _zero(element.get("width")):
                    first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
                    sheet.hidden_columns.update(range(first - 1, min(last, _LAST_COLUMN)))
            elif tag == "mergeCell":
                sheet.spans += _span(element.get("ref", ""))
            else:
                show_zeros = element.get("showZeros", "1") not in _OFF
        return sheet

    def _row(self, row: Any, *, show_zeros: bool) -> dict[int, SheetCell]:
        cells: dict[int, SheetCell] = {}
        column = -1
        for element in row.iterchildren("{*}c"):
            place = _reference(element.get("r", ""))
            column = place[1] if place else column + 1
            cell = self._cell(element, show_zeros=show_zeros)
            if cell.text or cell.doubt:
                cells[column] = cell
        return cells

    def _cell(self, element: Any, *, show_zeros: bool) -> SheetCell:
        kind = element.get("t", "n")
        value = element.findtext("{*}v")
        code = self._formats.code(element.get("s"))
        if kind == "inlineStr":
            found = element.find("{*}is")
            return SheetCell("" if found is None else show_text(_rich_text(found), code).strip())
        if value is None or (kind == "n" and not value.strip()):
            formula = element.find("{*}f")
            return SheetCell("", None if formula is None else DoubtCode.UNREAD_NUMBER)
        if kind == "e":
            return SheetCell(value.strip(), DoubtCode.UNREAD_NUMBER)
        if kind == "n":
            return self._numeric(value.strip(), code, show_zeros=show_zeros)
        return SheetCell(self._wording(kind, value, code).strip())

    def _wording(self, kind: str, value: str, code: str) -> str:
        if kind == "b":
            return "FALSE" if value.strip() in _OFF else "TRUE"
        if kind != "s":
            return show_text(_plain(value), code)
        index = _number(value, -1)
        if not 0 <= index < len(self._strings):
            raise damaged(f"shared string {value} of {len(self._strings)}")
        return show_text(self._strings[index], code)

    def _numeric(self, value: str, code: str, *, show_zeros: bool) -> SheetCell:
        try:
            number = float(value)
        except ValueError:
            return SheetCell(value, DoubtCode.UNREAD_NUMBER)
        if number == 0 and not show_zeros:
            return SheetCell("")
        if not abs(number) < float("inf"):
            return SheetCell(value, DoubtCode.UNREAD_NUMBER)
        return SheetCell(show_number(number, code, date1904=self._formats.date1904).strip())

    def _shared_strings(self) -> list[str]:
        part = related(self._archive, self._part, "sharedStrings")
        if part is None:
            return []
        strings: list[str] = []
        for item in stream(self._archive.read(part), "si"):
            strings.append(_rich_text(item))
            check_sheet(len(strings))
        return strings

    def _codes(self) -> tuple[str, ...]:
        part = related(self._archive, self._part, "styles")
        if part is None:
            return ()
        root = parse_xml(self._archive.read(part))
        own = {
            entry.get("numFmtId"): entry.get("formatCode", GENERAL) for entry in root.iterfind("{*}numFmts/{*}numFmt")
        }
        ids = [entry.get("numFmtId", "0") for entry in root.iterfind("{*}cellXfs/{*}xf")]
        return tuple(own.get(name) or BUILT_IN.get(_number(name, 0), GENERAL) for name in ids)


def _rich_text(item: Any) -> str:
    """The text of a string item: plain or in runs, without the phonetic guides of East Asian names."""
    return "".join(_plain(text.text or "") for text in item.iter("{*}t") if not text.getparent().tag.endswith("}rPh"))


def _plain(text: str) -> str:
    """Control characters that the format escapes (`_x000D_`) put back, one kind of line break."""
    shown = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
    return shown.replace("\r\n", "\n").replace("\r", "\n")


def _reference(text: str) -> tuple[int, int] | None:
    """Row and column, 0-based, of a reference such as "AB12"; None if it is none."""
    found = _REFERENCE.match(text)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _span(text: str) -> list[Span]:
    first, _, last = text.partition(":")
    start, end = _reference(first), _reference(last or first)
    if start is None or end is None:
        return []
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return [Span(rows[0], columns[0], min(rows[1], _LAST_ROW), min(columns[1], _LAST_COLUMN))]


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default


def _zero(text: str | None) -> bool:
    return text is not None and text.strip("0.") == "" and text != ""

"""Published accounts by hand: tables drawn with |, "<" and "^", written in every format, read back, compared."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import docx
import openpyxl  # type: ignore[import-untyped]
import xlwt  # type: ignore[import-untyped]

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.catalogue.amounts import read_amount
from shared.contracts.assessment import Severity
from shared.contracts.document import SourceFile
from shared.contracts.report import Report

Expected = tuple[str, str, str, str, str, Decimal]
LOUD = (Severity.ERROR, Severity.WARNING)
#: what an excerpt of an account truly lacks: some of the nine tables
EXCERPT = frozenset({"A05"})


@dataclass(frozen=True)
class Sheet:
    """A table: `lines` above it, the drawing (cells parted by |, "<" merged with the left, "^" with above), `notes`."""

    lines: tuple[str, ...]
    drawing: str
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> list[list[str]]:
        """The drawn cells, short rows filled with blanks; \\n is a line break inside a cell, ~ an inner blank."""
        drawn = [line.strip() for line in self.drawing.strip("\n").splitlines() if line.strip()]
        rows = [[cell.strip().replace("\\n", "\n").replace("~", " ") for cell in line.split("|")] for line in drawn]
        width = max(len(row) for row in rows)
        return [row + [""] * (width - len(row)) for row in rows]

    def cells(self) -> Iterable[tuple[int, int, int, int, str]]:
        """Row, column, rowspan, colspan, text of every cell."""
        rows = self.rows
        for row, words in enumerate(rows):
            for column, word in enumerate(words):
                if word in {"<", "^"}:
                    continue
                right = down = 1
                while column + right < len(words) and words[column + right] == "<":
                    right += 1
                while row + down < len(rows) and rows[row + down][column] == "^":
                    down += 1
                yield row, column, down, right, word


Block = str | Sheet


def write_text(blocks: Iterable[Block]) -> bytes:
    """A row a line, cells parted by tabs; a merged cell stands at its top left."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
            continue
        lines += [*block.lines, ""]
        for row in block.rows:
            lines.append("\t".join("" if cell in {"<", "^"} else cell.replace("\n", "") for cell in row))
        lines += ["", *block.notes, ""]
    return "\n".join(lines).encode()


def write_markdown(blocks: Iterable[Block]) -> bytes:
    """Pipe tables as converters make them: <br> in cells, a merged cell once."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
            continue
        for line in block.lines:
            lines += [line, ""]
        for number, row in enumerate(block.rows):
            cells = ["" if cell in {"<", "^"} else cell.replace("\n", "<br>") for cell in row]
            lines.append("| " + " | ".join(cells) + " |")
            if number == 0:
                lines.append("|" + " --- |" * len(row))
        lines += ["", *(note for text in block.notes for note in (text, ""))]
    return "\n".join(lines).encode()


def write_html(blocks: Iterable[Block]) -> bytes:
    """A page with spans, blanks as &nbsp;."""
    parts = ['<html><head><meta charset="utf-8"></head><body>']
    for block in blocks:
        if isinstance(block, str):
            parts.append(f"<p>{escape(block)}</p>")
            continue
        parts += [f"<p align=center><b>{escape(line)}</b></p>" for line in block.lines]
        parts.append("<table border=1>")
        row_open = -1
        for row, _, down, right, text in block.cells():
            if row != row_open:
                parts.append("<tr>" if row_open < 0 else "</tr><tr>")
                row_open = row
            body = escape(text).replace("\n", "<br/>") or "&nbsp;"
            parts.append(f"<td rowspan={down} colspan={right}><p><span>{body}</span></p></td>")
        parts.append("</tr></table>")
        parts += [f"<p>{escape(note)}</p>" for note in block.notes]
    return "".join([*parts, "</body></html>"]).encode()


def write_docx(blocks: Iterable[Block]) -> bytes:
    """A Word document with merged cells."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        for line in block.lines:
            document.add_paragraph(line)
        rows = block.rows
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, column, down, right, text in block.cells():
            cell = table.cell(row, column)
            if down > 1 or right > 1:
                cell = cell.merge(table.cell(row + down - 1, column + right - 1))
            cell.text = text
        for note in block.notes:
            document.add_paragraph(note)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _sheets(blocks: Iterable[Block]) -> list[tuple[list[str], Sheet | None]]:
    """A sheet for the lines before the first table, one for every table; later lines go to the sheet of the next."""
    found: list[tuple[list[str], Sheet | None]] = []
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines.append(block)
            continue
        if not found:
            found.append((lines, None))
            lines = []
        found.append(([*lines, *block.lines], block))
        lines = []
    return found


def write_xlsx(blocks: Iterable[Block]) -> bytes:
    """A sheet for every table: title and captions in rows above, figures as texts."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, (lines, block) in enumerate(_sheets(blocks), start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row, text in enumerate(lines, start=1):
            sheet.cell(row, 1, text)
        if block is None:
            continue
        top = len(lines) + 1
        for row, column, down, right, text in block.cells():
            sheet.cell(top + row, column + 1, text or None)
            if down > 1 or right > 1:
                sheet.merge_cells(
                    start_row=top + row,
                    start_column=column + 1,
                    end_row=top + row + down - 1,
                    end_column=column + right,
                )
        for offset, note in enumerate(block.notes):
            sheet.cell(top + len(block.rows) + offset, 1, note)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_xls(blocks: Iterable[Block]) -> bytes:
    """The old workbook: figures as numbers with two decimals where the drawing has such."""
    book = xlwt.Workbook(encoding="utf-8")
    style = xlwt.easyxf(num_format_str="#,##0.00")
    for number, (lines, block) in enumerate(_sheets(blocks), start=1):
        sheet = book.add_sheet(f"附件{number}")
        width = len(block.rows[0]) if block else 1
        for row, text in enumerate(lines):
            sheet.write_merge(row, row, 0, width - 1, text)
        if block is None:
            continue
        top = len(lines)
        for row, column, down, right, text in block.cells():
            amount = read_amount(text)
            number_like = amount.value is not None and "." in text and len(text.split(".")[-1]) == 2
            place = (top + row, top + row + down - 1, column, column + right - 1)
            if number_like and amount.value is not None:
                sheet.write_merge(*place, float(amount.value), style)
            else:
                sheet.write_merge(*place, text)
        for offset, note in enumerate(block.notes):
            sheet.write(top + len(block.rows) + offset, 0, note)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[Iterable[Block]], bytes]] = {
    "txt": write_text,
    "md": write_markdown,
    "html": write_html,
    "docx": write_docx,
    "xlsx": write_xlsx,
    "xls": write_xls,
}
FORMATS = tuple(WRITERS)


def read(content: bytes | str, name: str) -> Report:
    """The report of a file."""
    body = content.encode() if isinstance(content, str) else content
    return normalize(extract(SourceFile(name=name, content=body)))


def report_of(blocks: Iterable[Block], form: str) -> Report:
    """The blocks written as `form` and read again."""
    return read(WRITERS[form](list(blocks)), f"决算公开.{form}")


def facts(table: str, columns: str, rows: str) -> list[Expected]:
    """Expected facts: `columns` are "path=measure" parted by |, `rows` are "code | name | amounts…"; blank: no fact."""
    heads = [column.strip().split("=") for column in columns.split("|")]
    found: list[Expected] = []
    for line in filter(None, (line.strip() for line in rows.splitlines())):
        code, name, *amounts = (cell.strip() for cell in line.split("|"))
        if len(amounts) > len(heads):
            raise ValueError(line)
        found += [
            (table, code, name, path, measure, Decimal(amount.replace(",", "")))
            for (path, measure), amount in zip(heads, amounts, strict=False)
            if amount
        ]
    return found


def found_facts(report: Report) -> Counter[Expected]:
    """The facts of the ten tables of a report in the same form."""
    return Counter(
        (fact.table, fact.row_code, fact.row_name, fact.column, fact.measure.value, fact.amount)
        for fact in report.facts
        if fact.table.startswith("T")
    )


def assert_facts(report: Report, *expected: list[Expected], where: str = "") -> None:
    """Exactly the expected facts, in any order."""
    wanted = Counter(fact for part in expected for fact in part)
    found = found_facts(report)
    missed, extra = list((wanted - found).elements()), list((found - wanted).elements())
    told = "\n".join([*(f"  missed {_told(one)}" for one in missed), *(f"  extra  {_told(one)}" for one in extra)])
    assert not told, f"{where}\n{told}\n  tables {[(table.id, table.title, table.why) for table in report.tables]}"


def _told(fact: Expected) -> str:
    return " | ".join(map(str, fact))


def loud(report: Report) -> list[tuple[str, str]]:
    """Rule and message of the findings of level error and warning, but for tables that an excerpt lacks."""
    found = [one for one in validate(report).findings if one.severity in LOUD]
    return [(one.rule, one.message.zh) for one in found if one.rule not in EXCERPT]


def assert_sound(report: Report, where: str = "") -> None:
    """A balanced account raises neither errors nor warnings."""
    assert not loud(report), f"{where}: {loud(report)}"


def check(blocks: Iterable[Block], form: str, *expected: list[Expected]) -> Report:
    """The blocks in this format give exactly these facts and no finding; the report for further questions."""
    report = report_of(blocks, form)
    assert_facts(report, *expected, where=form)
    assert_sound(report, form)
    return report

"""Web archives: a page that Word saved as a single file, and a workbook that Excel saved as one."""

from __future__ import annotations

import base64
import quopri
from html import escape

from tests.corpus.grid import GridCell, Line, Printed, TableBlock
from tests.corpus.writers import html

_BOUNDARY = "----=_NextPart_01DB0F3A.5C2B7E40"
#: A picture of one point, so that an archive has a part that is no page.
_PICTURE = base64.b64decode(b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def word(printed: Printed) -> bytes:
    """The page of `html.word` with a picture beside it."""
    return _archive(
        "",
        ("file:///C:/1/page.htm", 'text/html; charset="gb2312"', html.word(printed)),
        ("file:///C:/1/page.files/image001.gif", "image/gif", _PICTURE),
    )


def excel(printed: Printed) -> bytes:
    """A frame page that lists the sheets, a page for each, the tabs; the cover on a first sheet."""
    lines = [block.text for block in printed.blocks if isinstance(block, Line)][:2]
    sheets = [("封面", "".join(f"<tr><td></td><td>{escape(text)}</td></tr>" for text in lines))]
    sheets += [(f"{number:02d}{block.title}"[:25], _rows(block)) for number, block in enumerate(printed.tables(), 1)]
    listed = "".join(
        f"<x:ExcelWorksheet><x:Name>{escape(name)}</x:Name>"
        f'<x:WorksheetSource HRef="book.files/sheet{number:03d}.htm"/></x:ExcelWorksheet>'
        for number, (name, _) in enumerate(sheets, 1)
    )
    frame = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><!--[if gte mso 9]><xml>'
        f"<x:ExcelWorkbook><x:ExcelWorksheets>{listed}</x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--></head>"
        '<frameset rows="*,39"><frame src="book.files/sheet001.htm"><frame src="book.files/tabstrip.htm"></frameset>'
        "</html>"
    )
    pages = [("file:///C:/1/book.htm", 'text/html; charset="utf-8"', frame.encode())]
    # The parts of an archive are in no order that means anything.
    pages += [
        (f"file:///C:/1/book.files/sheet{number:03d}.htm", 'text/html; charset="utf-8"', _page(rows))
        for number, (_, rows) in reversed(list(enumerate(sheets, 1)))
    ]
    tabs = "".join(f"<td>{escape(name)}</td>" for name, _ in sheets)
    pages.append(("file:///C:/1/book.files/tabstrip.htm", 'text/html; charset="utf-8"', _page(f"<tr>{tabs}</tr>")))
    return _archive("X-Document-Type: Workbook\r\n", *pages)


def _archive(kind: str, *parts: tuple[str, str, bytes]) -> bytes:
    head = f'MIME-Version: 1.0\r\n{kind}Content-Type: multipart/related; boundary="{_BOUNDARY}"\r\n\r\n'
    pieces = [f"{head}This document is a Single File Web Page.\r\n".encode()]
    for location, media_type, body in parts:
        text = media_type.startswith("text/")
        encoding = "quoted-printable" if text else "base64"
        packed = quopri.encodestring(body).replace(b"\n", b"\r\n") if text else base64.encodebytes(body)
        pieces += [
            f"\r\n--{_BOUNDARY}\r\nContent-Location: {location}\r\nContent-Transfer-Encoding: {encoding}\r\n"
            f"Content-Type: {media_type}\r\n\r\n".encode(),
            packed,
        ]
    return b"".join([*pieces, f"\r\n--{_BOUNDARY}--\r\n".encode()])


def _page(rows: str) -> bytes:
    return f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'.encode()


def _rows(block: TableBlock) -> str:
    width = block.grid.width
    wide = "<tr><td colspan={}>{}</td></tr>"
    rows = [wide.format(width, escape(text)) for text in (block.title, *block.captions)]
    rows += ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in block.grid.by_row()]
    rows += [wide.format(width, escape(note)) for note in block.notes]
    return "".join(rows)


def _cell(cell: GridCell) -> str:
    return f"<td rowspan={cell.rowspan} colspan={cell.colspan}>{escape(cell.text)}</td>"

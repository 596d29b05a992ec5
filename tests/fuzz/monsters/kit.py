"""What the files made to hurt are made of."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz.damage import packed

MEGABYTE = 1024 * 1024
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@dataclass(frozen=True)
class Monster:
    """A file name and what makes the content, given the port of a listener that must never hear from anyone."""

    name: str
    make: Callable[[int], bytes]


def away(port: int) -> str:
    """An address on this machine that nobody has a reason to visit."""
    return f"http://127.0.0.1:{port}/x"


def laughs(levels: int = 12) -> str:
    """Entities that swell tenfold at each level; the last is `&l11;`."""
    entities = ['<!ENTITY l0 "哈哈哈哈哈哈哈哈哈哈">']
    entities += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)]
    return f"<!DOCTYPE x [{''.join(entities)}]>"


def external(port: int) -> str:
    """A DTD elsewhere, and entities from elsewhere (`&e;`) and from this machine (`&f;`)."""
    entities = f'<!ENTITY e SYSTEM "{away(port)}"><!ENTITY f SYSTEM "file:///etc/passwd">'
    return f'<!DOCTYPE x PUBLIC "-//x//x" "{away(port)}.dtd" [{entities}]>'


def nested(tag: str, times: int, inside: str = "决算") -> str:
    """`tag` within itself."""
    return f"<{tag}>" * times + inside + f"</{tag}>" * times


def linked(number: int, kind: str, port: int) -> str:
    """A relationship of an office file to something elsewhere."""
    return f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" TargetMode="External" Target="{away(port)}"/>'


def html(body: str, head: str = "") -> bytes:
    """A page."""
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def docx(body: str, *, head: str = "", rels: str = "") -> bytes:
    """A DOCX of a body in XML, with what comes before its root and its relationships."""
    names = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}"'
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": f"{head}<w:document {names}><w:body>{body}</w:body></w:document>".encode(),
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{rels}</Relationships>'.encode(),
        }
    )


def xlsx(sheet: str, *, head: str = "", strings: str = "", rels: str = "") -> bytes:
    """A workbook of one sheet in XML."""
    one = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    two = f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    sheets = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    book = f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}">{sheets}</workbook>'
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{one}{two}{rels}</Relationships>'.encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{strings}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{SHEET}">{sheet}</worksheet>'.encode(),
        }
    )


def ofd(page: str, *, head: str = "") -> bytes:
    """An OFD of one page."""
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/0.xml"/></ofd:Pages>'
    common = f"<ofd:CommonData>{area}</ofd:CommonData>"
    return packed(
        {
            "OFD.xml": f"{head}<ofd:OFD {OFD}>{body}</ofd:OFD>".encode(),
            "Doc_0/Document.xml": f"<ofd:Document {OFD}>{common}{pages}</ofd:Document>".encode(),
            "Doc_0/Pages/0.xml": f"<ofd:Page {OFD}>{page}</ofd:Page>".encode(),
        }
    )


def layer(objects: str) -> str:
    """The content of an OFD page."""
    return f'<ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content>'


def pdf(*objects: str, root: int = 1) -> bytes:
    """A PDF of the given objects, numbered from 1, with a cross-reference table."""
    parts, places, length = [b"%PDF-1.7\n"], [], 9
    for number, body in enumerate(objects, start=1):
        places.append(length)
        parts.append(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
        length += len(parts[-1])
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    parts.append(f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode())
    parts.append(f"trailer\n<</Root {root} 0 R/Size {size}>>\nstartxref\n{length}\n%%EOF\n".encode())
    return b"".join(parts)


def stream(content: str, entries: str = "") -> str:
    """An object of a PDF with content."""
    return f"<<{entries}/Length {len(content)}>>\nstream\n{content}\nendstream"


def pdf_page(contents: str, *, box: str = "0 0 595 842", resources: str = "") -> tuple[str, ...]:
    """The five objects of a PDF of one page; object 5 is the font F."""
    kept = f"/Resources<</Font<</F 5 0 R>>{resources}>>"
    return (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R{kept}>>",
        stream(contents),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


#: Content of a PDF page that has some text.
WRITES = "BT /F 9 Tf 100 700 Td (report) Tj ET "


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A grey image that claims its size; `rows` are what is really there, a filter byte before each."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")

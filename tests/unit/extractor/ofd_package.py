"""Small OFD packages made by hand: what a test says of a page, in a package that is as plain as can be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from services.extractor.readers.base import Reading
from services.extractor.readers.ofd import OfdReader
from shared.contracts.document import SourceFile, Table

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """The archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def entry(*roots: str) -> str:
    """The entry of a package with documents at `roots`."""
    bodies = "".join(f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>" for root in roots)
    return f"<ofd:OFD {SPACE}>{bodies}</ofd:OFD>"


def parts(
    *pages: str, resources: str = "", common: str = "", area: str = "", more: Mapping[str, str] | None = None
) -> dict[str, str | bytes]:
    """The parts of a package with these pages (what stands in their only layer), 210 mm x 297 mm."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    files: dict[str, str | bytes] = {
        "OFD.xml": entry("Doc_0/Document.xml"),
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f"</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f"<ofd:Res {SPACE}>{resources}</ofd:Res>",
    }
    for number, objects in enumerate(pages):
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {SPACE}>{area}<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return files | dict(more or {})


def text(x: float, y: float, words: str, size: float = 4, attributes: str = "", code: str = "") -> str:
    """A text object: its box begins at (x, y) in mm, its baseline lies `size` below."""
    steps = code or f'DeltaX="{" ".join(f"{size if char >= chr(0x2E80) else size / 2}" for char in words[:-1])}"'
    return (
        f'<ofd:TextObject Boundary="{x} {y} {size * len(words)} {size * 1.2}" Size="{size}" {attributes}>'
        f'<ofd:TextCode X="0" Y="{size}" {steps}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def stroke(x0: float, y0: float, x1: float, y1: float, attributes: str = "") -> str:
    """A stroked line in mm, its path from the corner of its box."""
    return (
        f'<ofd:PathObject Boundary="{x0} {y0} {max(x1 - x0, 0.3)} {max(y1 - y0, 0.3)}" {attributes}>'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def ruled(xs: Sequence[float], ys: Sequence[float], attributes: str = "") -> str:
    """The rules of a grid."""
    across = [stroke(xs[0], y, xs[-1], y, attributes) for y in ys]
    down = [stroke(x, ys[0], x, ys[-1], attributes) for x in xs]
    return "".join((*across, *down))


def read(content: bytes) -> Reading:
    """What the reader makes of a package."""
    return OfdReader().read(SourceFile(name="a.ofd", content=content))


def read_page(objects: str, **options: str) -> Reading:
    """What the reader makes of a package of one page."""
    return read(zipped(parts(objects, **options)))  # type: ignore[arg-type]


def rows(table: Table) -> list[list[str]]:
    """The printed text of a table, row by row; a merged cell at its first place only."""
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def tables(reading: Reading) -> list[list[list[str]]]:
    """All tables of a reading as `rows` gives them."""
    return [rows(block) for block in reading.blocks if isinstance(block, Table)]


def lines(reading: Reading) -> list[str]:
    """The text outside of tables, block by block."""
    return [block.text for block in reading.blocks if not isinstance(block, Table)]

"""Word documents in one XML file, as systems that fill templates write them."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from tests.corpus.grid import GridCell, Line, Printed, TableBlock
from tests.corpus.writers import docx

_WORD = "http://schemas.microsoft.com/office/word/2003/wordml"
_HINT = "http://schemas.microsoft.com/office/word/2003/auxHint"


def flat(printed: Printed) -> bytes:
    """The package of `docx.write` as one XML file."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(docx.write(printed))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and not name.startswith("["):
                text = archive.read(name).decode()
                body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
                parts.append(f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{body}</pkg:xmlData></pkg:part>')
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        f'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{"".join(parts)}</pkg:package>'
    ).encode()


def word_2003(printed: Printed) -> bytes:
    """WordprocessingML of 2003: sections around the text, merged cells, titles above the tables."""
    body = "".join(_line(block) if isinstance(block, Line) else _table(block) for block in printed.blocks)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in range(1, 5)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="{_WORD}" xmlns:wx="{_HINT}"><w:styles>{styles}</w:styles>'
        f"<w:body><wx:sect>{body}<w:sectPr/></wx:sect></w:body></w:wordDocument>"
    ).encode()


def _line(line: Line) -> str:
    if not line.level:
        return _paragraph(line.text)
    style = f'<w:pPr><w:pStyle w:val="{line.level}"/></w:pPr>'
    return f"<wx:sub-section>{_paragraph(line.text, style)}</wx:sub-section>"


def _paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _table(block: TableBlock) -> str:
    grid = block.grid
    rows = []
    for row in range(grid.height):
        cells, column = [], 0
        while column < grid.width:
            cell = grid.at(row, column)
            cells.append(_cell(cell, row))
            column += cell.colspan if cell else 1
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    columns = '<w:gridCol w:w="900"/>' * grid.width
    table = f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    return "".join(map(_paragraph, (block.title, *block.captions))) + table + "".join(map(_paragraph, block.notes))


def _cell(cell: GridCell | None, row: int) -> str:
    properties = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell and cell.colspan > 1 else ""
    if cell and cell.rowspan > 1:
        properties += '<w:vmerge w:val="restart"/>' if cell.row == row else "<w:vmerge/>"
    text = cell.text if cell and cell.row == row else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(text) if text else '<w:p/>'}</w:tc>"

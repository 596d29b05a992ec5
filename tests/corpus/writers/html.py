"""HTML pages: clean tables with spans, and the soup that Word saves."""

from __future__ import annotations

from html import escape

from tests.corpus.grid import GridCell, Line, Printed, TableBlock


def _span(cell: GridCell) -> str:
    down = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    right = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return down + right


def clean(printed: Printed) -> bytes:
    """A page with navigation around the report, headings and tables with spans; UTF-8."""
    parts = [
        '<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>',
        escape(printed.entity),
        "</title><style>td{border:1px solid}</style></head><body>",
        '<nav><ul><li><a href="/">首页</a></li><li><a href="/open">信息公开</a></li></ul></nav><main>',
    ]
    parts += [_line(block) if isinstance(block, Line) else _clean_table(block) for block in printed.blocks]
    parts.append("</main><footer><p>网站地图</p></footer><script>var a = 1 &lt; 2;</script></body></html>")
    return "".join(parts).encode()


def _line(line: Line) -> str:
    tag = f"h{line.level}" if line.level else "p"
    return f"<{tag}>{escape(line.text)}</{tag}>\n"


def _clean_table(block: TableBlock) -> str:
    head = f"<h3>{escape(block.title)}</h3>" + "".join(f"<p>{escape(text)}</p>" for text in block.captions)
    rows = [
        "<tr>" + "".join(f"<td{_span(cell)}>{escape(cell.text)}</td>" for cell in row) + "</tr>"
        for row in block.grid.by_row()
    ]
    notes = "".join(f"<p>{escape(note)}</p>" for note in block.notes)
    return f"{head}<table><tbody>{''.join(rows)}</tbody></table>{notes}\n"


def word(printed: Printed) -> bytes:
    """Saved by Word: gb2312 declared, styles and empty spans everywhere, title and captions inside the grid."""
    parts = [
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>',
        '<meta http-equiv=Content-Type content="text/html; charset=gb2312">',
        "<style><!-- p.MsoNormal {margin:0} --></style>",
        "</head><body lang=ZH-CN><div class=WordSection1>",
    ]
    parts += [_word_line(block.text) if isinstance(block, Line) else _word_table(block) for block in printed.blocks]
    parts.append("</div></body></html>")
    return "".join(parts).encode("gb18030")


def _word_line(text: str) -> str:
    return f"<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span><span>{escape(text)}</span></p>\r\n"


def _word_cell(cell: GridCell) -> str:
    text = escape(cell.text) if cell.text else "<o:p>&nbsp;</o:p>"
    return f"<td{_span(cell)} style='border:solid windowtext 1.0pt'><p class=MsoNormal><span>{text}</span></p></td>"


def _word_table(block: TableBlock) -> str:
    width = block.grid.width
    rows = [
        f"<tr><td colspan={width}><p class=MsoNormal align=center><b>{escape(text)}</b></p></td></tr>"
        for text in (block.title, *block.captions)
    ]
    rows += ["<tr>" + "".join(map(_word_cell, row)) + "</tr>" for row in block.grid.by_row()]
    rows += [f"<tr><td colspan={width}><p class=MsoNormal>{escape(note)}</p></td></tr>" for note in block.notes]
    return f"<table class=MsoNormalTable border=1 cellspacing=0>{''.join(rows)}</table>\r\n" + _word_line("")

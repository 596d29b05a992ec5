"""The writers by format id: each turns a report into the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.corpus.grid import Printed
from tests.corpus.writers import docx, html, markdown, mhtml, ofd, pdf, sheetxml, text, wordxml, xls, xlsx


@dataclass(frozen=True)
class Format:
    """A way to write: its id, the extension of the file name, the function. `paged` formats know page numbers."""

    id: str
    extension: str
    write: Callable[[Printed], bytes]
    paged: bool = False


FORMATS: tuple[Format, ...] = (
    Format("txt-tabs", "txt", text.tabs),
    Format("txt-tabs-gb", "txt", text.tabs_gb18030),
    Format("txt-cells", "txt", text.cells),
    Format("md-pipes", "md", markdown.pipes),
    Format("md-tabs", "md", markdown.tabs),
    Format("html-clean", "html", html.clean),
    Format("html-word", "html", html.word),
    Format("docx", "docx", docx.write),
    Format("docx-inside", "docx", docx.write_inside),
    Format("xlsx", "xlsx", xlsx.write),
    Format("xlsx-stacked", "xlsx", xlsx.write_stacked),
    Format("xls", "xls", xls.write),
    Format("mhtml-word", "doc", mhtml.word),
    Format("mhtml-excel", "mht", mhtml.excel),
    Format("word-xml", "doc", wordxml.flat),
    Format("word-2003", "doc", wordxml.word_2003),
    Format("xml-2003", "xls", sheetxml.write_2003),
    Format("ods", "ods", sheetxml.write_ods),
    Format("pdf-stroked", "pdf", pdf.stroked, paged=True),
    Format("pdf-word", "pdf", pdf.word_like, paged=True),
    Format("pdf-open", "pdf", pdf.open_sides, paged=True),
    Format("ofd-lines", "ofd", ofd.manner_a, paged=True),
    Format("ofd-scaled", "ofd", ofd.manner_b, paged=True),
    Format("ofd-single", "ofd", ofd.manner_c, paged=True),
)
BY_ID: dict[str, Format] = {form.id: form for form in FORMATS}

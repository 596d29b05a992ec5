"""extract: a file becomes a `Document`, what is printed and nothing more."""

from __future__ import annotations

import hashlib
from importlib import import_module

from services.extractor.bundle.faults import several_reports
from services.extractor.bundle.open import open_archive
from services.extractor.detect import ARCHIVES, detect
from services.extractor.limits import check_cells, check_output, too_deep
from services.extractor.readers.base import Reader, Reading
from services.extractor.unlock import unlocked
from shared.contracts.base import Text
from shared.contracts.document import Block, Document, Doubt, MediaType, SourceFile, Table
from shared.contracts.document import Reader as ReaderInfo
from shared.contracts.errors import Category, InvalidDocument, Phase

#: Where each reader lives. They are imported on first use: one format never pays for the libraries of another.
_READERS = {
    MediaType.TEXT: ("services.extractor.readers.text", "TextReader"),
    MediaType.HTML: ("services.extractor.readers.html", "HtmlReader"),
    MediaType.MARKDOWN: ("services.extractor.readers.markdown", "MarkdownReader"),
    MediaType.DOCX: ("services.extractor.readers.docx", "DocxReader"),
    MediaType.XLSX: ("services.extractor.readers.xlsx", "XlsxReader"),
    MediaType.XLS: ("services.extractor.readers.xls", "XlsReader"),
    MediaType.ODS: ("services.extractor.readers.ods", "OdsReader"),
    MediaType.XML_SPREADSHEET: ("services.extractor.readers.xml2003", "XmlSpreadsheetReader"),
    MediaType.DOC: ("services.extractor.readers.doc", "DocReader"),
    MediaType.RTF: ("services.extractor.readers.doc", "DocReader"),
    MediaType.ODT: ("services.extractor.readers.doc", "DocReader"),
    MediaType.WORD_XML: ("services.extractor.readers.wordxml", "WordXmlReader"),
    MediaType.MHTML: ("services.extractor.readers.mhtml", "MhtmlReader"),
    MediaType.PDF: ("services.extractor.readers.pdf", "PdfReader"),
    MediaType.PNG: ("services.extractor.readers.image", "ImageReader"),
    MediaType.JPEG: ("services.extractor.readers.image", "ImageReader"),
    MediaType.TIFF: ("services.extractor.readers.image", "ImageReader"),
    MediaType.BMP: ("services.extractor.readers.image", "ImageReader"),
    MediaType.OFD: ("services.extractor.readers.ofd", "OfdReader"),
}


def extract(source: SourceFile) -> Document:
    """Read `source` with the reader that its content asks for.

    The same bytes give the same `Document` but for `name`. Raises `InvalidDocument` with a sentence for the clerk.
    """
    media_type = detect(source)
    if media_type in ARCHIVES:
        return _extract_archive(source)
    reader = reader_for(media_type)
    try:
        reading = reader.read(unlocked(source))
    except RecursionError as error:
        raise too_deep(f"{reader.name}: {error}") from error
    if not any(_has_text(block) for block in reading.blocks):
        raise InvalidDocument(
            Category.NOTHING_FOUND,
            Phase.EXTRACT,
            Text(
                zh="文件里没有读到任何文字或表格，请确认是否选对了文件。",
                en="No text and no table was found in the file. Check that it is the right file.",
            ),
            f"{reader.name}: {len(reading.blocks)} blocks",
        )
    blocks, doubts = _renumbered(reading)
    return Document(
        document_id=hashlib.sha256(source.content).hexdigest(),
        name=source.name,
        media_type=media_type,
        size=len(source.content),
        reader=ReaderInfo(name=reader.name, version=reader.version),
        pages=reading.pages,
        blocks=blocks,
        doubts=doubts,
    )


def _extract_archive(source: SourceFile) -> Document:
    """The one report of an archive; `SEVERAL_REPORTS` where there are more."""
    found, _ = open_archive(source, extract)
    if len(found) > 1:
        raise several_reports([one.name for one in found])
    return found[0].document()


def reader_for(media_type: MediaType) -> Reader:
    """A reader for `media_type`."""
    module, name = _READERS[media_type]
    reader: Reader = getattr(import_module(module), name)()
    return reader


def _has_text(block: Block) -> bool:
    if isinstance(block, Table):
        return any(cell.text for cell in block.cells)
    return bool(block.text)


def _renumbered(reading: Reading) -> tuple[tuple[Block, ...], tuple[Doubt, ...]]:
    """Blocks and doubts with the tables numbered from 0 in reading order."""
    numbers: dict[int, int] = {}
    blocks: list[Block] = []
    positions = characters = 0
    for block in reading.blocks:
        if isinstance(block, Table):
            positions += block.rows * block.columns
            check_cells(positions)
            characters += sum([len(cell.text) for cell in block.cells])
            number = numbers.setdefault(block.index, len(numbers))
            blocks.append(block if number == block.index else block.model_copy(update={"index": number}))
        else:
            characters += len(block.text)
            blocks.append(block)
    check_output(characters, len(blocks) + len(reading.doubts))
    doubts = tuple(
        doubt if doubt.table is None else doubt.model_copy(update={"table": numbers.get(doubt.table)})
        for doubt in reading.doubts
    )
    return tuple(blocks), doubts

"""Word documents in one XML file, of 2003 and later, as DocxReader sees them."""

from __future__ import annotations

from services.extractor.office.wordxml import as_docx
from services.extractor.office.xmltext import decode_xml
from services.extractor.readers.base import Reader, Reading
from services.extractor.readers.docx import DocxReader
from shared.contracts.document import MediaType, SourceFile


class WordXmlReader(Reader):
    """Text in reading order with headings; tables with their spans."""

    name = "wordxml"
    version = "2"
    media_types = (MediaType.WORD_XML,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `NOT_READABLE`, `TOO_LARGE`."""
        data, doubts = decode_xml(source.content)
        reading = DocxReader().read(source.model_copy(update={"content": as_docx(data)}))
        return Reading(reading.blocks, doubts=(*doubts, *reading.doubts))

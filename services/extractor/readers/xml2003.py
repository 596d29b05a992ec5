"""XML spreadsheets of 2003, read as they are."""

from __future__ import annotations

from services.extractor.office.xmltext import decode_xml
from services.extractor.readers.base import Reader, Reading
from services.extractor.sheets.sheet import read_sheets
from services.extractor.sheets.xml2003 import xml_sheets
from shared.contracts.document import MediaType, SourceFile


class XmlSpreadsheetReader(Reader):
    """Every visible sheet: tables, and text where a sheet has no table."""

    name = "xml2003"
    version = "1"
    media_types = (MediaType.XML_SPREADSHEET,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `NOT_READABLE`, `TOO_LARGE`."""
        text, doubts = decode_xml(source.content)
        reading = read_sheets(xml_sheets(text))
        return Reading(reading.blocks, doubts=(*doubts, *reading.doubts))

"""ODS workbooks, read as they are."""

from __future__ import annotations

from services.extractor.limits import MAX_TEXT, check_size
from services.extractor.office.odf import refuse_password
from services.extractor.readers.base import Reader, Reading
from services.extractor.sheets.ods import ods_sheets
from services.extractor.sheets.sheet import read_sheets
from services.extractor.zipsafe import open_zip
from shared.contracts.document import MediaType, SourceFile

_CONTENT = "content.xml"


class OdsReader(Reader):
    """Every visible sheet: tables, and text where a sheet has no table."""

    name = "ods"
    version = "1"
    media_types = (MediaType.ODS,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED`, `ZIP_BOMB`, `TOO_LARGE`."""
        archive = open_zip(source.content)
        refuse_password(archive)
        data = archive.read(_CONTENT)
        check_size(len(data), 4 * MAX_TEXT)
        return read_sheets(ods_sheets(data))

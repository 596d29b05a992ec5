"""DOC and WPS, RTF and ODT: LibreOffice makes a DOCX of them, the reader of DOCX reads that."""

from __future__ import annotations

from services.extractor.office import fib
from services.extractor.office.convert import Conversion, convert
from services.extractor.office.odf import refuse_password
from services.extractor.readers.base import Reader, Reading
from services.extractor.readers.docx import DocxReader
from services.extractor.zipsafe import encrypted, open_zip
from shared.contracts.document import MediaType, SourceFile

_DOCX = ("docx", "MS Word 2007 XML")
#: The filter is named wherever the content is known: nothing else is then tried on a file that claims to be another.
_WORD_97 = Conversion("doc", "MS Word 97", *_DOCX)
_OLDER_WORD = Conversion("doc", None, *_DOCX)
_RTF = Conversion("rtf", "Rich Text Format", *_DOCX)
_ODT = Conversion("odt", "writer8", *_DOCX)


class DocReader(Reader):
    """What DocxReader sees in the converted file: text with headings, tables with their spans."""

    name = "doc"
    version = "2"
    media_types = (MediaType.DOC, MediaType.RTF, MediaType.ODT)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `ENCRYPTED` and what `convert` and `DocxReader` raise."""
        converted = convert(source.content, _conversion(source.content))
        return DocxReader().read(source.model_copy(update={"content": converted}))


def _conversion(content: bytes) -> Conversion:
    if content.startswith(b"{\\rtf"):
        return _RTF
    if content.startswith(b"PK"):
        refuse_password(open_zip(content))
        return _ODT
    if fib.is_encrypted(content):
        raise encrypted("fEncrypted in the FIB")
    return _WORD_97 if fib.is_word_97(content) else _OLDER_WORD

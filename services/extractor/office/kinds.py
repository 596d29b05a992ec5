"""Text files that are office documents in disguise: web archives, and Word and Excel in one XML file."""

from __future__ import annotations

import re

from services.extractor.office.wordxml import PACKAGE, WORD_2003
from shared.contracts.document import MediaType

_SHEETS_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_HEAD = 8192
#: Header lines of a mail or a web archive, up to one that says so.
_HEADERS = re.compile(
    r"\s*(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\n]*\n(?:[ \t]+[^\n]*\n)*)*?(?:MIME-Version|Content-Type)[ \t]*:",
    re.IGNORECASE,
)
_TYPE = re.compile(r"^Content-Type[ \t]*:\s*([A-Za-z0-9.+/-]{1,80})", re.IGNORECASE | re.MULTILINE)
_WEB_TYPES = frozenset({"multipart/related", "multipart/alternative", "text/html", "application/xhtml+xml"})
_ADDRESS = re.compile(
    r"^(?:Content-Location|Snapshot-Content-Location|X-Document-Type)[ \t]*:", re.IGNORECASE | re.MULTILINE
)


def mime_kind(sample: str) -> MediaType | None:
    """MHTML for a web archive; None for a mail and for what has no such headers (see `is_mail`)."""
    head = sample[:_HEAD].lstrip("\ufeff")
    if not _HEADERS.match(head):
        return None
    found = _TYPE.search(head)
    web = _ADDRESS.search(head) or (found is not None and found[1].lower() in _WEB_TYPES)
    return MediaType.MHTML if web else None


def is_mail(sample: str) -> bool:
    """Whether the headers are those of a mail or another message."""
    return bool(_HEADERS.match(sample[:_HEAD].lstrip("\ufeff")))


def xml_kind(sample: str) -> MediaType | None:
    """Word or Excel in one XML file, by the namespace of its root; None for other texts."""
    if "<html" in sample.lower():
        return None
    if _SHEETS_2003 in sample:
        return MediaType.XML_SPREADSHEET
    return MediaType.WORD_XML if PACKAGE in sample or WORD_2003 in sample else None

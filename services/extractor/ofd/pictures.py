"""Pictures of a page, as far as that takes no image library."""

from __future__ import annotations

from services.extractor.ofd.package import Package
from shared.contracts.errors import InvalidDocument

_JPEG, _BMP, _PNG = b"\xff\xd8\xff", b"BM", b"\x89PNG\r\n\x1a\n"
_TIFF = (b"II*\x00", b"MM\x00*")
_PNG_TYPE = 25  # where a PNG says whether its pixels have transparency of their own
_WITH_ALPHA = frozenset({4, 6})
_HEAD = 4096


def is_opaque(package: Package, part: str) -> bool:
    """Whether a picture hides what lies below it. One that is broken or of a format not known here does not."""
    try:
        head = package.read(part)[:_HEAD]
    except InvalidDocument:
        return False
    if head.startswith(_PNG) and len(head) > _PNG_TYPE:
        return head[_PNG_TYPE] not in _WITH_ALPHA and b"tRNS" not in head
    return head.startswith((_JPEG, _BMP, *_TIFF))

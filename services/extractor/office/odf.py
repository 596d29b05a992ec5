"""OpenDocument packages: what they are, and whether they have a password."""

from __future__ import annotations

from services.extractor.zipsafe import SafeZip, encrypted
from shared.contracts.document import MediaType

_MANIFEST = "META-INF/manifest.xml"
_KINDS = {
    b"application/vnd.oasis.opendocument.text": MediaType.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": MediaType.ODS,
}
_TEMPLATE = b"-template"


def odf_kind(archive: SafeZip) -> MediaType | None:
    """Text or workbook, by the member `mimetype`; None for drawings, presentations and what is no OpenDocument."""
    if "mimetype" not in archive or "content.xml" not in archive:
        return None
    return _KINDS.get(archive.read("mimetype").strip().removesuffix(_TEMPLATE))


def refuse_password(archive: SafeZip) -> None:
    """Raise `ENCRYPTED` if the manifest says that members are encrypted."""
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise encrypted("encryption-data in the manifest")

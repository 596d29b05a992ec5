"""ZIP-based files that come out the same byte for byte every time."""

from __future__ import annotations

import io
import re
import zipfile

_EPOCH = (2025, 8, 20, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def repack(content: bytes) -> bytes:
    """The same archive with one fixed date on every member and in the core properties, members in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>2025-08-20T00:00:00Z\g<2>", data)
            info = zipfile.ZipInfo(member.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return buffer.getvalue()

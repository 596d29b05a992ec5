"""The reports of an archive as files of their own, for the bucket: the same archive always gives the same bytes."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from services.extractor.bundle.open import Found
from shared.contracts.errors import InvalidDocument
from shared.contracts.members import INSIDE, prefix_of

_LONGEST_KEY = 1000
_LONGEST_PART, _LONGEST_SUFFIX = 200, 8
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Child:
    """One report of an archive: a name within it, and the file as it was or a ZIP of several; `error` if unreadable."""

    name: str
    content: bytes = field(default=b"", repr=False)
    error: InvalidDocument | None = None


def child_of(found: Found) -> Child:
    """What is put into the bucket for one result of an archive."""
    if len(found.members) > 1:
        content = packed([(member.path, member.content) for member in found.members])
        return Child(f"{found.name}.zip", content)
    (member,) = found.members
    return Child(member.path, member.content, member.error)


def child_key(archive: str, name: str) -> str:
    """The key of a report of the archive with the key `archive`, within the limits of every store."""
    parts = [_short(_UNPRINTABLE.sub("_", part)) for part in name.split("/")]
    key = prefix_of(archive) + "/".join(parts)
    if len(key.encode()) <= _LONGEST_KEY:
        return key
    short = _digest(name) + PurePosixPath(name).suffix[:_LONGEST_SUFFIX]
    key = prefix_of(archive) + short
    if len(key.encode()) <= _LONGEST_KEY:
        return key
    owner = "/".join(archive.split("/", 2)[:2])  # tenant and batch
    return f"{owner}/{_digest(archive)}{INSIDE}{short}"


def packed(files: list[tuple[str, bytes]]) -> bytes:
    """A ZIP that depends on nothing but names and contents."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content)
    return buffer.getvalue()


def _short(part: str) -> str:
    """`part` of a path, shortened where a file system could not hold it; its end, which tells the format, is kept."""
    if len(part.encode()) <= _LONGEST_PART:
        return part
    return f"{_digest(part)}{part[-40:]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""The parts of a web archive (MHTML, RFC 2557): headers, transfer encoding, and how parts refer to each other.

Parts are cut at the lines of their boundary, once for each level of nesting, so the cost is that of reading the file;
a boundary that never comes again ends with the file.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from urllib.parse import unquote

#: Parts of an archive. A saved page with its pictures has fewer than 500.
MAX_PARTS = 10_000
_DEEPEST = 5
_MOST_HEADERS = 64 * 1024
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True)
class WebPart:
    """One file of the archive. `location` is its address without the fragment, `content_id` that of `cid:`."""

    media_type: str
    charset: str | None
    location: str
    content_id: str
    body: bytes


@dataclass(frozen=True)
class WebArchive:
    """All parts in order, nested ones where they stand; of a file without parts itself. `whole`: nothing is cut off."""

    parts: list[WebPart]
    whole: bool


def web_archive(content: bytes) -> WebArchive:
    """The parts of `content`, `MAX_PARTS` at most."""
    found: list[WebPart] = []
    walk = _Walk()
    for part in walk.parts(content.lstrip(b"\r\n\t \xef\xbb\xbf"), 0):
        found.append(part)
        if len(found) >= MAX_PARTS:
            return WebArchive(found, whole=False)
    return WebArchive(found, walk.whole)


def refers(reference: str, part: WebPart) -> bool:
    """Whether `reference` (a src or href of another part) names `part`: by its id, its address or its file name."""
    wanted = reference.partition("#")[0].strip()
    if wanted.lower().startswith("cid:"):
        return bool(part.content_id) and unquote(wanted[4:]) == part.content_id
    if not wanted or not part.location:
        return False
    have, want = (unquote(address).replace("\\", "/").lower() for address in (part.location, wanted))
    return have == want or have.rsplit("/", 1)[-1] == want.rsplit("/", 1)[-1]


class _Walk:
    """One pass over an archive; `whole` is False once something had no end."""

    def __init__(self) -> None:
        self.whole = True

    def parts(self, content: bytes, depth: int) -> Iterator[WebPart]:
        blank = _BLANK_LINE.search(content[:_MOST_HEADERS])
        head, body = (content[: blank.end()], content[blank.end() :]) if blank else (content[:_MOST_HEADERS], b"")
        message = BytesHeaderParser(policy=compat32).parsebytes(head)
        boundary = message.get_boundary()
        if message.get_content_maintype() == "multipart" and boundary and depth < _DEEPEST:
            for piece in self._pieces(body, boundary.encode("ascii", errors="replace")):
                yield from self.parts(piece, depth + 1)
            return
        yield WebPart(
            media_type=message.get_content_type(),
            charset=message.get_content_charset(),
            location=_header(message, "Content-Location").partition("#")[0],
            content_id=_header(message, "Content-ID").strip("<>"),
            body=self._decoded(body, _header(message, "Content-Transfer-Encoding").lower()),
        )

    def _pieces(self, body: bytes, boundary: bytes) -> Iterator[bytes]:
        """What stands between the lines of `boundary`, up to the closing one or the end of the file."""
        lines = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|$)")
        start: int | None = None
        for line in lines.finditer(body):
            if start is not None:
                yield body[start : line.start()].lstrip(b"\r\n")
            start = line.end()
            if line[1]:
                return
        self.whole = False
        if start is not None:
            yield body[start:].lstrip(b"\r\n")

    def _decoded(self, body: bytes, encoding: str) -> bytes:
        if encoding == "quoted-printable":
            return quopri.decodestring(body)
        if encoding != "base64":
            return body
        packed = b"".join(body.split())
        try:
            return base64.b64decode(packed, validate=True)
        except binascii.Error:  # cut off or damaged: what can be had, and a word about it
            self.whole = False
            sound = _NOT_BASE64.sub(b"", packed)
            return base64.b64decode(sound[: len(sound) // 4 * 4])


def _header(message: Message, name: str) -> str:
    return "".join(str(message.get(name, "")).split())

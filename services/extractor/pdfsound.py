"""Whether a PDF is as it was written: PDFium repairs what it can and leaves out the rest without a word.

Two things tell. The end of the file says where the table of objects is: bytes lost or added before it have moved it.
And a packed stream carries a checksum: bytes changed within it break that.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode

_START = re.compile(rb"startxref\s+(\d{1,12})")
_TABLE = re.compile(rb"\s{0,4}(?:xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)")
_SECTION = re.compile(rb"\s{0,4}(\d{1,9})[ \t]+(\d{1,9})[ \t]*\r?\n")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_OBJECT = re.compile(rb"\s{0,4}(\d{1,10})\s+\d{1,5}\s+obj\b")
_LOOKED_AT = 100  # entries of one section of the table
_STREAM = re.compile(rb">>\s{0,4}stream\r?\n")
#: What unpacks the bytes of the file is the first filter; streams that begin with another are not looked into.
_FLATE = re.compile(rb"/F(?:ilter)?\s*\[?\s*/(?:FlateDecode|Fl)\b")
#: Pictures and fonts are large, and no words are lost with them.
_NO_WORDS = re.compile(rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)|/Length1\b")
_TAIL = 2048
_LONGEST = 4096  # the entries of an object before its stream
_PIECE, _MOST = 1 << 20, 64 << 20  # bytes unpacked at once, and of one stream


@dataclass(frozen=True)
class Faults:
    """`moved`: the table of objects is not where the file says; `streams`: so many packed streams do not unpack."""

    moved: bool
    streams: int


def faults(content: bytes) -> Faults:
    """What is wrong with the PDF `content`; costs a hundredth of reading it."""
    return Faults(_moved(content), 0 if b"/Encrypt" in content else sum(_broken(content)))


def damage_doubts(content: bytes) -> list[Doubt]:
    """The doubts that a damaged file is read with; none for a sound one."""
    found = faults(content)
    doubts = []
    if found.moved:
        doubts.append(
            _doubt(
                "PDF 文件的目录与内容对不上（文件可能被改动或损坏），读到的内容可能不全",
                "The table of the PDF does not match its content (it was changed or damaged); some may be missing",
            )
        )
    if found.streams:
        doubts.append(
            _doubt(
                f"PDF 文件有 {found.streams} 处压缩内容已损坏，读到的内容可能不全",
                f"{found.streams} packed parts of the PDF are damaged; some of its content may be missing",
            )
        )
    return doubts


def _moved(content: bytes) -> bool:
    found = list(_START.finditer(content, max(0, len(content) - _TAIL)))
    if not found:
        return True
    place, head = int(found[-1][1]), max(0, content.find(b"%PDF-", 0, 1024))
    for shift in (0, head):
        if table := _TABLE.match(content, place + shift):
            entries = _entries(content, table.end())
            return not all(_is_object(content, number, start + shift) for number, start in entries)
    return True


def _entries(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Number and place of objects in a table that is printed; a packed one is not looked into."""
    section = _SECTION.match(content, start)
    while section:
        first, count = int(section[1]), int(section[2])
        for row in range(0, count, count // _LOOKED_AT + 1):
            entry = _ENTRY.match(content, section.end() + 20 * row)
            if entry and int(entry[1]):
                yield first + row, int(entry[1])
        section = _SECTION.match(content, section.end() + 20 * count)


def _is_object(content: bytes, number: int, start: int) -> bool:
    found = _OBJECT.match(content, start)
    return found is not None and int(found[1]) == number


def _broken(content: bytes) -> Iterator[bool]:
    place = 0
    while found := _STREAM.search(content, place):
        start, end = found.end(), content.find(b"endstream", found.end())
        place = end if end >= 0 else len(content)
        entries = content[max(0, content.rfind(b"obj", max(0, start - _LONGEST), start)) : start]
        if _FLATE.search(entries) and not _NO_WORDS.search(entries):
            yield _is_broken(content[start:place])


def _is_broken(data: bytes) -> bool:
    unpacker = zlib.decompressobj()
    try:
        size = len(unpacker.decompress(data, _PIECE))
        while unpacker.unconsumed_tail and size < _MOST:
            size += len(unpacker.decompress(unpacker.unconsumed_tail, _PIECE))
    except zlib.error:
        return True
    return size == 0 and not unpacker.eof


def _doubt(zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en))

"""Drawings within drawings of a PDF: PDFium unfolds them all when it loads a page, and nothing can stop it then.

Ten levels of ten calls each are two kilobytes and ten thousand million drawings. So how often each form would be drawn
is counted before, and how often a page repeats a piece of its content. What cannot be told cheaply (resources in packed
objects, rare filters) counts as nothing: the limit on the time of a document is behind this.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

#: Drawings that one call of a form may unfold to. Seals and letterheads have a dozen.
MAX_DRAWINGS = 100_000
#: Pieces of the content of a page that it has had already. Some programs begin and end every page with the same piece.
MAX_REPEATED = 100
_MAX_FORMS = 20_000  # looked at in one file
_REACH = 4096  # bytes of the entries of an object
_MAX_CONTENT = 8 << 20  # bytes of the content of a form that are looked at
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_NUMBER = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+$")
_STREAM = re.compile(rb"\bstream\r?\n")
_INDIRECT = re.compile(rb"/(?:Resources|XObject)\s+(\d{1,10})\s+\d{1,5}\s+R\b")
_NAMED = re.compile(rb"/([^\s/<>\[\]()%]{1,127})\s+(\d{1,10})\s+\d{1,5}\s+R\b")
_SHORT = 6 * MAX_REPEATED  # bytes of a list that cannot have as many
_CONTENTS = re.compile(rb"/Contents\s*\[")
_CONTENTS_APART = re.compile(rb"/Contents\s+(\d{1,10})\s")
_ARRAY = re.compile(rb"obj\s*\[")
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
_CALL = re.compile(rb"/([^\s/<>\[\]()%]{1,127})\s+Do\b")
_FLATE = re.compile(rb"/F(?:ilter)?\s*\[?\s*/(?:FlateDecode|Fl)\b")

#: Number of a form -> (its entries, where its content begins).
_Forms = dict[int, tuple[bytes, int]]


def check_forms(content: bytes) -> None:
    """Raise `TOO_LARGE` if the PDF `content` holds little and would unfold to more than any page has.

    That is a form drawn as more than `MAX_DRAWINGS` others, or a page with more than `MAX_REPEATED` pieces that it has
    had already.
    """
    _check_repeats(content)
    forms = _forms(content)
    if len(forms) < 2:  # noqa: PLR2004
        return
    children = {number: _children(content, forms, number) for number in forms}
    inner = {number for found in children.values() for number in found}
    if not inner:
        return
    most = _most(children)
    if most > MAX_DRAWINGS:
        raise _swelling(f"{most:.0e} drawings" if most < float("inf") else "endless drawings")


def _swelling(detail: str) -> InvalidDocument:
    return InvalidDocument(
        Category.TOO_LARGE,
        Phase.EXTRACT,
        Text(
            zh="PDF 中的图形互相嵌套或被反复引用，展开后数量异常多，无法读取。请从原文件重新导出 PDF。",
            en="Drawings of the PDF lie within each other or are repeated, and unfold to more than any page has. "
            "Export the PDF anew from the original file.",
        ),
        detail,
    )


def _check_repeats(content: bytes) -> None:
    apart = set(_CONTENTS_APART.findall(content))
    for opening in (_CONTENTS, _ARRAY) if apart else (_CONTENTS,):
        place = 0
        while found := opening.search(content, place):
            place = content.find(b"]", found.end())
            if place < 0:
                break
            if place - found.end() <= _SHORT or (opening is _ARRAY and _number(content, found.start()) not in apart):
                continue
            pieces = _REFERENCE.findall(content, found.end(), place)
            if len(pieces) - len(set(pieces)) > MAX_REPEATED:
                raise _swelling(f"{len(pieces)} pieces, {len(set(pieces))} different ones")


def _number(content: bytes, place: int) -> bytes:
    """The number of the object whose "obj" stands at `place`."""
    number = _NUMBER.search(content, max(0, place - 24), place)
    return number[1] if number else b""


def _forms(content: bytes) -> _Forms:
    forms: _Forms = {}
    for found in _FORM.finditer(content):
        start = content.rfind(b"obj", max(0, found.start() - _REACH), found.start())
        number = _number(content, start) if start >= 0 else b""
        stream = _STREAM.search(content, found.end(), found.end() + _REACH)
        if number and stream:
            forms[int(number)] = content[start : stream.start()], stream.end()
        if len(forms) > _MAX_FORMS:
            return {}
    return forms


def _children(content: bytes, forms: _Forms, number: int) -> Counter[int]:
    """The forms that form `number` calls, and how often."""
    entries, start = forms[number]
    if b"/XObject" not in entries and not _INDIRECT.search(entries):
        return Counter()
    named = {name: child for name, child in _named(content, entries, depth=2).items() if child in forms}
    if not named:
        return Counter()
    calls = Counter(found[1] for found in _CALL.finditer(_content(content, entries, start)))
    return Counter({child: calls[name] for name, child in named.items() if calls[name]})


def _named(content: bytes, entries: bytes, depth: int) -> dict[bytes, int]:
    """Names and numbers of the objects that `entries` refer to, those of resources kept elsewhere too."""
    named = {found[1]: int(found[2]) for found in _NAMED.finditer(entries)}
    for found in _INDIRECT.finditer(entries) if depth else ():
        place = content.rfind(b"\n%s 0 obj" % found[1])
        if place >= 0:
            end = content.find(b"endobj", place, place + _REACH)
            named |= _named(content, content[place : end if end >= 0 else place + _REACH], depth - 1)
    return named


def _content(content: bytes, entries: bytes, start: int) -> bytes:
    end = content.find(b"endstream", start)
    data = content[start : end if end >= 0 else len(content)]
    if not _FLATE.search(entries):
        return data[:_MAX_CONTENT]
    try:
        return zlib.decompressobj().decompress(data, _MAX_CONTENT)
    except zlib.error:
        return b""


def _most(children: Mapping[int, Counter[int]]) -> float:
    """How many drawings the form that unfolds to the most unfolds to. One within itself is drawn no second time."""
    known: dict[int, float] = {}
    for first in children:
        stack, open_ = [first], set[int]()
        while stack:
            form = stack[-1]
            waiting = [child for child in children[form] if child not in known and child not in open_]
            if form not in known and waiting and form not in open_:
                open_.add(form)
                stack += waiting
                continue
            stack.pop()
            open_.discard(form)
            if form not in known:
                known[form] = 1.0 + sum(times * known.get(child, 1.0) for child, times in children[form].items())
    return max(known.values(), default=0.0)

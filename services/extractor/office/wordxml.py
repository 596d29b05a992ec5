"""Word documents that are one XML file: the package as XML ("flat OPC"), and WordprocessingML of 2003.

Systems that fill templates hand these out under the name .doc. Both become the package that a DOCX is; what changed
its name between 2003 and ECMA-376 gets the new one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree  # type: ignore[import-untyped]

from services.extractor.word.xml import Element, attribute, local
from services.extractor.zipsafe import damaged, parse_xml

PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"
WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_W = f"{{{WORD_2003}}}"
_HINT = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_ANNOTATIONS = "{http://schemas.microsoft.com/aml/2001/core}"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: Pictures and objects as base64, which no reader of text needs and the parser of XML would refuse for their length.
_BINARY = re.compile(rb"(<(w:binData|pkg:binaryData)\b[^>]*>)[^<]*(?=</\2>)")
_RENAMED = {"vmerge": "vMerge", "hmerge": "hMerge"}
_FLOW = frozenset({"body", "p", "r", "tbl", "tr", "tc", "hyperlink", "txbxContent", "fldSimple", "footnote", "endnote"})
_PRINTED = frozenset({"p", "r", "t", "tbl", "tr", "tc", "hyperlink", "fldSimple"})
_NOTES = frozenset({"footnote", "endnote"})


def as_docx(data: bytes) -> bytes:
    """A DOCX with the text, styles, notes and tables of `data` (UTF-8); raises `DAMAGED`."""
    root = parse_xml(_BINARY.sub(rb"\1", data))
    if root.tag == f"{{{PACKAGE}}}package":
        return _zipped(dict(_package(root)))
    if root.tag == f"{_W}wordDocument":
        return _zipped(dict(_word_2003(root)))
    raise damaged(f"root element {root.tag}")


def _package(root: Element) -> Iterator[tuple[str, bytes]]:
    for part in root.iterchildren(f"{{{PACKAGE}}}part"):
        data = part.find(f"{{{PACKAGE}}}xmlData")
        if data is not None and len(data):
            yield part.get(f"{{{PACKAGE}}}name", "").lstrip("/"), etree.tostring(data[0], encoding="utf-8")


def _word_2003(root: Element) -> Iterator[tuple[str, bytes]]:
    body = root.find(f"{_W}body")
    if body is None:
        raise damaged("wordDocument without a body")
    _settle_changes(body)
    _unwrap(body)
    for element in list(body.iter(*(f"{_W}{name}" for name in _RENAMED))):
        element.tag = f"{_W}{_RENAMED[local(element)]}"
    for paragraph in body.iter(f"{_W}p"):
        _print_label(paragraph)
    for note in [note for note in body.iter(*(f"{_W}{name}" for name in _NOTES)) if len(note)]:
        body.extend(list(note))
    yield "word/document.xml", etree.tostring(root, encoding="utf-8")
    relations = ""
    styles = root.find(f"{_W}styles")
    if styles is not None:
        yield "word/styles.xml", etree.tostring(styles, encoding="utf-8")
        relations = f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    yield (
        "word/_rels/document.xml.rels",
        f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'.encode(),
    )


def _settle_changes(body: Element) -> None:
    """Tracked deletions go; what was inserted stays, and `_unwrap` takes it out of its frame."""
    for change in list(body.iter(f"{_ANNOTATIONS}annotation")):
        kind = attribute_of(change, f"{_W}type")
        if kind in {"Word.Deletion", "Word.Comment"} and change.getparent() is not None:
            row = change.getparent().getparent()
            if local(change.getparent()) == "trPr" and row is not None and row.getparent() is not None:
                row.getparent().remove(row)
            else:
                _remove(change)


def _unwrap(body: Element) -> None:
    """Take sections, smart tags, annotations and custom elements away around what is printed."""
    for element in list(body.iter()):
        parent = element.getparent()
        if element is body or parent is None or element.tag.startswith(_W) or local(parent) not in _FLOW:
            continue
        if any(local(inner) in _PRINTED and inner.tag.startswith(_W) for inner in element.iter()):
            place = parent.index(element)
            # A frame in a frame is left to its own turn: its parent is now one of the flow.
            parent[place : place + 1] = list(element)


def _print_label(paragraph: Element) -> None:
    """The number of a list item, which 2003 wrote beside the list, as text before the paragraph."""
    label = next(iter(paragraph.iterfind(f"{_W}pPr/{_W}listPr/{_HINT}t")), None)
    words = "" if label is None else attribute_of(label, f"{_HINT}val") or ""
    if any(character.isalnum() for character in words):
        run = etree.Element(f"{_W}r")
        etree.SubElement(run, f"{_W}t").text = words.strip() + (" " if words.strip()[-1].isalnum() else "")
        paragraph.insert(1, run)


def attribute_of(element: Element, name: str) -> str | None:
    """The attribute with this full name; like `attribute`, for names from another namespace than the element."""
    value = element.get(name)
    return attribute(element, name.rpartition("}")[2]) if value is None else str(value)


def _remove(element: Element) -> None:
    """Take an element out; text that follows it in the source is white space between elements."""
    element.getparent().remove(element)


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()

"""Parts and relationships of an Office Open XML package (ECMA-376 part 2), transitional or strict."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from services.extractor.zipsafe import XML_OPTIONS, SafeZip, damaged, parse_xml, refuse_dtd


def main_part(archive: SafeZip, default: str) -> str:
    """The name of the main part: what `_rels/.rels` calls officeDocument, else `default`; raises `DAMAGED`."""
    targets = relationships(archive, "")
    name = next(
        (target for kind, target in targets.values() if kind == "officeDocument" and target in archive), default
    )
    if name not in archive:
        raise damaged(f"no main part {default}")
    return name


def relationships(archive: SafeZip, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> (last word of its type, name of the target part) of `part` ("" is the package itself)."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in archive:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for relation in parse_xml(archive.read(rels)).iterfind("{*}Relationship"):
        if relation.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        found[relation.get("Id", "")] = (kind, target.lstrip("/"))
    return found


def related(archive: SafeZip, part: str, kind: str) -> str | None:
    """The name of the part that `part` has as its `kind` ("styles", "sharedStrings"), if it is there."""
    targets = relationships(archive, part).values()
    return next((target for found, target in targets if found == kind and target in archive), None)


def relation_id(element: Any) -> str:
    """The `r:id` of an element, whatever namespace the relationship attribute has."""
    return next((str(value) for name, value in element.items() if name.endswith("relationships}id")), "")


def stream(data: bytes, *tags: str) -> Iterator[Any]:
    """The elements with these local names as they end, each emptied after use: memory does not grow with the part."""
    try:
        walk = etree.iterparse(BytesIO(data), events=("end",), tag=[f"{{*}}{tag}" for tag in tags], **XML_OPTIONS)
        first = True
        for _, element in walk:
            if first:
                refuse_dtd(element)
                first = False
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise damaged(str(fault)) from fault

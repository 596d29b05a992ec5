"""From the entry of an OFD to its pages, one after the other: bodies, versions, templates, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.extractor.ofd.package import ENTRY, Package, folder_of
from services.extractor.ofd.page import Sheet
from services.extractor.ofd.resources import Resources, resource_files
from services.extractor.ofd.values import box, child, children, descendants, flag, local, words
from services.extractor.zipsafe import damaged, encrypted
from shared.contracts.errors import Category, InvalidDocument

#: What tells the size of a page, the best first.
_BOXES = ("PhysicalBox", "ApplicationBox", "ContentBox")
#: A4 in mm: the page of a document that gives no size.
_A4 = (210.0, 297.0)
#: Sides of a page in mm: a thumbnail and a poster of 30 m.
_SMALLEST, _LARGEST = 1.0, 30_000.0


@dataclass(frozen=True)
class Place:
    """A page as its document names it: where it is (None: a part that is not there)."""

    part: str | None
    document: _Document


@dataclass
class _Document:
    """A document body: its folder, the size of its pages in mm, resources; templates and their order by identifier."""

    folder: str
    size: tuple[float, float]
    templates: dict[str, str]
    orders: dict[str, str]
    resources: Resources
    _roots: dict[str, Any] = field(default_factory=dict)

    def template(self, package: Package, key: str) -> Any | None:
        """The root of template `key`, None if there is none; raises `DAMAGED`."""
        part = self.templates.get(key)
        if part is None:
            return None
        if part not in self._roots:
            self._roots[part] = package.xml(part)
        return self._roots[part]


class PageError(Exception):
    """A page that cannot be read."""


def places_of(package: Package) -> list[Place]:
    """The pages of all documents of a package in order. Raises `DAMAGED` or `ENCRYPTED`."""
    try:
        entry = package.xml(ENTRY)
    except InvalidDocument as error:
        raise _explained(package, error) from error
    places: list[Place] = []
    for body in descendants(entry, "DocBody"):
        for location in _roots(package, body):
            part = package.locate(location, "")
            if part is None:
                raise _explained(package, damaged(f"no document {location!r}"))
            try:
                places.extend(_document(package, part))
            except InvalidDocument as error:
                raise _explained(package, error) from error
            break
    return places


def sheet_of(package: Package, place: Place, number: int) -> Sheet:
    """Page `number` (1-based), parsed. Raises `PageError` if it is broken, `ENCRYPTED` or `ZIP_BOMB`."""
    document = place.document
    try:
        if place.part is None:
            raise damaged(f"page {number} is missing")
        root = package.xml(place.part)
        below, above = _templates(package, document, root)
    except InvalidDocument as error:
        if error.category is not Category.DAMAGED:
            raise
        if is_encrypted(package):
            raise _explained(package, error) from error
        raise PageError(error.detail) from error
    width, height = _size(child(root, "Area")) or next(
        (size for template in (*below, *above) if (size := _size(child(template, "Area")))), document.size
    )
    resources = document.resources
    for location in (words(found) for found in children(root, "PageRes")):
        part = package.locate(location, folder_of(place.part), document.folder)
        if part is not None:
            resources.add(part)
    return Sheet(number, width, height, (*below, root, *above), resources)


def _templates(package: Package, document: _Document, root: Any) -> tuple[list[Any], list[Any]]:
    """The templates of a page that lie below what it shows itself, and those that lie upon it; raises `DAMAGED`."""
    below: list[Any] = []
    above: list[Any] = []
    for named in children(root, "Template"):
        key = named.get("TemplateID") or ""
        found = document.template(package, key)
        if found is not None:
            order = named.get("ZOrder") or document.orders.get(key)
            (above if order == "Foreground" else below).append(found)
    return below, above


def is_encrypted(package: Package) -> bool:
    """Whether parts of the package are encrypted (GM/T 0099): it lists them, or the entry names such a list."""
    if any(name.endswith(("encryptions.xml", "encryptentries.xml", "decryptseed.dat")) for name in package.names):
        return True
    try:
        entry = package.xml(ENTRY)
    except InvalidDocument:
        return False
    return any(local(element) in ("Encryptions", "Encryption", "EncryptEntries") for element in entry.iter())


def _explained(package: Package, error: InvalidDocument) -> InvalidDocument:
    """The reason that a clerk needs to know: a package that cannot be read because it is encrypted."""
    if error.category is Category.DAMAGED and is_encrypted(package):
        return encrypted(f"OFD: {error.detail}")
    return error


def _roots(package: Package, body: Any) -> Iterator[str]:
    """Locations of the document of a body: that of its current version first, if that can be read."""
    for version in descendants(body, "Version"):
        part = package.locate(version.get("BaseLoc") or words(version), "")
        if part is None or not flag(version.get("Current"), default=False):
            continue
        with suppress(InvalidDocument):
            for root in descendants(package.xml(part), "DocRoot"):
                found = package.locate(words(root), folder_of(part))
                if found is not None:
                    yield found
    yield words(child(body, "DocRoot"))


def _document(package: Package, part: str) -> list[Place]:
    root = package.xml(part)
    folder = folder_of(part)
    common = child(root, "CommonData")
    resources = Resources(package)
    for location in resource_files(common, root):
        found = package.locate(location, folder)
        if found is not None:
            resources.add(found)
    templates = {
        template.get("ID") or "": found
        for template in descendants(root, "TemplatePage")
        if (found := package.locate(_location(template), folder))
    }
    orders = {template.get("ID") or "": template.get("ZOrder") or "" for template in descendants(root, "TemplatePage")}
    size = _size(child(common, "PageArea")) if common is not None else None
    document = _Document(folder, size or _A4, templates, orders, resources)
    pages = child(root, "Pages")
    if pages is None:
        raise damaged(f"no pages in {part}")
    return [Place(package.locate(_location(page), folder), document) for page in children(pages, "Page")]


def _location(element: Any) -> str:
    return element.get("BaseLoc") or words(child(element, "BaseLoc")) or ""


def _size(area: Any | None) -> tuple[float, float] | None:
    """Width and height (mm) of a page area: its physical box, from whose corner all places are told."""
    if area is None:
        return None
    for name in _BOXES:
        found = box(words(child(area, name)))
        if found is not None:
            width, height = found[2] - found[0], found[3] - found[1]
            if min(width, height) >= _SMALLEST and max(width, height) <= _LARGEST:
                return width, height
    return None

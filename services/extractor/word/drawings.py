"""What is drawn in a Word document and holds more than lines: objects of other programs, and pictures like pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.extractor.package import relation_id
from services.extractor.word.xml import Element

#: A picture over so much of an A4 page (square points) is more than a seal, a logo or a chart of an office.
_LARGE = 0.4 * 595 * 842
#: Sides of a picture (points) that may hold a table, as on pages of PDF.
_WIDE, _HIGH = 150.0, 50.0
_WHOLE = (0.0, 0.0, 0.0, 0.0)
_EMU = 12_700
_EQUATION = "equation"
_SIZE = re.compile(r"(width|height)\s*:\s*([0-9.]+)(pt|in|cm|mm|px)?", re.IGNORECASE)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 1.0}


@dataclass(frozen=True)
class Picture:
    """A bitmap: the relationship that leads to its file, width and height in points as printed.

    `cut` are the shares of it that are cut off: left, top, right, bottom.
    """

    relation: str
    width: float
    height: float
    cut: tuple[float, ...] = _WHOLE

    @property
    def covers_page(self) -> bool:
        """Whether it fills much of a page."""
        return self.width * self.height >= _LARGE

    @property
    def may_hold_table(self) -> bool:
        """Whether a table could be read in it."""
        return self.width >= _WIDE and self.height >= _HIGH


def is_embedded(drawing: Element) -> bool:
    """Whether this is an object of another program, a sheet of Excel for example, of which only a picture is shown."""
    return any(
        entry.get("Type", "Embed") == "Embed" and _EQUATION not in entry.get("ProgID", "").lower()
        for entry in drawing.iter("{*}OLEObject")
    )


def pictures_in(drawing: Element) -> Iterator[Picture]:
    """The bitmaps of a drawing that is no embedded object, in DrawingML and in the older VML."""
    if next(drawing.iter("{*}OLEObject"), None) is not None:
        return
    for frame in drawing.iter("{*}inline", "{*}anchor"):
        extent = frame.find("{*}extent")
        blips = list(frame.iter("{*}blip"))
        if extent is not None:
            for blip in blips:
                own = _extent_of(blip) if len(blips) > 1 else None
                yield _drawn(blip, extent if own is None else own)
    for shape in drawing.iter("{*}shape", "{*}rect"):
        data = shape.find("{*}imagedata")
        if data is not None:
            sizes = {
                name.lower(): float(size) * _POINTS[(unit or "").lower()]
                for name, size, unit in _SIZE.findall(shape.get("style") or "")
                if size.count(".") < 2 and size != "."  # noqa: PLR2004
            }
            yield Picture(relation_id(data), sizes.get("width", 0.0), sizes.get("height", 0.0))


def _drawn(blip: Element, extent: Element) -> Picture:
    embedded = next((str(value) for name, value in blip.items() if name.endswith("relationships}embed")), "")
    cut = next(blip.itersiblings("{*}srcRect"), None)
    sides = tuple(_share(cut.get(side)) for side in "ltrb") if cut is not None else _WHOLE
    return Picture(embedded, _number(extent.get("cx")) / _EMU, _number(extent.get("cy")) / _EMU, sides)


def _extent_of(blip: Element) -> Element | None:
    """The size of one of several pictures in a group."""
    picture = next(blip.iterancestors("{*}pic"), None)
    return None if picture is None else picture.find("{*}spPr/{*}xfrm/{*}ext")


def _share(text: str | None) -> float:
    """Thousandths of a percent as a share; less than nothing, which widens the frame, cuts nothing off."""
    return min(_number(text) / 100_000, 1.0)


def _number(text: str | None) -> float:
    return float(text) if text is not None and text.isdigit() else 0.0

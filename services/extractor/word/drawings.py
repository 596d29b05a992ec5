"""What is drawn in a Word document and holds more than lines: objects of other programs, and pictures like pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.extractor.word.xml import Element

#: A picture over so much of an A4 page (square points) is more than a seal, a logo or a chart of an office.
_LARGE = 0.4 * 595 * 842
_EMU = 12_700
_EQUATION = "equation"
_SIZE = re.compile(r"(width|height)\s*:\s*([0-9.]+)(pt|in|cm|mm|px)?", re.IGNORECASE)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 1.0}


def is_embedded(drawing: Element) -> bool:
    """Whether this is an object of another program, a sheet of Excel for example, of which only a picture is shown."""
    return any(
        entry.get("Type", "Embed") == "Embed" and _EQUATION not in entry.get("ProgID", "").lower()
        for entry in drawing.iter("{*}OLEObject")
    )


def covers_page(drawing: Element) -> bool:
    """Whether a picture that is no embedded object fills much of a page."""
    if next(drawing.iter("{*}OLEObject"), None) is not None:
        return False
    return any(width * height >= _LARGE for width, height in _pictures(drawing))


def _pictures(drawing: Element) -> Iterator[tuple[float, float]]:
    """Width and height in points of the bitmaps, in DrawingML and in the older VML."""
    for frame in drawing.iter("{*}inline", "{*}anchor"):
        extent = frame.find("{*}extent")
        if extent is not None and next(frame.iter("{*}blip"), None) is not None:
            yield _number(extent.get("cx")) / _EMU, _number(extent.get("cy")) / _EMU
    for shape in drawing.iter("{*}shape", "{*}rect"):
        if shape.find("{*}imagedata") is not None:
            sizes = {
                name.lower(): float(size) * _POINTS[(unit or "").lower()]
                for name, size, unit in _SIZE.findall(shape.get("style") or "")
                if size.count(".") < 2 and size != "."  # noqa: PLR2004
            }
            yield sizes.get("width", 0.0), sizes.get("height", 0.0)


def _number(text: str | None) -> float:
    return float(text) if text is not None and text.isdigit() else 0.0

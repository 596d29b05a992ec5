"""What can be seen on white paper: colours and drawing parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from services.extractor.ofd.values import local, number, numbers

#: The stroke width where none is given: 1 point in mm (GB/T 33190, 8.2).
LINE_WIDTH = 0.353
_WHITE = 250
_CMYK = 4
_HEX = re.compile(r"#([0-9A-Fa-f]{1,8})")
_PATTERNS = frozenset({"Pattern", "AxialShd", "RadialShd", "GouraudShd", "LaGourandShd", "LaGouraudShd"})


class Colour(NamedTuple):
    """Whether a colour covers anything, whether it is seen on white paper, how light it is (0 black, 255 white)."""

    opaque: bool
    seen: bool
    level: int = 0


#: FillColor or StrokeColor, and the colour that it gives.
Colours = tuple[tuple[str, Colour], ...]
COLOURS = frozenset({"FillColor", "StrokeColor"})
#: The colour of what says nothing of colour.
BLACK = Colour(opaque=True, seen=True)


@dataclass(frozen=True)
class Paint:
    """Drawing parameters; None where they are not given."""

    line_width: float | None = None
    fill: Colour | None = None
    stroke: Colour | None = None

    def over(self, below: Paint) -> Paint:
        """These parameters, and those of `below` where these say nothing."""
        if self is NOTHING:
            return below
        if below is NOTHING:
            return self
        return Paint(
            below.line_width if self.line_width is None else self.line_width,
            below.fill if self.fill is None else self.fill,
            below.stroke if self.stroke is None else self.stroke,
        )


#: No parameters at all.
NOTHING = Paint()


def paint_with(width: str | None, colours: Colours) -> Paint:
    """What a stroke width and colours say, as an object gives them."""
    if width is None and not colours:
        return NOTHING
    told = dict(colours)
    return Paint(None if width is None else number(width, LINE_WIDTH), told.get("FillColor"), told.get("StrokeColor"))


def paint_of(element: Any) -> Paint:
    """What a layer, a DrawParam says of its own painting."""
    return paint_with(element.get("LineWidth"), colours_of(element))


def colours_of(element: Any) -> Colours:
    """The colours that an element gives."""
    return tuple(told for part in element if (name := local(part)) in COLOURS for told in colour_of(name, part))


def colour_of(name: str, element: Any) -> Colours:
    """What a FillColor or StrokeColor (`name`) gives; one that refers to a palette or a pattern can be seen."""
    patterned = len(element) > 0 and any(local(part) in _PATTERNS for part in element)
    return _told(name, None if patterned else element.get("Value"), element.get("Alpha"))


@lru_cache(maxsize=1024)
def _told(name: str, value: str | None, alpha: str | None) -> Colours:
    return ((name, _colour(value, alpha)),)


def _colour(value: str | None, alpha: str | None) -> Colour:
    if number(alpha, 255) <= 0:
        return Colour(opaque=False, seen=False)
    if not value:
        return BLACK
    channels = [float(int(part, 16)) for part in _HEX.findall(value)] if "#" in value else numbers(value)
    if not channels:
        return BLACK
    level = 255 - max(channels) if len(channels) == _CMYK else min(channels)
    return Colour(opaque=True, seen=level < _WHITE, level=min(max(round(level), 0), 255))

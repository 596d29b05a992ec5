"""OFD as programs in use write it: the same pages as `ofd`, in their ways to say where things are.

Office: a text object for every character in twentieths of a millimetre, colour and glyph with each, blocks in blocks.
Converter: from PDF, every text object a vector unit of its own in points, with clips; paths in the space of the page.
Reader: a box for text that is the whole page, matrices that turn the axis of y, paths of many rules at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from xml.sax.saxutils import escape

from tests.corpus.grid import Printed
from tests.corpus.writers.ofd import A, C, OfdCanvas, advances
from tests.corpus.writers.pdf import OPEN, STROKED, WORD, Habit, Press, draw

_MM = 25.4 / 72
_EM, _ASCENT = 1.1, 0.88


def office(printed: Printed) -> bytes:
    """The way of an office suite's own export."""
    return _write(printed, WORD, Press(partial(OfficeCanvas, manner=C), _width))


def converter(printed: Printed) -> bytes:
    """The way of a converter from PDF."""
    return _write(printed, STROKED, Press(partial(ConverterCanvas, manner=A), _width))


def reader(printed: Printed) -> bytes:
    """The way of a reader that prints to OFD."""
    return _write(printed, OPEN, Press(partial(ReaderCanvas, manner=A), _width))


def _write(printed: Printed, habit: Habit, press: Press) -> bytes:
    return draw(printed, habit, press)[0]


def _width(text: str, size: float) -> float:
    return sum(advances(text, size))


@dataclass
class OfficeCanvas(OfdCanvas):
    """A character at a time, in twentieths of a millimetre."""

    def _text(self, x: float, y: float, text: str) -> None:
        size, twentieth = self._font * _MM, 0.05
        box = f"{x * _MM:.4f} {(self.size[1] - y) * _MM - _ASCENT * size:.4f} {size:.4f} {size * _EM:.4f}"
        colour = self._tag("FillColor", 'Value="0 0 0" Alpha="255"')
        glyphs = self._tag("Glyphs", "", str(ord(text[0]) % 4096))
        glyph = self._tag("CGTransform", 'GlyphCount="1" CodeCount="1" CodePosition="0"', glyphs)
        code = self._tag("TextCode", f'X="0" Y="{_ASCENT * size / twentieth:.4f}"', escape(text))
        attributes = f'Boundary="{box}" Size="{size / twentieth}" CTM="0.05 0 0 0.05 0 0" Fill="true" Font="3"'
        self._add("TextObject", attributes, f"\n    {colour}\n    {glyph}\n    {code}\n  ")

    def _page(self, objects: str, size: tuple[float, float]) -> str:
        return super()._page(self._tag("PageBlock", 'ID="11"', f"\n  {objects}\n"), size)


@dataclass
class ConverterCanvas(OfdCanvas):
    """Text in vector units of points that are scaled where they are put."""

    units: list[str] = field(default_factory=list)

    def _text(self, x: float, y: float, text: str) -> None:
        size, height = self._font, self.size[1]
        left, top = x, height - y - _ASCENT * size
        widths = advances(text, size)
        page = f"M 0 {height:.3f} L 0 0 L {self.size[0]:.3f} 0 L {self.size[0]:.3f} {height:.3f} C "
        box = f'Boundary="{-left:.4f} {-top:.4f} {self.size[0]:.3f} {height:.3f}" Stroke="false" Fill="true"'
        path = self._tag("Path", box, self._tag("AbbreviatedData", "", page))
        clip = self._tag("Clip", "", self._tag("Area", "", path))
        clips = self._tag("Clips", 'TransFlag="false"', clip + clip)
        steps = " ".join(f"{width / size:.3f}" for width in widths[:-1])
        delta = f' DeltaX="{steps}"' if steps else ""
        code = self._tag("TextCode", f'X="0" Y="{_ASCENT}"{delta}', escape(text))
        key = 1_000_000 + 2 * len(self.units)
        inner = self._tag(
            "TextObject",
            f'ID="{key}" CTM="{size} 0 0 {size} 0 0" Font="3" Size="1" '
            f'Boundary="{left:.4f} {top:.4f} {sum(widths):.4f} {size * _EM:.4f}"',
            self._tag("FillColor", 'Value="35 31 32"') + clips + code,
        )
        content = self._tag("Content", f'ID="{key + 1}"', inner)
        self.units.append(
            self._tag("CompositeGraphicUnit", f'ID="{key}" Width="{self.size[0]:.3f}" Height="{height:.3f}"', content)
        )
        whole = f"0 0 {self.size[0] * _MM:.4f} {height * _MM:.4f}"
        scale = f"{_MM:.6f} 0 0 {_MM:.6f} 0 0"
        self._add("CompositeObject", f'Boundary="{whole}" CTM="{scale}" ResourceID="{key}"', "")

    def _files(self) -> Iterator[tuple[str, str]]:
        units = self._tag("CompositeGraphicUnits", "", "".join(self.units))
        for name, content in super()._files():
            if name == "Doc_0/PublicRes.xml":
                yield name, content.replace("</ofd:Res>", f"{units}</ofd:Res>")
            else:
                yield name, content


@dataclass
class ReaderCanvas(OfdCanvas):
    """Places in points from the lower left corner; the rules of a page are few paths."""

    rules: list[str] = field(default_factory=list)

    @property
    def _turned(self) -> str:
        width, height = self.size[0] * _MM, self.size[1] * _MM
        return f'Boundary="0 0 {width:.4f} {height:.4f}" CTM="{_MM:.6f} 0 0 {-_MM:.6f} 0 {height:.4f}"'

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroke."""
        self.rules.append(f"M {x0:.3f} {y0:.3f} L {x1:.3f} {y1:.3f}")

    def showPage(self) -> None:  # noqa: N802
        """End the page."""
        for first in range(0, len(self.rules), 40):
            path = self._data(" ".join(self.rules[first : first + 40]))
            self._add("PathObject", f'{self._turned} LineWidth="{self._pen:.3f}"', path)
        self.rules = []
        super().showPage()

    def _text(self, x: float, y: float, text: str) -> None:
        widths = advances(text, self._font)[:-1]
        steps = f' DeltaX="{" ".join(f"{width:.3f}" for width in widths)}"' if widths else ""
        code = self._tag("TextCode", f'X="{x:.3f}" Y="{y:.3f}"{steps}', escape(text))
        self._add("TextObject", f'{self._turned} Font="3" Size="{self._font}"', code)

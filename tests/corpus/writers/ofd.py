"""OFD (GB/T 33190) in the manners of three producers, drawn with the same flow as the PDF pages.

A: one text object a line with every step written out, stroked rules whose paths are in the space of the page.
B: points scaled by a matrix, runs of steps as "g n step", rules as thin fills, a running header in a template.
C: a text object for every character with the glyph of its font, paths from the corner of their box, nested blocks,
   the width and colour of rules in a drawing parameter of the layer, no prefix.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]

from tests.corpus.grid import Printed
from tests.corpus.writers.pdf import OPEN, STROKED, WORD, Habit, Press, draw

NAMESPACE = "http://www.ofdspec.org/2016"
_MM = 25.4 / 72
_EPOCH = (2025, 8, 20, 0, 0, 0)
_ASCENT, _EM = 0.88, 1.1
_WIDE = "\u2e80"
_SIGNS = frozenset("——……“”‘’·×℃※①②③④⑤⑥⑦⑧⑨⑩Ⅰ")


@dataclass(frozen=True)
class Manner:
    """How a producer writes. `prefix` of the name space; `scale`: millimetres of a unit within an object."""

    name: str
    habit: Habit
    prefix: str = "ofd:"
    scale: float = 1.0
    header: str = ""
    single: bool = False


A = Manner("a", STROKED)
B = Manner("b", WORD, scale=_MM, header="部门决算公开文本")
C = Manner("c", OPEN, prefix="", single=True)


def manner_a(printed: Printed) -> bytes:
    """Stroked rules, the header of a table repeated on every page."""
    return _write(printed, A)


def manner_b(printed: Printed) -> bytes:
    """Rules as thin fills, no repeated header, rows cut in two by the page break."""
    return _write(printed, B)


def manner_c(printed: Printed) -> bytes:
    """No rules at the sides of a table, a text object for every character."""
    return _write(printed, C)


def press(manner: Manner) -> Press:
    """Draws pages as OFD; widths as `advances` gives them."""
    return Press(canvas=partial(OfdCanvas, manner=manner), width=lambda text, size: sum(advances(text, size)))


def advances(text: str, size: float) -> list[float]:
    """The width of every character: an em, or half of one for Latin."""
    return [size if char >= _WIDE or char in _SIGNS else size / 2 for char in text]


def _write(printed: Printed, manner: Manner) -> bytes:
    return draw(printed, manner.habit, press(manner))[0]


@dataclass
class OfdCanvas:
    """Draws as reportlab's canvas does (points, y up), as far as tables and text need it, and writes OFD."""

    file: io.BytesIO
    manner: Manner
    size: tuple[float, float] = A4
    pages: list[str] = field(default_factory=list)
    _objects: list[str] = field(default_factory=list)
    _sizes: list[tuple[float, float]] = field(default_factory=list)
    _font: float = 10.0
    _pen: float = 1.0
    _ids: int = 100

    def setFont(self, _: str, size: float) -> None:  # noqa: N802
        """The size of what is written from now on."""
        self._font = size

    def setLineWidth(self, width: float) -> None:  # noqa: N802
        """The width of what is stroked from now on."""
        self._pen = width

    def setPageSize(self, size: tuple[float, float]) -> None:  # noqa: N802
        """The size of this page and of those that follow."""
        self.size = size

    def drawString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        """`text` from `x` on its baseline `y`."""
        if not self.manner.single:
            self._text(x, y, text)
            return
        for char, width in zip(text, advances(text, self._font), strict=True):
            if not char.isspace():
                self._text(x, y, char)
            x += width

    def drawRightString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        """`text` up to `x`."""
        self.drawString(x - sum(advances(text, self._font)), y, text)

    def drawCentredString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        """`text` around `x`."""
        self.drawString(x - sum(advances(text, self._font)) / 2, y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroke."""
        left, top = min(x0, x1) * _MM, (self.size[1] - max(y0, y1)) * _MM
        width, height = abs(x1 - x0) * _MM, abs(y1 - y0) * _MM
        pen = self._pen * _MM
        if self.manner.single:  # from the corner of its box
            attributes = f'Boundary="{_box(left - pen / 2, top - pen / 2, width + pen, height + pen)}"'
            points = (pen / 2, pen / 2), (pen / 2 + width, pen / 2 + height)
        else:  # in the space of the page, moved back by the matrix
            attributes = (
                f'LineWidth="{pen:.4f}" Boundary="{_box(left, top, max(width, pen), max(height, pen))}" '
                f'CTM="1 0 0 1 {-left:.4f} {-top:.4f}"'
            )
            points = (left, top), (left + width, top + height)
        (ax, ay), (bx, by) = points
        self._add("PathObject", attributes, self._data(f"M {ax:.4f} {ay:.4f} L {bx:.4f} {by:.4f}"))

    def rect(self, x: float, y: float, width: float, height: float, *, stroke: int = 1, fill: int = 0) -> None:
        """A rectangle."""
        left, top = x * _MM, (self.size[1] - y - height) * _MM
        scale = self.manner.scale
        right, bottom = width * _MM / scale, height * _MM / scale
        attributes = (
            f'Boundary="{_box(left, top, width * _MM, height * _MM)}" CTM="{scale:.6f} 0 0 {scale:.6f} 0 0" '
            f'Fill="{"true" if fill else "false"}" Stroke="{"true" if stroke else "false"}"'
        )
        path = f"M 0 0 L {right:.4f} 0 L {right:.4f} {bottom:.4f} L 0 {bottom:.4f} C"
        self._add("PathObject", attributes, self._tag("FillColor", 'Value="0 0 0"') + self._data(path))

    def showPage(self) -> None:  # noqa: N802
        """End the page."""
        self.pages.append("".join(self._objects))
        self._sizes.append(self.size)
        self._objects = []

    def save(self) -> None:
        """End the last page and write the file."""
        self.showPage()
        with zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self._files():
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')

    def _text(self, x: float, y: float, text: str) -> None:
        scale, size = self.manner.scale, self._font * _MM
        widths = [width * _MM for width in advances(text, self._font)]
        box = _box(x * _MM, (self.size[1] - y) * _MM - _ASCENT * size, sum(widths), _EM * size)
        matrix = "" if scale == 1.0 else f' CTM="{scale:.6f} 0 0 {scale:.6f} 0 0"'
        steps = [width / scale for width in widths[:-1]]
        delta = f' DeltaX="{_steps(steps) if scale != 1.0 else " ".join(f"{step:.4f}" for step in steps)}"'
        glyph = ""
        if self.manner.single:
            glyph = (
                f'<{self.manner.prefix}CGTransform CodePosition="0" CodeCount="1" GlyphCount="1">'
                f"{self._tag('Glyphs', '', str(ord(text) % 4096))}</{self.manner.prefix}CGTransform>"
            )
        code = self._tag("TextCode", f'X="0" Y="{_ASCENT * size / scale:.4f}"{delta if steps else ""}', escape(text))
        self._add("TextObject", f'Boundary="{box}" Font="3" Size="{size / scale:.4f}"{matrix}', glyph + code)

    def _add(self, kind: str, attributes: str, inner: str) -> None:
        self._ids += 1
        self._objects.append(self._tag(kind, f'ID="{self._ids}" {attributes}', inner))

    def _data(self, path: str) -> str:
        return self._tag("AbbreviatedData", "", path)

    def _tag(self, name: str, attributes: str = "", inner: str = "") -> str:
        name = self.manner.prefix + name
        return f"<{name}{' ' * bool(attributes)}{attributes}>{inner}</{name}>"

    def _root(self, name: str, inner: str, attributes: str = "") -> str:
        mark = "xmlns:ofd" if self.manner.prefix else "xmlns"
        return self._tag(name, f'{mark}="{NAMESPACE}"{attributes}', inner)

    def _files(self) -> Iterator[tuple[str, str]]:
        tag = self._tag
        body = tag("DocInfo", "", tag("DocID", "", "0" * 32)) + tag("DocRoot", "", "Doc_0/Document.xml")
        yield "OFD.xml", self._root("OFD", tag("DocBody", "", body), ' Version="1.0" DocType="OFD"')
        area = tag("PageArea", "", tag("PhysicalBox", "", _box(0, 0, A4[0] * _MM, A4[1] * _MM)))
        common = tag("MaxUnitID", "", str(self._ids)) + area + tag("PublicRes", "", "PublicRes.xml")
        if self.manner.header:
            common += tag("TemplatePage", 'ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"')
        pages = "".join(
            tag("Page", f'ID="{10_000_000 + number}" BaseLoc="Pages/Page_{number}/Content.xml"')
            for number in range(len(self.pages))
        )
        yield "Doc_0/Document.xml", self._root("Document", tag("CommonData", "", common) + tag("Pages", "", pages))
        fonts = tag("Fonts", "", tag("Font", 'ID="3" FontName="宋体" FamilyName="宋体"'))
        parameters = tag("DrawParam", 'ID="4" LineWidth="0.1764"', tag("StrokeColor", 'Value="0 0 0"'))
        parameters += tag("DrawParam", 'ID="5" Relative="4"')
        yield "Doc_0/PublicRes.xml", self._root("Res", tag("DrawParams", "", parameters) + fonts, ' BaseLoc="Res"')
        if self.manner.header:
            yield "Doc_0/Tpls/Tpl_0/Content.xml", self._root("Page", self._template())
        for number, (objects, size) in enumerate(zip(self.pages, self._sizes, strict=True)):
            yield f"Doc_0/Pages/Page_{number}/Content.xml", self._root("Page", self._page(objects, size))

    def _template(self) -> str:
        size = 9 * _MM
        code = self._tag(
            "TextCode", f'X="0" Y="{size:.3f}" DeltaX="g {len(self.manner.header) - 1} {size:.3f}"', self.manner.header
        )
        width = size * len(self.manner.header)
        text = self._tag(
            "TextObject", f'ID="6" Boundary="{_box(20, 8, width, size * _EM)}" Font="3" Size="{size:.3f}"', code
        )
        return self._tag("Content", "", self._tag("Layer", 'ID="7"', text))

    def _page(self, objects: str, size: tuple[float, float]) -> str:
        area = self._tag("Area", "", self._tag("PhysicalBox", "", _box(0, 0, size[0] * _MM, size[1] * _MM)))
        if self.manner.header:
            area += self._tag("Template", 'TemplateID="2" ZOrder="Background"')
        if self.manner.single:
            objects = self._tag("PageBlock", 'ID="8"', self._tag("PageBlock", 'ID="9"', objects))
        parameter = ' DrawParam="5"' if self.manner.single else ""
        layer = self._tag("Layer", f'ID="10" Type="Body"{parameter}', objects)
        return area + self._tag("Content", "", layer)


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"{x:.4f} {y:.4f} {width:.4f} {height:.4f}"


def _steps(steps: list[float]) -> str:
    """Steps with runs of the same one as "g n step"."""
    words: list[str] = []
    for step, run in groupby(f"{step:.3f}" for step in steps):
        count = len(list(run))
        words += ["g", str(count), step] if count > 1 else [step]
    return " ".join(words)

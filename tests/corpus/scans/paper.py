"""Paper: draws as reportlab's canvas does, but on images, with fonts that come in a wheel. No system font is used."""

from __future__ import annotations

import io
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pylopdf_fonts_zh_cn
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.corpus.grid import Printed
from tests.corpus.writers import pdf

SERIF = pylopdf_fonts_zh_cn.serif_path()
SANS = pylopdf_fonts_zh_cn.sans_path()
DPI = 200
#: Points between text and rules: of an ordinary table, and of a spreadsheet printed as it is.
PAD, TIGHT = 3.0, 0.6
_POINTS = 72.0
_EM = 100

#: One page: rows x columns of grey, 0 black to 255 white
Page = NDArray[np.uint8]


@cache
def face(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    """A font at a size."""
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def _advance(path: Path, char: str) -> float:
    return face(path, _EM).getlength(char) / _EM


def width(path: Path, text: str, size: float) -> float:
    """Points that `text` is wide in a font of `size` points."""
    return size * sum(_advance(path, char) for char in text)


class Paper:
    """The part of reportlab's canvas that the writers use; `pages` are the finished pages. Units are points."""

    def __init__(self, font: Path, dpi: int) -> None:
        self.font = font
        self.scale = dpi / _POINTS
        self.pages: list[Page] = []
        self.size = pdf.A4
        self.line_width = 1.0
        self.letter = 10.0
        self._blank()

    def _blank(self) -> None:
        self.width, self.height = (round(side * self.scale) for side in self.size)
        self.image = Image.new("L", (self.width, self.height), 255)
        self.pen = ImageDraw.Draw(self.image)
        self.ink = np.zeros((self.height, self.width), np.float32)

    def setPageSize(self, size: tuple[float, float]) -> None:  # noqa: N802 - the names are reportlab's
        self.size = size
        self._blank()

    def setFont(self, _: str, size: float) -> None:  # noqa: N802
        self.letter = size

    def setLineWidth(self, line_width: float) -> None:  # noqa: N802
        self.line_width = line_width

    def drawString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        font = face(self.font, self.letter * self.scale)
        for char in text:
            self.pen.text((x * self.scale, self.height - y * self.scale), char, fill=0, font=font, anchor="ls")
            x += width(self.font, char, self.letter)

    def drawRightString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        self.drawString(x - width(self.font, text, self.letter), y, text)

    def drawCentredString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        self.drawString(x - width(self.font, text, self.letter) / 2, y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        half = self.line_width / 2
        if x0 == x1:
            self._fill(x0 - half, min(y0, y1) - half, x0 + half, max(y0, y1) + half)
        else:
            self._fill(min(x0, x1) - half, y0 - half, max(x0, x1) + half, y0 + half)

    def rect(self, x: float, y: float, wide: float, high: float, *, stroke: int, fill: int) -> None:
        if stroke or not fill:
            raise ValueError("paper knows filled rectangles only")
        self._fill(x, y, x + wide, y + high)

    def _fill(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Black, each pixel as dark as the part of it that is covered."""
        across, columns = _cover(x0 * self.scale, x1 * self.scale, self.width)
        down, rows = _cover(self.height - y1 * self.scale, self.height - y0 * self.scale, self.height)
        spot = self.ink[rows, columns]
        np.maximum(spot, np.outer(down, across), out=spot)

    def showPage(self) -> None:  # noqa: N802
        text = np.asarray(self.image, np.float32)
        self.pages.append(np.clip(text * (1 - self.ink), 0, 255).astype(np.uint8))
        self._blank()

    def save(self) -> None:
        self.showPage()


def _cover(start: float, end: float, most: int) -> tuple[NDArray[np.float32], slice]:
    """How much of each pixel of a line lies between `start` and `end`."""
    first, last = max(0, int(start)), min(most, int(np.ceil(end)))
    pixels = np.arange(first, max(first, last), dtype=np.float32)
    return np.clip(np.minimum(pixels + 1, end) - np.maximum(pixels, start), 0, 1), slice(first, max(first, last))


def press(font: Path, canvas: Any, pad: float = PAD) -> pdf.Press:
    """A press whose lines break where they do in `font`, whatever it prints on."""
    return pdf.Press(canvas, partial(width, font), pad)


def print_pages(
    printed: Printed, habit: pdf.Habit = pdf.WORD, font: Path = SERIF, dpi: int = DPI, pad: float = PAD
) -> tuple[list[Page], pdf.Pages]:
    """The pages of a report in grey, and the page of every row as `pdf.draw` tells it."""
    paper = Paper(font, dpi)

    def canvas(_: io.BytesIO) -> Paper:
        return paper

    _, places = pdf.draw(printed, habit, press(font, canvas, pad))
    return paper.pages, places

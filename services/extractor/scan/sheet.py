"""A scanned page made ready: straight, without seals and rules, and where its cells and its text stand."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from services.extractor.lattice.frame import Rect
from services.extractor.lattice.grid import Grid, grid_of
from services.extractor.lattice.rules import networks, rules_of
from services.extractor.scan.clean import cleaned, parted
from services.extractor.scan.raster import Pixels, Raster
from services.extractor.scan.ruling import remains_of, ruling_of
from services.extractor.scan.segments import Box, Segment, em_of, segments_in
from services.extractor.scan.straight import Straight, straightened

#: Outside of tables nothing is printed larger than this (em): shadows, punched holes, pictures.
_HIGHEST = 4.0
#: By how much (of 255) a seal makes the page darker.
_LIGHTER = 40


@dataclass(frozen=True)
class Flat:
    """A straight page: `grey` (paper 255), `ink`, what is `under` seals, pixels a point, and how it was turned."""

    grey: Pixels
    ink: Pixels
    under: Pixels | None
    scale: float
    straight: Straight | None

    def turned(self, quarters: int) -> Flat:
        """The page turned clockwise by quarters."""
        if quarters % 4 == 0:
            return self
        grey, ink = _turned(self.grey, quarters), _turned(self.ink, quarters)
        under = None if self.under is None else _turned(self.under, quarters)
        return Flat(grey, ink, under, self.scale, self.straight)


def _turned(pixels: Pixels, quarters: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, -quarters))


@dataclass(frozen=True)
class Place:
    """A piece of text on a sheet: its ink, and the cell (or the page) out of which nothing of it reaches."""

    segment: Segment
    limits: Box


@dataclass(frozen=True)
class Sheet:
    """A straight page without its rules.

    `stain`: 255 where a seal was; `under`: the page with its seals; `strokes`: the rules in points; `em`: size of the
    print in pixels; `cells`: how many cells the rules make.
    """

    grey: Pixels
    ink: Pixels
    stain: Pixels | None
    under: Pixels | None
    scale: float
    strokes: tuple[Rect, ...]
    em: float
    places: tuple[Place, ...]
    cells: int

    @property
    def width(self) -> float:
        """Width in points."""
        return float(self.grey.shape[1] / self.scale)

    @property
    def height(self) -> float:
        """Height in points."""
        return float(self.grey.shape[0] / self.scale)


def flat_of(raster: Raster) -> Flat:
    """`raster` cleaned and turned straight."""
    page = cleaned(raster)
    straight = straightened(page.ink)
    if straight is None:
        return Flat(page.grey, page.ink, page.under, raster.scale, None)
    grey = straight.apply(page.grey, border=255)
    under = None if page.under is None else straight.apply(page.under, border=255)
    ink, grey = parted(grey, raster.scale)
    return Flat(grey, ink, under, raster.scale, straight)


def sheet_of(flat: Flat) -> Sheet:
    """The rules of a straight page, and the places of its text."""
    scale = flat.scale
    ruling = ruling_of(flat.ink, scale, flat.under)
    ink = np.where(ruling.mask > 0, np.uint8(0), flat.ink)
    grey = np.where(ruling.mask > 0, np.uint8(255), flat.grey)
    under = None if flat.under is None else np.where(ruling.mask > 0, np.uint8(255), np.minimum(flat.under, flat.grey))
    strokes = tuple(_points(box, scale) for box in (*ruling.across, *ruling.down))
    grids = _grids(strokes)
    cells = [_pixels(grid.box_of(span), scale) for grid in grids for span in grid.spans]
    left = remains_of(ink, [border for cell in cells for border in _borders(cell)], scale)
    ink = np.where(left > 0, np.uint8(0), ink)
    grey = np.where(cv2.dilate(left, np.ones((3, 3), np.uint8)) > 0, np.uint8(255), grey)
    outside = ink.copy()
    for grid in grids:
        x0, y0, x1, y1 = _pixels(grid.box, scale)
        outside[y0:y1, x0:x1] = 0
    page = (0, 0, ink.shape[1], ink.shape[0])
    em = em_of([(ink, cell) for cell in cells] or [(outside, page)], scale)
    places = [Place(segment, cell) for cell in cells for segment in segments_in(ink, cell, em, scale)]
    around = em_of([(outside, page)], scale)
    places += [
        Place(segment, page)
        for segment in segments_in(outside, page, around, scale)
        if segment.height <= _HIGHEST * around
    ]
    return Sheet(grey, ink, _stain(flat), under, scale, strokes, em, tuple(places), len(cells))


def _stain(flat: Flat) -> Pixels | None:
    """255 where a seal was taken off: the page is lighter there than it was."""
    if flat.under is None:
        return None
    return np.where(cv2.subtract(flat.grey, flat.under) > _LIGHTER, np.uint8(255), np.uint8(0))


def _grids(strokes: tuple[Rect, ...]) -> list[Grid]:
    """What the rules alone say; a cell lies in one grid only."""
    grids: list[Grid] = []
    for group in networks(*rules_of(strokes)):
        grid = grid_of(*group) if all(group) else None
        if grid and not any(_overlap(grid.box, other.box) for other in grids):
            grids.append(grid)
    return grids


def _borders(cell: Box) -> list[tuple[Rect, bool]]:
    x0, y0, x1, y1 = (float(side) for side in cell)
    return [((x0, y0, x1, y0), True), ((x0, y1, x1, y1), True), ((x0, y0, x0, y1), False), ((x1, y0, x1, y1), False)]


def _overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _points(box: Rect, scale: float) -> Rect:
    return box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale


def _pixels(box: Rect, scale: float) -> Box:
    return round(box[0] * scale), round(box[1] * scale), round(box[2] * scale), round(box[3] * scale)

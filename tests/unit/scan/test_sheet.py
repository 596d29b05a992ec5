"""What is done to a page before it is read: straightened, seals and specks off, rules and lines of text found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.extractor.lattice.grid import grid_of
from services.extractor.lattice.rules import networks, rules_of
from services.extractor.scan.clean import cleaned, shows_something
from services.extractor.scan.raster import Raster
from services.extractor.scan.ruling import ruling_of
from services.extractor.scan.segments import crop_of, em_of, segments_in
from services.extractor.scan.sheet import flat_of, sheet_of
from services.extractor.scan.straight import skew_of
from tests.unit.scan.pages import SCALE, Pixels, paper, ruled, turned, with_seal

XS, YS = [150, 400, 700, 1000, 1500], [200, 246, 292, 338, 384, 430, 476]


def _raster(pixels: Pixels) -> Raster:
    return Raster(pixels, SCALE)


def _shapes(pixels: Pixels) -> list[tuple[int, int]]:
    strokes = sheet_of(flat_of(_raster(pixels))).strokes
    grids = [grid_of(*group) for group in networks(*rules_of(strokes)) if all(group)]
    return [(grid.rows, grid.columns) for grid in grids if grid]


@pytest.mark.parametrize("degrees", [-5.3, -1.97, -0.4, 0.0, 0.13, 1.0, 2.6])
def test_the_angle_of_a_page(degrees: float) -> None:
    ink = 255 - turned(ruled(XS, YS), degrees)
    assert skew_of(ink) == pytest.approx(-degrees, abs=0.04)


@pytest.mark.parametrize("degrees", [0.0, 1.8, -2.0])
def test_a_grid_is_found_however_the_page_lies(degrees: float) -> None:
    assert _shapes(turned(ruled(XS, YS), degrees)) == [(6, 4)]


def test_noise_specks_and_shadow_leave_the_grid() -> None:
    random = np.random.default_rng(5)
    page = ruled(XS, YS).astype(np.float32) + random.normal(0, 12, (1200, 1654))
    page *= np.linspace(1.0, 0.6, 1654)[None, :]
    page[random.random(page.shape) < 0.002] = 0
    assert _shapes(np.clip(page, 0, 255).astype(np.uint8)) == [(6, 4)]


def test_points_of_print_smaller_than_the_page_says_are_no_specks() -> None:
    """A page pasted at half its size: its points have the size of specks of a page that is as large as it says."""
    page, points = paper(1000, 600), []
    for row in range(20, 560, 30):
        for column in range(20, 960, 40):
            cv2.rectangle(page, (column, row), (column + 7, row + 14), 0, 2)
            cv2.rectangle(page, (column + 12, row + 13), (column + 13, row + 14), 0, -1)
            points.append((row + 14, column + 13))
    for scale in (SCALE, 300 / 72):
        ink = cleaned(Raster(page, scale)).ink
        assert all(ink[row - 1 : row + 1, column - 1 : column + 1].any() for row, column in points), scale


def test_a_seal_is_paper_and_rules_go_on_under_it() -> None:
    page = with_seal(ruled(XS, YS), (700, 330))
    stored = cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)
    assert stored is not None
    assert _shapes(np.asarray(stored, np.uint8)) == [(6, 4)]
    clean = cleaned(_raster(page))
    assert clean.under is not None
    between = clean.grey[300:330, 560:600]
    assert between.min() > 200


def test_a_gap_between_merged_cells_is_no_rule_under_a_seal() -> None:
    page = ruled(XS, YS)
    page[202:291, 398:403] = 255
    assert _shapes(with_seal(page, (400, 260))) == [(6, 4)]
    strokes = sheet_of(flat_of(_raster(with_seal(page, (400, 260))))).strokes
    grids = [grid_of(*group) for group in networks(*rules_of(strokes)) if all(group)]
    assert [span.colspan for grid in grids if grid for span in grid.spans if span.row == 0] == [2, 1, 1]


def test_red_words_stay() -> None:
    page = cv2.cvtColor(paper(), cv2.COLOR_GRAY2BGR)
    for x in range(200, 600, 30):
        cv2.rectangle(page, (x, 300), (x + 18, 324), (30, 30, 220), 3)
    clean = cleaned(_raster(np.asarray(page, np.uint8)))
    assert clean.under is None
    assert np.count_nonzero(clean.ink[295:330, 195:600]) > 1000


def test_short_strokes_of_characters_are_no_rules() -> None:
    page = ruled(XS, YS)
    cv2.line(page, (440, 223), (470, 223), 0, 3)
    cv2.line(page, (720, 230), (720, 262), 0, 3)
    ink = 255 - page
    ruling = ruling_of(ink, SCALE)
    assert (len(ruling.across), len(ruling.down)) == (len(YS), len(XS))
    assert ruling.mask[223, 455] == 0


def test_what_is_left_of_a_broken_rule_is_no_text() -> None:
    page = ruled(XS, YS)
    page[290:294, 420:500] = 255
    page[292:293, 440:470] = 0
    assert sheet_of(flat_of(_raster(page))).places == ()


def test_lines_of_a_cell_are_parted_and_parts_of_a_character_are_not() -> None:
    ink = np.zeros((200, 600), np.uint8)
    for x in range(20, 320, 30):
        cv2.rectangle(ink, (x, 20), (x + 22, 24), 255, -1)  # the upper and the lower stroke of one character
        cv2.rectangle(ink, (x, 36), (x + 22, 42), 255, -1)
        cv2.rectangle(ink, (x, 56), (x + 22, 78), 255, -1)  # the next line
    box = (0, 0, 600, 200)
    found = segments_in(ink, box, 25.0, SCALE)
    assert [(one.y0, one.y1) for one in found] == [(20, 43), (56, 79)]
    assert em_of([(ink[50:100], (0, 0, 600, 50))], SCALE) == pytest.approx(25.0, abs=2)


def test_captions_left_and_right_are_two() -> None:
    ink = np.zeros((100, 1000), np.uint8)
    cv2.rectangle(ink, (20, 20), (220, 40), 255, -1)
    cv2.rectangle(ink, (800, 32), (980, 52), 255, -1)
    found = segments_in(ink, (0, 0, 1000, 100), 22.0, SCALE)
    assert [(one.x0, one.y0, one.x1, one.y1) for one in found] == [(20, 20, 221, 41), (800, 32, 981, 53)]


def test_a_crop_keeps_out_what_stands_beyond_the_cell() -> None:
    grey = paper(300, 100)
    grey[:, 100:103] = 0
    segment = segments_in(255 - grey[:, :90], (0, 0, 90, 100), 20.0, SCALE)
    assert segment == []
    cv2.rectangle(grey, (60, 40), (96, 58), 0, -1)
    ink = 255 - grey
    ink[:, 100:103] = 0
    (one,) = segments_in(ink, (0, 0, 99, 100), 20.0, SCALE)
    crop = crop_of(grey, one, 20.0, (0, 0, 99, 100))
    assert crop[:, -3:].min() == 255
    assert crop.shape[0] >= 0.8 * 20


def test_empty_paper_in_bad_light_shows_nothing() -> None:
    light = np.linspace(150, 255, 1654, dtype=np.float32)[None, :].repeat(1200, 0).astype(np.uint8)
    assert not shows_something(_raster(light))
    photo = np.random.default_rng(2).integers(0, 255, (30, 40, 3), np.uint8)
    assert shows_something(_raster(np.asarray(cv2.resize(photo, (1600, 1200)), np.uint8)))

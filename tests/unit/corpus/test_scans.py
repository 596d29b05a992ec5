"""The scans of the corpus: the same every time, with exactly the defects that were asked for."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from tests.corpus import scans
from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID
from tests.corpus.scans import paper
from tests.corpus.scans.defects import spoil
from tests.corpus.scans.paper import Page


def small() -> Printed:
    """A report of two tables."""
    printed = report(BY_ID["central"], 4)
    return replace(printed, blocks=tuple(block for block in printed.tables() if block.id in {"T04", "T09"}))


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Its printed pages."""
    return scans.print_pages(small())[0]


def test_the_same_call_gives_the_same_bytes() -> None:
    defects = scans.worn(5)
    assert scans.scan_pdf(small(), 5, defects) == scans.scan_pdf(small(), 5, defects)
    assert scans.scan_pages(small(), 5, defects)[0] != scans.scan_pages(small(), 6, defects)[0]


def test_pages_are_printed_at_200_dots_an_inch(pages: list[Page]) -> None:
    assert pages[1].shape == (1654, 2339)  # A4, landscape
    assert 0.005 < float((pages[1] < 128).mean()) < 0.2


def test_every_character_of_a_report_is_in_the_font() -> None:
    """No box stands where a character should."""
    font = paper.face(scans.SERIF, 40)
    missing = bytes(font.getmask("\U0010ffff"))
    words = {char for layout in BY_ID.values() for block in report(layout, 3).tables() for char in _text(block)}
    assert len(words) > 300
    assert [char for char in sorted(words) if not char.isspace() and bytes(font.getmask(char)) == missing] == []


def _text(block: object) -> str:
    return "".join(cell.text for cell in block.grid.cells())  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [kind for kind in scans.KINDS if kind != "clean"])
def test_every_defect_changes_the_page(pages: list[Page], kind: str) -> None:
    defects = scans.KINDS[kind]
    image = spoil(pages[1], defects, 3, "某某局")
    assert image.shape == (*pages[1].shape, 3)
    if not defects.jpeg or defects.rotation:
        assert (image != pages[1][:, :, None]).any()
    red = image[:, :, 0].astype(int) - image[:, :, 1]
    assert bool((red > 80).sum() > 5000) is bool(defects.seals)


def test_a_quarter_turn_is_clockwise(pages: list[Page]) -> None:
    image = spoil(pages[1], scans.Defects(turn=1), 0, "")
    assert (image[:, :, 0] == np.rot90(pages[1], -1)).all()


def test_a_seal_lets_the_print_shine_through(pages: list[Page]) -> None:
    image = spoil(pages[1], scans.KINDS["seal"], 3, "某某局")
    assert (image.max(axis=2) <= pages[1]).all()


def test_scans_have_no_text_and_mixed_files_have_some() -> None:
    printed = small()
    whole = pypdfium2.PdfDocument(scans.scan_pdf(printed, 1, scans.KINDS["jpeg"]))
    assert [page.get_textpage().count_chars() for page in whole] == [0] * len(whole)
    assert [round(side) for side in whole[1].get_size()] == [842, 595]
    mixed = pypdfium2.PdfDocument(scans.mixed_pdf(printed, [2], 1))
    counts = [page.get_textpage().count_chars() for page in mixed]
    assert len(counts) == len(whole)
    assert [number for number, count in enumerate(counts, 1) if not count] == [2]


def test_tables_stand_on_the_pages_that_are_told() -> None:
    numbers = scans.scan_page_numbers(small())
    assert numbers.keys() == {"T04", "T09"}
    assert max(page for pages in numbers.values() for page in pages) == len(scans.scan_pages(small()))


def test_a_tiff_has_all_pages() -> None:
    with Image.open(io.BytesIO(scans.scan_tiff(small()))) as image:
        assert getattr(image, "n_frames", 1) == len(scans.scan_pages(small()))

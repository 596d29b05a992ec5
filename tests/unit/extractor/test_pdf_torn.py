"""Text that the side of its cell or of the printed area cuts: what a program left out behind it cannot be known."""

from __future__ import annotations

import pytest

from services.extractor.lattice.chars import Glyph, torn_of
from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import DoubtCode, SourceFile, Table
from tests.unit.extractor import pdf_drawing as drawing


def glyphs(x: float, text: str) -> list[Glyph]:
    """Characters of 10 points beside each other."""
    return [(100.0, x + 10 * index, x + 10 * index + 10, 10.0, char) for index, char in enumerate(text)]


@pytest.mark.parametrize(
    ("x", "text", "torn"),
    [
        (10, "合计", ""),
        (35, "一般公共服务支", "支"),
        (35, "一般公共服务支出等", ""),
        (-4, "年初结转", "年"),
        (-2, "上级补助收入费用", ""),
        (-6, "上级补助收入费用款", "上款"),
    ],
    ids=["inside", "the last one", "all there", "the first one", "in the middle", "far at both sides"],
)
def test_what_the_side_of_a_box_cuts(x: float, text: str, torn: str) -> None:
    right = 76.5 if text.startswith("上级") else 100.0
    assert "".join(glyph[4] for glyph in torn_of(glyphs(x, text), (0.0, 0.0, right, 200.0))) == torn


def clipped(text: str, width: float) -> Reading:
    """A ruled table whose lower right cell prints `text`, of which `width` points are seen."""
    sheet = drawing.table([["项目", "决算数"], ["合计", ""]])
    page, buffer = drawing.canvas()
    drawing.stroked(page, sheet)
    drawing.texts(page, sheet)
    x, y = sheet.xs[1] + 3, sheet.ys[2] - 5
    page.saveState()
    path = page.beginPath()
    path.rect(x - 2, drawing.HEIGHT - y - 5, width + 2, 16)
    page.clipPath(path, stroke=0, fill=0)
    drawing.write(page, x, y, text)
    page.restoreState()
    return PdfReader().read(SourceFile(name="x.pdf", content=drawing.finish(page, buffer)))


def test_an_amount_that_is_cut_is_a_doubt() -> None:
    reading = clipped("2,675", 17)
    assert [(doubt.code, doubt.table, doubt.row, doubt.column) for doubt in reading.doubts] == [
        (DoubtCode.TRUNCATED, 0, 1, 1)
    ]


def test_an_amount_that_is_seen_whole_is_none() -> None:
    reading = clipped("2,675.19", 60)
    (table,) = [block for block in reading.blocks if isinstance(block, Table)]
    assert table.cells[-1].text == "2,675.19"
    assert reading.doubts == ()

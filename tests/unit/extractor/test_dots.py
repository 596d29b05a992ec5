"""Rules drawn dot by dot: as few strokes, at the same places as if each dot had been asked."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from reportlab.lib.colors import black, white  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from services.extractor.lattice import dots, strokes
from services.extractor.lattice.frame import Frame
from services.extractor.lattice.rules import Rule, rules_of
from services.extractor.lattice.strokes import Drawing

_LINES, _LENGTH = 20, 400.0
FRAME = Frame(0, 0, 600, 800)


def page(draw: Callable[[Canvas], None]) -> Drawing:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), pageCompression=0)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(buffer.getvalue())
    try:
        own = document[0]
        return strokes.drawing_of(own.raw)
    finally:
        document.close()


def row(canvas: Canvas, y: float, step: float, size: float, *, backwards: bool = False) -> None:
    places = [100 + place * step for place in range(int(_LENGTH / step))]
    for x in reversed(places) if backwards else places:
        canvas.rect(x, y, size, 0.5, stroke=0, fill=1)


def rows(step: float, size: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for line in range(_LINES):
            row(canvas, 100 + 20 * line, step, size, backwards=line % 2 == 1)

    return draw


def rounded(found: list[Rule]) -> list[tuple[float, ...]]:
    return [tuple(round(place, 1) for place in rule) for rule in found]


@pytest.mark.parametrize(("step", "size"), [(2.0, 0.5), (5.0, 4.0), (6.0, 5.5)])
def test_dots_on_a_line_are_one_stroke(step: float, size: float, monkeypatch: pytest.MonkeyPatch) -> None:
    found = page(rows(step, size))
    assert len(found.strokes) == _LINES
    horizontal, vertical = rules_of(FRAME.seen(found.strokes))
    monkeypatch.setattr(dots, "_MANY", 10**6)
    each = page(rows(step, size))
    assert len(each.strokes) == _LINES * int(_LENGTH / step)
    assert rounded(horizontal) == rounded(rules_of(FRAME.seen(each.strokes))[0])
    assert vertical == []


def test_dots_far_apart_are_no_rule() -> None:
    found = page(rows(7.0, 1.0))
    assert len(found.strokes) == _LINES * int(_LENGTH / 7.0)
    assert rules_of(FRAME.seen(found.strokes)) == ([], [])


def test_short_runs_at_one_height_stay_apart() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(50):
            for cell in range(8):
                for dash in range(4):
                    canvas.rect(50 + 60 * cell + 5 * dash, 50 + 14 * line, 4, 0.5, stroke=0, fill=1)

    found = page(draw)
    assert len(found.strokes) == 50 * 8
    horizontal, _ = rules_of(FRAME.seen(found.strokes))
    assert {(round(rule.start), round(rule.end)) for rule in horizontal} == {
        (50 + 60 * cell, 69 + 60 * cell) for cell in range(8)
    }


def test_dots_that_cannot_be_seen_are_no_rule() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(white)
        rows(2.0, 0.5)(canvas)
        canvas.setFillColor(black)
        row(canvas, 700, 2.0, 0.5)

    horizontal, _ = rules_of(FRAME.seen(page(draw).strokes))
    assert [round(800 - rule.at) for rule in horizontal] == [700]


def test_text_among_dots_is_counted() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(_LINES):
            row(canvas, 100 + 20 * line, 2.0, 0.5)
            for x in range(100, 130, 3):  # a leader, each point a text object
                canvas.drawString(x, 105 + 20 * line, ".")

    found = page(draw)
    assert found.directions[0] == _LINES * 10
    assert len(found.strokes) == _LINES

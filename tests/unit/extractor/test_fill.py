"""Cells whose characters come in the order printed are read in one pass; the result is that of any other order."""

from __future__ import annotations

import pytest

from services.extractor.lattice.chars import WIDE, Glyph
from services.extractor.lattice.fill import filling_of

EM, STEP, LEFT = 10.0, 12.0, 20.0


def glyphs(*lines: str) -> list[Glyph]:
    """Lines of text below each other that begin at `LEFT`, character by character."""
    found: list[Glyph] = []
    for number, line in enumerate(lines):
        x = LEFT
        for char in line:
            width = EM if char >= WIDE else EM / 2
            found.append((100.0 + number * STEP, x, x + width, EM, char))
            x += width
    return found


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["合计"], "合计"),
        (["1,234.56"], "1,234.56"),
        (["住房", "公积金"], "住房\n公积金"),
        (["310", "01"], "310\n01"),
        (["1,234.5", "6"], "1,234.56"),
        (["  其中：", "工资 "], "其中：\n工资"),
        (["  人员经费  "], "人员经费"),
        (["因公出国", "（境）", "费用"], "因公出国\n（境）\n费用"),
        (["Total sum"], "Total sum"),
        (["   "], ""),
    ],
)
@pytest.mark.parametrize("ends", [True, False])
def test_the_order_of_the_characters_does_not_matter(lines: list[str], text: str, *, ends: bool) -> None:
    printed = glyphs(*lines)
    right = max(glyph[2] for glyph in printed) + 3.0
    filling = filling_of(printed, LEFT - 3.0, right, ends=ends)
    assert filling.text == filling_of(printed[::-1], LEFT - 3.0, right, ends=ends).text == text


@pytest.mark.parametrize("lines", [["住房公积金"], ["住房", "公积金"], [" 住房公积金"]])
def test_the_last_line_is_full_where_no_more_fits(lines: list[str]) -> None:
    printed = glyphs(*lines)
    end = printed[-1][2]
    for room, full in ((2.0, True), (15.0, True), (17.0, False), (60.0, False)):
        found = filling_of(printed, LEFT, end + room), filling_of(printed[::-1], LEFT, end + room)
        assert [one.full for one in found] == [full, full]
    assert not filling_of(printed, LEFT, end + 2.0, ends=False).full


def test_lines_too_near_to_be_two_are_one() -> None:
    upper, lower = glyphs("注"), [(102.0, LEFT + EM, LEFT + 1.5 * EM, EM, "1")]
    assert filling_of([*upper, *lower], LEFT, LEFT + 40.0).text == "注1"

"""Headings are known by their numbering, then by the outline of their style."""

from __future__ import annotations

import pytest

from services.extractor.headings import heading_level, text_block
from shared.contracts.document import Heading, Paragraph


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("第一部分 某局概况", 1),
        ("第二部分：2024年部门决算表", 1),
        ("一、主要职责", 2),
        ("十二、名词解释", 2),
        ("（一）收入决算情况", 3),
        ("(三)其他", 3),
        ("1.财政拨款收入", 4),
        ("2、经营收入", 4),
        ("1.5万元", None),
        ("2024年度", None),
        ("（一）贯彻执行法律，负责全部工作。", None),
        ("一、收入支出决算总表......1", None),
        ("", None),
    ],
)
def test_numbering(text: str, level: int | None) -> None:
    assert heading_level(text) == level


def test_the_outline_counts_where_there_is_no_number() -> None:
    assert text_block(" 概况 ", outline=2, page=3) == Heading(text="概况", level=2, page=3)
    assert text_block("概况", outline=9) == Heading(text="概况", level=6)
    assert text_block("一、概况", outline=1) == Heading(text="一、概况", level=2)
    assert text_block("概况") == Paragraph(text="概况")
    assert text_block("长" * 200, outline=1) == Paragraph(text="长" * 200)

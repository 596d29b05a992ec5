"""Labels of automatically numbered paragraphs are printed as Word prints them."""

from __future__ import annotations

import pytest
from lxml import etree

from services.extractor.word.numbering import Labels, counting, print_number
from services.extractor.word.styles import Styles

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _level(level: int, style: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'


_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + _level(0, "chineseCounting", "%1、")
    + _level(1, "japaneseCounting", "（%2）")
    + _level(2, "decimal", "%3.", '<w:start w:val="3"/>')
    + _level(3, "decimal", "%1.%4", "<w:isLgl/>")
    + _level(4, "bullet", "●")
    + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="1">' + _level(0, "decimal", "第%1条", '<w:pStyle w:val="s"/>') + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="linked"/></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num>"
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>'
)
_STYLES = (
    '<w:style w:type="paragraph" w:styleId="s"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="numbering" w:styleId="linked"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
)


def _labels() -> Labels:
    styles = Styles(etree.fromstring(f"<w:styles {_W}>{_STYLES}</w:styles>"))
    return Labels(etree.fromstring(f"<w:numbering {_W}>{_NUMBERING}</w:numbering>"), styles)


def _paragraph(num_id: int, level: int = 0) -> etree._Element:
    return etree.fromstring(
        f'<w:p {_W}><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr></w:pPr></w:p>'
    )


def test_levels_count_and_start_again() -> None:
    labels = _labels()
    order = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 0), (1, 1), (1, 2), (1, 3), (1, 4)]
    assert [labels.label(_paragraph(*place)) for place in order] == [
        "一、", "（一）", "（二）", "3.", "4.", "二、", "（一）", "3.", "2.1", "",
    ]  # fmt: skip


def test_an_override_starts_the_list_again_once() -> None:
    labels = _labels()
    assert [labels.label(_paragraph(n)) for n in (1, 1, 2, 2, 1)] == ["一、", "二、", "一、", "二、", "三、"]


def test_styles_and_linked_lists_number_too() -> None:
    labels = _labels()
    styled = etree.fromstring(f'<w:p {_W}><w:pPr><w:pStyle w:val="s"/></w:pPr></w:p>')
    assert [labels.label(styled), labels.label(styled), labels.label(_paragraph(4))] == ["第1条", "第2条", "第3条"]


def test_paragraphs_outside_of_lists_have_no_label() -> None:
    labels = _labels()
    assert labels.label(etree.fromstring(f"<w:p {_W}/>")) == ""
    assert labels.label(_paragraph(0)) == ""
    assert labels.label(_paragraph(9)) == ""
    assert Labels(None, Styles(None)).label(_paragraph(1)) == ""


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCountingThousand", "一百〇五"),
        (110, "chineseCountingThousand", "一百一十"),
        (2001, "chineseCountingThousand", "二千〇一"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (105, "ideographDigital", "一〇五"),
        (3, "ideographTraditional", "丙"),
        (11, "ideographTraditional", "11"),
        (2, "ideographZodiac", "丑"),
        (28, "lowerLetter", "bb"),
        (3, "upperLetter", "C"),
        (14, "lowerRoman", "xiv"),
        (1994, "upperRoman", "MCMXCIV"),
        (7, "decimalZero", "07"),
        (12, "decimalFullWidth", "１２"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircleChinese", "21"),
        (5, "unheardOf", "5"),
        (0, "chineseCounting", "0"),
    ],
)
def test_number_formats(value: int, style: str, printed: str) -> None:
    assert print_number(value, style) == printed


def test_counting_is_said_without_leading_one() -> None:
    assert [counting(value) for value in (1, 10, 11, 19, 21, 99)] == ["一", "十", "十一", "十九", "二十一", "九十九"]

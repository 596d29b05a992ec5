"""What a single printed text looks like: a number, a heading, a caption beside a table, a page number."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from services.extractor.headings import heading_level

BLANK = " \t\r\n\u3000\u00a0\u200b\ufeff"


class Look(Enum):
    """The kind of a cell by its characters alone. A bare integer may be a code, an ordinal or an amount."""

    BLANK = 0
    TEXT = 1
    NUMBER = 2
    INTEGER = 3
    DASH = 4


#: Characters of the longest amount: trillions in 元 with separators and a unit.
_LONGEST_NUMBER = 28
_NUMBER = re.compile(r"[(]?[-+−]?[¥]?[0-9]{1,3}(?:,[0-9]{3})*(?:[.][0-9]+)?[)]?|[(]?[-+−]?[¥]?[0-9]+(?:[.][0-9]+)?[)]?")
_MEASURED = re.compile(r"[<>=≥≤]?[-+−]?[0-9][0-9,]*(?:[.][0-9]+)?(?:万元|元|万|%)")
_INTEGER = re.compile(r"[0-9]{1,9}")
_DASH = re.compile(r"[-—–－−─/]{1,4}")
_SPACE = re.compile(r"[\s\u3000\u00a0]+")

_SECOND = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]")
_THIRD = re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]")
_HASHES = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
#: Characters of the longest heading or title of a table.
LONGEST_HEADING = 60

_CAPTION = re.compile(
    r"(?:公[开開]|附)?\s*0?[0-9]{1,2}\s*表$|公[开開]\s*[0-9]{1,2}\s*表?$|[财財][决決](?:公[开開])?\s*[0-9]{1,2}\s*表"
    r"|(?:[编編]制|填[报報]|填列|[预預]算|公[开開]|[项項]目)?\s*(?:部[门門]|[单單]位)\s*(?:名[称稱])?"
    r"\s*(?:[(（][^)）]{0,12}[)）])?\s*[:：]"
    r"|(?:金[额額])?\s*(?:[计計]量)?[单單]位\s*[:：]?\s*(?:人民[币幣])?\s*(?:百?[万萬]元|元|[亿億]元|千元)"
    r"|(?:填[报報]|[编編]制)?日期\s*[:：]"
)
_YEAR = re.compile(r"(?:20[0-9]{2})\s*年度?$")
_NOTE = re.compile(r"(?:[备備]?\s*[注註]|[说說]\s*明)\s*[0-9一二三四五]{0,2}\s*[:：.、]")
_TITLE = re.compile(r"(?:表|明细)(?:\s*[(（][^)）]{1,20}[)）])?\s*$")
_CONTINUED = re.compile(r"[(（]?\s*(?:接上[页頁]|[续續]上?表(?:[一二三四五0-9]{1,2})?|上接.{0,12})\s*[)）]?")
_BARE_PAGE = re.compile(r"[0-9]{1,3}")
_PAGE_NUMBER = re.compile(
    r"[—\-–－·_]+\s*[0-9]{1,4}\s*[—\-–－·_]+|第\s*[0-9]{1,4}\s*页(?:\s*[,，/]?\s*[(（]?共\s*[0-9]{1,4}\s*页[)）]?)?|[Pp]age\s*[0-9]{1,4}"
)
_PARENT = re.compile(r"(?:经费|收入|支出|预算|决算|情况)(?:数|[(（].{0,8}[)）])?$")
_LONGEST_PARENT = 20
_LEADER = re.compile(r"[.．·…•]{3,}[\s.．·…]*[0-9IVXivx]{0,4}$")
_LONGEST_CAPTION = 80


def look(text: str) -> Look:
    """The kind of cell that `text` makes; spaces inside a number ("28. 49") and full-width digits do not hide it."""
    bare = _SPACE.sub("", text)
    if not bare:
        return Look.BLANK
    if len(bare) > _LONGEST_NUMBER:
        return Look.TEXT
    bare = unicodedata.normalize("NFKC", bare)
    if _INTEGER.fullmatch(bare):
        return Look.INTEGER
    if _NUMBER.fullmatch(bare) or _MEASURED.fullmatch(bare):
        return Look.NUMBER
    return Look.DASH if _DASH.fullmatch(bare) else Look.TEXT


def is_amount(text: str) -> bool:
    """Whether `text` is a bare number with no unit behind it."""
    return look(text) in {Look.NUMBER, Look.INTEGER} and not text.rstrip(BLANK).endswith(("元", "万", "%", "％"))


def heading(text: str) -> tuple[str, int] | None:
    """Text and level of a heading: by its numbering, else by `#` signs; None for a line of running text."""
    marked = _HASHES.match(text)
    bare = (marked[2] if marked else text).strip(BLANK)
    if not bare or is_contents_line(bare):
        return None
    level = heading_level(bare)
    if marked:
        return bare, level or len(marked[1])
    return None if level is None or bare.endswith(("：", ":")) else (bare, level)


def is_enumerated(text: str) -> bool:
    """Whether `text` begins with 一、 or （一）."""
    return bool(_SECOND.match(text) or _THIRD.match(text))


def is_caption(text: str) -> bool:
    """Whether `text` is a line beside a table: 公开01表, 部门：…, 金额单位：万元."""
    return len(_SPACE.sub("", text)) <= _LONGEST_CAPTION and _CAPTION.match(text) is not None


def is_year(text: str) -> bool:
    """Whether `text` is nothing but a year: 2024年度."""
    return _YEAR.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Whether `text` is a note to a table: 注：…, 说明：…."""
    return _NOTE.match(text) is not None


def is_title(text: str) -> bool:
    """Whether `text` can be the title of a table: it ends in 表."""
    return len(text) <= LONGEST_HEADING and _TITLE.search(text) is not None


def is_parent(text: str) -> bool:
    """Whether a lone text above a table can be a caption over all of its columns: 财政拨款“三公”经费."""
    return len(text) <= _LONGEST_PARENT and _PARENT.search(text) is not None


def is_page_number(text: str) -> bool:
    """Whether a line is a printed page number (— 12 —, 第 3 页 共 20 页) and nothing else."""
    return _PAGE_NUMBER.fullmatch(text) is not None


def is_between_pages(text: str) -> bool:
    """Whether a line inside a table is what stands between two pages: a bare page number, （续表）."""
    return _BARE_PAGE.fullmatch(text) is not None or _CONTINUED.fullmatch(text) is not None


def is_contents_line(text: str) -> bool:
    """Whether a line is an entry of a table of contents with a dotted leader."""
    return _LEADER.search(text[-40:]) is not None

"""The small print above and under a table: number, unit, whose table it is, which year, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from shared.catalogue.text import fold, simplify, squeeze
from shared.contracts.report import Unit

_NUMBER = re.compile(
    r"(?:财决)?公开\d{1,2}(?:-\d)?表?|(?:附表|附件|表)[\d一二三四五六七八九十]{1,3}(?![\d\w])|[zZ]\d{2}(?:-\d)?(?:表)?$"
)
#: 元 at the beginning of a place (元江, 元谋, 元氏) is no unit
_PLACE = r"(?![\u4e00-\u9fff]{1,16}?(?:县|市|区|旗|州|局|镇|乡|街))"
_UNIT = re.compile(
    rf"(?:金额)?单位(?:名称)?[:]?(?:人民币)?[\(]?(万元|元|千元|百万元|亿元){_PLACE}[\)]?"
    r"|[\(](?:单位:)?(万元|元|千元|百万元|亿元)[\)]"
)
_BARE_UNIT = re.compile(rf"(?:金额)?单位[:]?(?:人民币)?(百万元|[千万亿]?元){_PLACE}")
_ENTITY = re.compile(
    r"(?:公开部门|部门名称|单位名称|部门\(单位\)(?:名称)?|单位\(部门\)(?:名称)?|部门/单位|编制部门|编制单位|填报单位|填报部门|公开单位|预算部门|预算单位"
    rf"|部门|单位)[:]\s*(?![百千万亿]*元{_PLACE}|人民币)(.+?)"
    r"(?=金额单位|单位:|20\d\d年|公开\d|$)"
)
_YEAR = re.compile(r"(20\d\d)年度?")
_CHINESE_YEAR = re.compile(r"([二][〇○零O0][一二三四五六七八九〇○零]{2})年度?")
_YEAR_LINE = re.compile(
    r"\(?(?:20\d\d年度?|[二〇○零o0一三四五六七八九]{4}年度?|20\d\d年.{0,30}决算(?:公开|公开表|报表)?)\)?"
)
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注)\d?[:.、]?|^\*|无数据|^\(?[本此该]表(?:反映|无|为空|没有)|空表[。)]*$|没有.{0,40}(?:收入|支出|收支)"
    r"|^[本我](?:部门|单位|[局委办厅院校会所站馆队处镇乡县区市]|中心|街道).{0,40}(?:无|没有|未发生|未安排|不涉及|不存在)"
)
_EDGES = "_:：-—　 （(《"
_LONGEST_CAPTION = 90


@dataclass(frozen=True)
class Captions:
    """What the lines beside a table say; `unit_printed` is the unit as printed (also one juesuan does not take)."""

    number: str | None = None
    unit: Unit | None = None
    unit_printed: str | None = None
    entity: str | None = None
    year: int | None = None

    def over(self, other: Captions) -> Captions:
        """This, completed by `other` where it says nothing."""
        unit, printed = (self.unit, self.unit_printed) if self.unit_printed else (other.unit, other.unit_printed)
        return replace(
            self,
            number=self.number or other.number,
            unit=unit,
            unit_printed=printed,
            entity=self.entity or other.entity,
            year=self.year or other.year,
        )


def read_year(text: str) -> int | None:
    """The first year (2024年度, 二〇二四年度) in `text`."""
    folded = fold(text)
    if match := _YEAR.search(folded):
        return int(match[1])
    if match := _CHINESE_YEAR.search(folded):
        digits = match[1].translate(str.maketrans("二", "2")).translate(_DIGITS)
        return int(digits)
    return None


def read_unit(text: str) -> tuple[Unit | None, str | None]:
    """The unit that a caption names, and how it is printed ."""
    folded = fold(text)
    match = _BARE_UNIT.search(folded) or _UNIT.search(folded)
    if not match:
        return None, None
    printed = next(group for group in match.groups() if group)
    return Unit(printed), printed


def read_caption(text: str) -> Captions | None:
    """What one line says; None if it is no caption (too long, or nothing of a caption in it)."""
    folded = fold(text)
    if not folded or len(folded) > _LONGEST_CAPTION or is_note(text):
        return None
    unit, printed = read_unit(text)
    number = _NUMBER.search(folded)
    entity = _entity(text)
    year = (
        read_year(text)
        if re.fullmatch(r".{0,30}?(?:20\d\d|[二〇○零一三四五六七八九]{4})年度?.{0,40}", folded)
        else None
    )
    if not (printed or number or entity or year):
        return None
    return Captions(number[0] if number else None, unit, printed, entity, year)


def _entity(text: str) -> str | None:
    """The name behind 部门： or 单位名称：, as printed but for white space."""
    plain = squeeze(text)
    match = _ENTITY.search(simplify(plain).replace("：", ":").replace("（", "(").replace("）", ")"))
    if not match:
        return None
    name = plain[match.start(1) : match.end(1)].strip(_EDGES)
    return name if 2 <= len(name) <= 40 and not re.fullmatch(r"[\d.,]+", name) else None  # noqa: PLR2004


def is_note(text: str) -> bool:
    """Whether a line under or in a table is a note: 注：, 说明：, 本表无数据."""
    return bool(_NOTE.search(fold(text)))


def is_caption_line(text: str) -> bool:
    """Whether `text` as a whole is small print (number, unit, entity, year, a lone 表 or 元 of a broken line)."""
    folded = fold(text)
    if folded in {"表", "元", "万元", "千元", "亿元"} or _YEAR_LINE.fullmatch(folded):
        return True
    caption = read_caption(text)
    return caption is not None and bool(caption.number or caption.unit_printed or caption.entity)

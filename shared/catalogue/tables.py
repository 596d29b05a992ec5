"""The ten public tables by meaning: their names, and which table a printed title speaks of, in every wording met."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.catalogue.text import fold
from shared.contracts.base import Text

TITLES: dict[str, Text] = {
    "T01": Text(zh="收入支出决算总表", en="Income and expenditure summary"),
    "T02": Text(zh="收入决算表", en="Income"),
    "T03": Text(zh="支出决算表", en="Expenditure"),
    "T04": Text(zh="财政拨款收入支出决算总表", en="Fiscal appropriation summary"),
    "T05": Text(zh="一般公共预算财政拨款支出决算表", en="General budget expenditure"),
    "T06": Text(zh="一般公共预算财政拨款基本支出决算表", en="General budget basic expenditure by item"),
    "T07": Text(zh="政府性基金预算财政拨款收入支出决算表", en="Government fund budget"),
    "T08": Text(zh="国有资本经营预算财政拨款支出决算表", en="State capital operating budget"),
    "T09": Text(zh="财政拨款“三公”经费支出决算表", en="Travel abroad, vehicles and receptions"),
    "T10": Text(zh="部门决算公开相关信息统计表", en="Procurement, operating costs and assets"),
}

_LONGEST_TITLE = 48
_SHORTEST_TITLE = 2
_NUMERAL = "一二三四五六七八九十百〇"
_LEADING = re.compile(
    rf"^(?:\(?[{_NUMERAL}]+[\)、.,:]+|\(\d+\)|\d{{1,2}}[、.:\-_ ]+|"
    rf"(?:附件|附表|附|表|公开|财决公开|财决|z|gk)0?[\d{_NUMERAL}]+(?:-\d)?(?:表)?[:、.\-_]*|#+)"
)
_LEADING_DIGITS = re.compile(r"^\d{1,2}(?=[^\d年])")
_YEAR = re.compile(rf"(?:20\d\d|[{_NUMERAL}○]{{4}})年度?")
_TRAILING = re.compile(
    r"(?:\((?:续|续表|续\d+|接上页|\d+)\)|[-—]?续表?\d?|\((?:财决)?公开\d+表\)|\((?:单位:)?[千万亿]?元\)|\(公开表\)"
    r"|(?<=表)\d{1,2})$"
)
_NOT_TITLE = re.compile(r"[。;！!？?]|\.{3,}|…|·{3,}|说明$|如下|详见|反映|参见|按照")
_TABLE_END = re.compile(r"表(?:\([^)]{0,20}\))?$")
_CONTINUED = re.compile(r"续表?\d?\)?$|\(续")
_OTHER = re.compile(
    r"绩效|自评|评价|目标|指标|清单|单位构成|机构设置|人员情况|购买服务|得分|名单|目录|审批|申报|登记表|台账|调查|统计报表|明细账"
)


@dataclass(frozen=True)
class TitleMatch:
    """What a title says. `table` is T01..T10, or None for a table of another kind; `weight` grows with certainty.

    `core` is the title without year, numbering and 续; `continued` says whether （续） is printed.
    """

    table: str | None
    core: str
    weight: int
    continued: bool = False


def title_core(text: str) -> str:
    """`text` folded, without numbering, year, quotes, 公开NN表 and （续）."""
    core = re.sub(r"[\"'<>《》*#]", "", fold(text))
    before = ""
    while core != before:
        before = core
        core = _LEADING_DIGITS.sub("", _YEAR.sub("", _TRAILING.sub("", _LEADING.sub("", core)))).strip(":_-— ")
    return core


@lru_cache(maxsize=16_384)
def read_title(text: str, *, strict: bool = True) -> TitleMatch | None:
    """What table the title `text` announces; None if it is no table title at all.

    `strict` wants the word 表 at the end, as printed titles have; names of worksheets may do without it.
    """
    folded = fold(text)
    if not folded or len(folded) > _LONGEST_TITLE + 20 or _NOT_TITLE.search(folded):
        return None
    core = title_core(text)
    if len(core) < _SHORTEST_TITLE or len(core) > _LONGEST_TITLE or "," in core or (":" in core and "单位" in core):
        return None
    if strict and not _TABLE_END.search(core):
        return None
    table = _table_of(core)
    weight = 0 if table is None else 1 + 2 * ("决算" in core) + (table in _STRONG and bool(_STRONG[table].search(core)))
    if "按单位" in core or "分单位" in core:
        weight = 0
    return TitleMatch(table, core, weight, bool(_CONTINUED.search(folded)))


#: wordings that leave no doubt, where another table of the same document may carry a similar title
_STRONG = {
    "T05": re.compile(r"公共预算.*拨款支出决算表$"),
    "T06": re.compile(r"公共预算.*基本支出"),
    "T07": re.compile(r"基金.*收入支出"),
    "T08": re.compile(r"国有资本.*支出"),
    "T02": re.compile(r"收入决算(?:总)?表$"),
    "T03": re.compile(r"支出决算(?:总)?表$"),
}


#: (table, words that tell it, words that make it a table of another kind)
_TELLING = (
    ("T09", r"三公", ""),
    ("T10", r"机构运行|资产占用|相关信息|资产信息|机关运行|政府采购", r"计划|目录"),
    ("T07", r"政府性基金", r"基本支出|项目|明细"),
    ("T08", r"国有资本", r"基本支出|项目|明细"),
    ("T06", r"基本支出", r"项目"),
)


def _table_of(core: str) -> str | None:
    """The table a title core speaks of, the most telling words first."""
    if _OTHER.search(core):
        return None
    for table, words, unless in _TELLING:
        if re.search(words, core):
            return None if unless and re.search(unless, core) else table
    if re.search(r"项目|明细", core) or not re.search(r"收入|支出|收支", core):
        return None
    return _flow(core)


def _flow(core: str) -> str | None:
    """The tables that differ only in 收入, 支出, 收支 and in whose money it is."""
    both = bool(re.search(r"收入.?支出|收支", core))
    if re.search(r"公共(?:财政)?预算", core):
        return "T04" if both and "总" in core else "T05" if "支出" in core or both else None
    if "财政拨款" in core or "财政补助" in core:
        return "T04" if both else "T05" if "支出" in core else None
    return "T01" if both else "T02" if "收入" in core else "T03"

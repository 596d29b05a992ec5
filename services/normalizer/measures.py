"""From the path of headings to what an amount column measures, at which phase, on which side, of whose money."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.catalogue.text import fold
from shared.contracts.report import Fund, Measure, Phase, Side

_T02 = (
    (Measure.EDUCATION_FEES, r"教育收费"),
    (Measure.INCOME_TOTAL, r"本年收入(?:合计)?$|^合计$|^总计$|收入合计"),
    (Measure.FISCAL, r"财政拨款|财政补助收入"),
    (Measure.UPPER_SUBSIDY, r"上级补助"),
    (Measure.SUBORDINATE_REMIT, r"附属单位(?:上缴|缴款)"),
    (Measure.BUSINESS, r"经营收入"),
    (Measure.INSTITUTION, r"^事业收入|事业收入(?:/小计|/合计|/金额)?$"),
    (Measure.OTHER_INCOME, r"其他收入"),
)
_T03 = (
    (Measure.UPPER_REMIT, r"上缴上级"),
    (Measure.SUBORDINATE_SUBSIDY, r"附属单位补助"),
    (Measure.BUSINESS_EXPENDITURE, r"经营支出"),
    (Measure.BASIC, r"^基本支出(?:/(?:小计|合计))?$"),
    (Measure.PROJECT, r"^项目支出(?:/(?:小计|合计))?$"),
    (Measure.TOTAL, r"本年支出(?:合计)?$|^合计$|^总计$|支出合计"),
)
_SPENDING = (
    (Measure.CARRY_IN, r"^(?:年初|上年)[^/]*(?:结转|结余)(?:/(?:合计|小计))?$"),
    (Measure.CARRY_OUT, r"^(?:年末|期末|结转下年)[^/]*(?:/(?:合计|小计))?$"),
    (Measure.INCOME, r"^本年(?:.{0,10})收入(?:合计)?(?:/(?:合计|小计))?$"),
    (Measure.BASIC, r"^(?!本年收入|年初|年末|上年)(?:.*/|.*本年支出|支出)?(?:其中:)?基本支出(?:/(?:小计|合计))?$"),
    (Measure.PROJECT, r"^(?!本年收入|年初|年末|上年)(?:.*/|.*本年支出|支出)?(?:其中:)?项目支出(?:/(?:小计|合计))?$"),
    (
        Measure.TOTAL,
        r"^(?:本年支出(?:合计)?|支出(?:合计|决算数)?|决算数|本年支出决算数)?/?(?:小计|合计|总计|本年支出|支出合计|本年支出合计)?$",
    ),
)
_T04 = (
    (Measure.GENERAL, r"公共(?:财政)?预算"),
    (Measure.FUND, r"政府性基金"),
    (Measure.SOE, r"国有资本"),
)
_ITEMS = (
    (Measure.VEHICLE, r"^公务用车费|^公务用车$"),
    (Measure.ABROAD, r"出国|出境"),
    (Measure.RECEPTION, r"接待"),
    (Measure.CONFERENCE, r"会议"),
    (Measure.TRAINING, r"培训"),
)
#: details of the items and statistics beside them: 国内接待费, 接待批次, 保有量
_PART_OF_ITEM = re.compile(r"国内接待|外事接待|\(境\)外接待|批次|人次|人数|团组|保有量|购置数|辆|\(个\)|\(人")
_BUDGET_WORDS = re.compile(r"一般公共(?:财政)?预算|政府性基金预算|国有资本经营预算|公共财政预算|预算单位")
_PHASE = re.compile(
    r"(?:年初|全年|调整后?|本年)?(?:预算数|决算数|(?<!公共)(?<!基金)(?<!经营)(?<!公共财政)预算$|决算$)|^(?:预算|决算)$"
)
_YEAR = re.compile(r"(20\d\d)年")
_UNIT = re.compile(r"(?:20\d\d年度?)|\((?:单位:)?[百千万亿]*元\)")
_SINGLE = {
    "T02": (_T02, Side.INCOME),
    "T03": (_T03, Side.EXPENDITURE),
    "T05": (_SPENDING, Side.EXPENDITURE),
    "T07": (_SPENDING, Side.EXPENDITURE),
    "T08": (_SPENDING, Side.EXPENDITURE),
}
_FUNDS = {
    "T01": Fund.ALL,
    "T02": Fund.ALL,
    "T03": Fund.ALL,
    "T04": Fund.FISCAL,
    "T05": Fund.GENERAL,
    "T06": Fund.GENERAL,
    "T07": Fund.FUND,
    "T08": Fund.SOE,
    "T09": Fund.FISCAL,
}
_INCOME_MEASURES = {Measure.CARRY_IN, Measure.INCOME}


def phase_of(path: Sequence[str]) -> Phase:
    """年初预算数, 全年预算数 or 决算数, read from the whole path; 一般公共预算 is no phase."""
    words = _BUDGET_WORDS.sub("", fold("/".join(path)))
    if "决算" in words or "支出数" in words or "执行数" in words:
        return Phase.OUTTURN
    if re.search(r"年初预算", words):
        return Phase.ORIGINAL_BUDGET
    return Phase.BUDGET if "预算" in words else Phase.OUTTURN


def names_phase(label: str) -> bool:
    """Whether a row label is 预算数 or 决算数: forms that print the items of 三公 as columns and the phases as rows."""
    return bool(re.search(r"预算数?$|决算数?$|支出数$|执行数$", _BUDGET_WORDS.sub("", fold(label))))


def phase_free(path: Sequence[str]) -> str:
    """The path folded and joined by /, without parts that only name a phase."""
    parts = [_UNIT.sub("", fold(part)) for part in path]
    bare = [_PHASE.sub("", part) for part in parts]
    return "/".join(part for part in bare if part)


def measure_of(table: str, path: Sequence[str], side: Side | None, whole: str, year: int | None = None) -> Measure:
    """The measure of a column of `table` under `path`; `whole` are all headings of the table.

    Columns of another year than `year`, and of what changed since, have none.
    """
    words = phase_free(path)
    part = table == "T02" and len(path) > 1 and fold(path[-1]).startswith("其中") and "教育收费" not in words
    if part or _of_another_year(path, year):
        return Measure.UNCLASSIFIED
    if table in {"T01", "T06", "T10"}:
        return _amount_or(table, words)
    if table == "T04":
        return Measure.AMOUNT if side is Side.INCOME else _fiscal(words)
    if table == "T09":
        return san_gong_measure(words, whole)
    if table in _SINGLE:
        patterns, _ = _SINGLE[table]
        return next((measure for measure, pattern in patterns if re.search(pattern, words)), Measure.UNCLASSIFIED)
    return Measure.UNCLASSIFIED


def _of_another_year(path: Sequence[str], year: int | None) -> bool:
    words = fold("/".join(path))
    printed = {int(found) for found in _YEAR.findall(words)}
    changed = re.search(r"增减|增加额|减少额|同比|差额(?!$)|上年(?:决算|预算|支出|收入|数)|去年", words)
    return bool(changed) or bool(year is not None and printed and year not in printed)


def _amount_or(table: str, words: str) -> Measure:
    """AMOUNT, but for the columns 人员经费, 公用经费 that some forms of T06 print beside the total of a row."""
    leaf = words.rsplit("/", 1)[-1]
    if table == "T06" and re.fullmatch(r"(?:其中:)?(?:人员|公用|日常公用)经费", leaf):
        return Measure.UNCLASSIFIED
    return Measure.AMOUNT


def _fiscal(words: str) -> Measure:
    found = next((measure for measure, pattern in _T04 if re.search(pattern, words.rsplit("/", 1)[-1])), None)
    return found or Measure.TOTAL


def san_gong_measure(words: str, whole: str = "") -> Measure:
    """The item of 三公 that a heading or a row label (folded, parts joined by /) names."""
    parts = words.split("/")
    for position in range(len(parts) - 1, -1, -1):
        measure = _item(parts[position])
        if measure is not None:
            return measure
    if re.search(r"(?:^|/)(?:合计|小计|总计|支出合计)$|三公.?经费(?:支出)?(?:合计|小计)?$", words):
        extra = "会议费" in whole or "培训费" in whole
        outer = extra and "三公" in whole and "小计" in whole and "三公" not in words and "小计" not in words
        return Measure.UNCLASSIFIED if outer and re.search(r"三公.{0,8}/小计", whole) else Measure.SAN_GONG_TOTAL
    return Measure.UNCLASSIFIED


def _item(part: str) -> Measure | None:
    if _PART_OF_ITEM.search(part):
        return None
    operation, purchase = "运行" in part, "购置" in part
    if "车" in part and (operation or purchase or "小计" in part):
        if operation and purchase:
            return Measure.VEHICLE
        return Measure.VEHICLE_PURCHASE if purchase else Measure.VEHICLE_OPERATION if operation else Measure.VEHICLE
    if "三公" in part:
        return None
    return next((measure for measure, words in _ITEMS if re.search(words, part)), None)


def side_of(table: str, group: int, path: Sequence[str], measure: Measure) -> Side | None:
    """Income or expenditure side of a column."""
    if table in {"T01", "T04"}:
        words = fold(path[0]) if path else ""
        if words.startswith("收入"):
            return Side.INCOME
        return Side.EXPENDITURE if words.startswith("支出") or group > 0 else Side.INCOME
    if table in {"T05", "T07", "T08"}:
        return Side.INCOME if measure in _INCOME_MEASURES else Side.EXPENDITURE
    if table in _SINGLE:
        return _SINGLE[table][1]
    return Side.EXPENDITURE if table in {"T06", "T09"} else None


def fund_of(table: str, measure: Measure, title: str) -> Fund | None:
    """Whose money a column speaks of."""
    if table == "T04":
        return {Measure.GENERAL: Fund.GENERAL, Measure.FUND: Fund.FUND, Measure.SOE: Fund.SOE}.get(measure, Fund.FISCAL)
    if table == "T02" and measure is Measure.FISCAL:
        return Fund.FISCAL
    if table == "T09" and "公共预算" in fold(title):
        return Fund.GENERAL
    return _FUNDS.get(table)

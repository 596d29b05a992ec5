"""The rows of the official forms: which canonical key a printed row label stands for, in the wordings of all years."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from shared.catalogue import keys
from shared.catalogue.codes import codes_named, entries_of
from shared.catalogue.files import read_rows
from shared.catalogue.text import fold, without_prefix
from shared.contracts.report import CodeSystem

#: sub-rows that some forms print under 年初/年末结转和结余 and 结余分配; they repeat parts of the row above
CARRY_PARTS = {"basic": "基本支出", "project": "项目支出", "business": "经营"}

_LEAD = re.compile(r"^(?:其中[:,]?|加[:,]|减[:,])?(?:\(?[一二三四五六七八九十]+[\)、.,]|\(?\d{1,2}[\)、.])?")
_CODE_LEAD = re.compile(r"^(?:\[\d{3}\]|\(\d{3}\)|\d{3})(?=[^\d.,])")
_PATTERNS_INCOME = (
    (keys.TOTAL_INCOME_CURRENT, r"本年收入(?:合计|总计|小计)?|收入合计"),
    (keys.GRAND_TOTAL_INCOME, r"总计|收入总计|合计|收入总合计"),
    (keys.NONFISCAL_BALANCE_USED, r"(?:使用非财政拨款结余|用事业基金弥补收支差额|使用专用结余|用事业基金弥补).*"),
    (keys.CARRY_IN, r"(?:年初|上年)(?:财政拨款)?(?:结转和结余|结转结余|结余结转|结转|结余)(?:资金)?"),
    (keys.FISCAL_GENERAL, r"(?:一般)?公共(?:财政)?预算(?:财政)?拨款(?:收入)?|一般公共预算收入"),
    (keys.FISCAL_FUND, r"政府性基金(?:预算)?(?:财政)?(?:拨款)?(?:收入)?"),
    (keys.FISCAL_SOE, r"国有资本经营(?:预算)?(?:财政)?(?:拨款)?(?:收入)?"),
    (keys.FISCAL_TOTAL, r"财政拨款(?:收入)?|财政补助收入"),
    (keys.UPPER_SUBSIDY, r"上级补助收入"),
    (keys.INSTITUTION_INCOME, r"事业收入"),
    (keys.BUSINESS_INCOME, r"(?:事业单位)?经营收入"),
    (keys.SUBORDINATE_REMIT, r"附属单位上缴收入|附属单位缴款"),
    (keys.OTHER_INCOME, r"其他收入"),
)
_PATTERNS_EXPENDITURE = (
    (keys.TOTAL_EXP_CURRENT, r"本年支出(?:合计|总计|小计)?|支出合计"),
    (keys.GRAND_TOTAL_EXP, r"总计|支出总计|合计|支出总合计"),
    (keys.SURPLUS_ALLOCATION, r"结余分配(?:合计)?"),
    (keys.CARRY_OUT, r"(?:年末|结转下年|期末)(?:财政拨款)?(?:结转和结余|结转结余|结余结转|结转|结余)?(?:资金)?"),
)
_UNDER_CARRY_IN = {
    keys.FISCAL_GENERAL: keys.CARRY_IN_GENERAL,
    keys.FISCAL_FUND: keys.CARRY_IN_FUND,
    keys.FISCAL_SOE: keys.CARRY_IN_SOE,
}
_CLASS_ALIASES = {
    "文化体育与传媒支出": "207",
    "文化旅游与传媒支出": "207",
    "医疗卫生支出": "210",
    "医疗卫生与计划生育支出": "210",
    "资源勘探信息等支出": "215",
    "资源勘探电力信息等支出": "215",
    "资源勘探工业信息支出": "215",
    "国土海洋气象等支出": "220",
    "国土资源气象等支出": "220",
    "社会保险基金支出": "209",
    "预备费": "227",
    "转移性支出": "230",
    "粮油物资管理事务": "222",
    "灾害防治与应急管理支出": "224",
    "抗疫特别国债安排支出": "234",
}
_OPERATING = (
    (keys.OPERATING_REFERENCE, r"(?:参照|参公).*事业"),
    (keys.OPERATING_ADMINISTRATIVE, r"^行政单位"),
    (keys.VEHICLES_TOTAL, r"^车辆数?(?:合计|数量|总数)|^车辆数"),
    (keys.LARGE_EQUIPMENT, r"(?:单价|单位价值).*(?<!\d)(?:50|100)万元.*(?:设备|仪器)"),
)
_PROCUREMENT = (
    (keys.PROCUREMENT_GOODS, "货物"),
    (keys.PROCUREMENT_WORKS, "工程"),
    (keys.PROCUREMENT_SERVICES, "服务"),
)
_VEHICLE_WORDS = (
    ("ministerial", r"副部"),
    ("leading", r"主要领导|主要负责人|领导干部用车|主要领导干部"),
    ("confidential", r"机要"),
    ("emergency", r"应急"),
    ("law_enforcement", r"执法执勤"),
    ("special", r"特种专业"),
    ("retired", r"离退休"),
    ("other", r"其他用车|其他车辆|其他公务用车|业务用车"),
)


@lru_cache(maxsize=16_384)
def bare_label(label: str) -> str:
    """A row label folded, without 其中：, numbering and 加：."""
    return _LEAD.sub("", fold(label))


def income_key(label: str, *, under_carry_in: bool) -> str | None:
    """The key of an income row of T01 or T04; `under_carry_in` once the 年初…结转和结余 row was passed."""
    bare = bare_label(label)
    key = _match(bare, _PATTERNS_INCOME)
    return _UNDER_CARRY_IN.get(key or "", key) if under_carry_in else key


def expenditure_key(label: str, year: int | None) -> str | None:
    """The key of an expenditure row of T01 or T04: the class code ("201") or the word of a sum or balance row."""
    bare = bare_label(label)
    return _match(bare, _PATTERNS_EXPENDITURE) or class_code(bare, year)


@lru_cache(maxsize=4_096)
def class_code(name: str, year: int | None) -> str | None:
    """The three digits of the functional class with this name in `year`, or in any year if `year` knows none."""
    bare = _CODE_LEAD.sub("", fold(name))
    known = _class_labels().get(bare) or _CLASS_ALIASES.get(bare)
    if known:
        return known
    for wanted in (year, None):
        for entry in codes_named(bare, CodeSystem.FUNCTIONAL, wanted):
            if len(entry.code) == 3:  # noqa: PLR2004
                return entry.code
    return None


def carry_part(label: str) -> str | None:
    """Which part of a carry-over a sub-row prints ("basic", "project", "business"); None if it is no such row."""
    bare = bare_label(label)
    if "结转" not in bare and "结余" not in bare:
        return None
    return next((part for part, word in CARRY_PARTS.items() if bare.startswith(word)), None)


def operating_key(section: str, label: str) -> str | None:
    """The key of a row of T10 below the heading `section` ("" if there is none)."""
    bare, under = bare_label(label), fold(section)
    plain = next((key for key, words in _OPERATING if re.search(words, bare)), None)
    if plain:
        return plain
    if "车" in bare:
        return next((f"vehicles_{name}" for name, words in _VEHICLE_WORDS if re.search(words, bare)), None)
    return _procurement_key(bare, under) if "采购" in under + bare or not under else None


def _procurement_key(bare: str, under: str) -> str | None:
    core = re.sub(r"^(?:其中:)?政府采购", "", bare)
    part = next((key for key, word in _PROCUREMENT if core.startswith(word)), None)
    if part:
        return part
    if re.match(r"(?:支出)?(?:合计|总额|总计)|支出(?:金额|决算)", core) and (core != bare or "采购" in under):
        return keys.PROCUREMENT_TOTAL
    return None


def wrapped_name(code: str, system: CodeSystem, head: str, tail: str) -> bool:
    """Whether `tail`, printed in the row below, evidently continues the name `head` of `code`."""
    whole, start = fold(head + tail), fold(head)
    names = [fold(entry.name) for entry in entries_of(code, system)]
    return any(name.startswith(whole) and start != name for name in names)


def _match(bare: str, patterns: tuple[tuple[str, str], ...]) -> str | None:
    return next((key for key, words in patterns if re.fullmatch(words, bare)), None)


@cache
def _class_labels() -> dict[str, str]:
    return {
        fold(without_prefix(row["label"])): row["key_or_code"]
        for row in read_rows("t01_t04_rows")
        if row["key_or_code"].isdigit()
    }

"""What a layout can choose. Every choice has been seen in a published account of some province and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.corpus.money import Money

TITLES: Mapping[str, str] = {
    "T01": "收入支出决算总表",
    "T02": "收入决算表",
    "T03": "支出决算表",
    "T04": "财政拨款收入支出决算总表",
    "T05": "一般公共预算财政拨款支出决算表",
    "T06": "一般公共预算财政拨款基本支出决算表",
    "T07": "政府性基金预算财政拨款收入支出决算表",
    "T08": "国有资本经营预算财政拨款支出决算表",
    "T09": "财政拨款“三公”经费支出决算表",
    "T10": "部门决算公开相关信息统计表",
    "XP": "一般公共预算财政拨款项目支出决算表",
    "XL": "项目支出决算明细表",
    "XS": "项目支出绩效自评表",
}


@dataclass(frozen=True)
class Layout:
    """One province's way to lay out the same account. `years` is first and last year in which it is used."""

    id: str
    province: str
    years: tuple[int, int]
    order: tuple[str, ...]
    money: Money = field(default_factory=Money)
    titles: Mapping[str, str] = field(default_factory=dict)
    label: Literal["公开{:02d}表", "附表{}", "表{}", ""] = "公开{:02d}表"
    entity_word: str = "部门"
    unit_word: str = "金额单位"
    year_line: bool = True
    caption_lines: Literal["separate", "joined"] = "separate"
    ordinals: bool = True
    split_codes: bool = False
    code_word: str = "功能分类科目编码"
    econ_code_word: str = "科目编码"
    lead_word: str = "项目"  # heading over code and name; "" if the form has none
    header_depth: int = 2
    sides: bool = True  # the row 收入 | 支出 over T01
    sides_t04: bool = True
    amount_word: str = "金额"
    phases: bool = False  # T01 with 年初预算数 | 全年预算数 | 决算数
    classes: Literal[24, 26] = 26
    t05_parent: str = "本年支出"
    t05_total: str = "小计"
    total_last: bool = False
    t06_groups: Literal[1, 2, 3, 4] = 3
    t06_full: bool = False
    t06_parents: bool = True
    indent: bool = False
    t08_flow: bool = False
    t09: Literal["blocks", "pairs", "rows"] = "blocks"
    t09_fees: bool = False
    vehicle_word: str = "公务用车购置及运行维护费"
    operation_word: str = "公务用车运行维护费"
    abroad_word: str = "因公出国（境）费"
    empty_rows: int = 0
    narrative: Literal["after", "before", "none"] = "after"
    contents: bool = True
    annex: bool = False

    def title(self, table: str) -> str:
        """The printed title of a table."""
        return self.titles.get(table, TITLES[table])

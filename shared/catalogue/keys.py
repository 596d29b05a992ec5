"""Canonical row keys: one word for one line of the official forms, whatever its wording in a year or province.

A row that carries a subject code has that code as its key ("2010301", "30201"); the expenditure rows of T01 and T04
have the three digits of their class ("201"). The keys below name all other rows.
"""

from __future__ import annotations

TOTAL = "total"  # 合计 of T02, T03, T05, T07, T08

# T01 and T04, income side
FISCAL_TOTAL = "fiscal_total"  # 财政拨款收入 (forms up to 2019)
FISCAL_GENERAL = "fiscal_general"
FISCAL_FUND = "fiscal_fund"
FISCAL_SOE = "fiscal_soe"
UPPER_SUBSIDY = "upper_subsidy"
INSTITUTION_INCOME = "institution_income"
BUSINESS_INCOME = "business_income"
SUBORDINATE_REMIT = "subordinate_remit"
OTHER_INCOME = "other_income"
TOTAL_INCOME_CURRENT = "total_income_current"
NONFISCAL_BALANCE_USED = "nonfiscal_balance_used"
CARRY_IN = "carry_in"
CARRY_IN_GENERAL = "carry_in_general"
CARRY_IN_FUND = "carry_in_fund"
CARRY_IN_SOE = "carry_in_soe"
GRAND_TOTAL_INCOME = "grand_total_income"

# T01 and T04, expenditure side
TOTAL_EXP_CURRENT = "total_exp_current"
SURPLUS_ALLOCATION = "surplus_allocation"
CARRY_OUT = "carry_out"
GRAND_TOTAL_EXP = "grand_total_exp"

# T06
STAFF_TOTAL = "staff_total"
OPERATING_TOTAL = "operating_total"

# T09: the single line of amounts
SAN_GONG = "san_gong"

# T10
PROCUREMENT_TOTAL = "procurement_total"
PROCUREMENT_GOODS = "procurement_goods"
PROCUREMENT_WORKS = "procurement_works"
PROCUREMENT_SERVICES = "procurement_services"
OPERATING_ADMINISTRATIVE = "operating_administrative"  # 行政单位
OPERATING_REFERENCE = "operating_reference"  # 参照公务员法管理事业单位
VEHICLES_TOTAL = "vehicles_total"
VEHICLES = (
    "vehicles_ministerial",
    "vehicles_leading",
    "vehicles_confidential",
    "vehicles_emergency",
    "vehicles_law_enforcement",
    "vehicles_special",
    "vehicles_retired",
    "vehicles_other",
)
LARGE_EQUIPMENT = "large_equipment"  # 单价50万元/100万元以上设备

"""Reports and assessments of invented departments for the tests of the database, built by hand."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from shared.catalogue.codes import resolve
from shared.contracts.assessment import Assessment, Cause, CellRef, Finding, Outcome, RuleOutcome, Severity, Suggestion
from shared.contracts.base import Text
from shared.contracts.document import Box
from shared.contracts.report import (
    Code,
    CodeSystem,
    Confidence,
    Division,
    DocumentKind,
    Fact,
    Fund,
    Identity,
    Measure,
    Phase,
    Place,
    Report,
    ReportTable,
    Side,
    Unit,
)

HUBEI_DAYE = Division(
    code="420281", name="大冶市", level=3, confidence=Confidence.PRINTED, evidence="大冶市清泉街道办事处"
)


def document_id(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def fact(  # noqa: PLR0913 - one name for each thing a test may vary
    table: str,
    row: int,
    name: str,
    raw: str,
    *,
    column: str = "支出合计",
    measure: Measure = Measure.TOTAL,
    code: str = "",
    unit: Unit = Unit.WAN,
    col: int = 2,
) -> Fact:
    amount = Decimal(raw.replace(",", ""))
    resolved: Code | None = None
    if code:
        economic = code.startswith("3")
        resolved = resolve(code, CodeSystem.ECONOMIC_DEPARTMENT if economic else CodeSystem.FUNCTIONAL, 2024)
    return Fact(
        table=table,
        key=code or None,
        row_code=code,
        row_name=name,
        column=column,
        measure=measure,
        phase=Phase.OUTTURN,
        side=Side.EXPENDITURE,
        fund=Fund.ALL,
        code=resolved,
        amount=amount,
        amount_yuan=None if unit is Unit.COUNT else amount * (10_000 if unit is Unit.WAN else 1),
        unit=unit,
        quantum=Decimal("0.01"),
        raw=raw,
        place=Place(source_table=3, row=row, column=col, page=7, box=Box(x0=1.5, y0=2.25, x1=30, y1=12)),
    )


FACTS = (
    fact("T03", 4, "一般公共服务支出", "1,132.76", code="201"),
    fact("T03", 5, "行政运行", "845.13", code="2010301"),
    fact("T03", 5, "行政运行", "800.00", code="2010301", column="基本支出", measure=Measure.BASIC, col=3),
    fact("T03", 6, "住房公积金", "63.90", code="2210201"),
    fact("T06", 7, "培训费", "0.00", code="30216", column="决算数", measure=Measure.AMOUNT),
    fact("T09", 8, "三公经费", "12.5", column="决算数/公务接待费", measure=Measure.RECEPTION),
    fact("T10", 9, "1.副部级及以上领导用车", "3", unit=Unit.COUNT, column="车辆情况/统计数", measure=Measure.AMOUNT),
)


def make_report(  # noqa: PLR0913
    seed: str = "one",
    *,
    entity: str | None = "大冶市清泉街道办事处",
    year: int | None = 2024,
    division: Division | None = HUBEI_DAYE,
    scope: DocumentKind = DocumentKind.DEPARTMENT_FINAL_ACCOUNT,
    facts: tuple[Fact, ...] = FACTS,
    normalizer: str = "1",
    name: str = "清泉街道2024年度部门决算.pdf",
) -> Report:
    titles = {"T03": "支出决算表", "T06": "一般公共预算财政拨款基本支出决算表", "T09": "财政拨款“三公”经费支出决算表"}
    tables = tuple(
        ReportTable(
            id=table,
            title=titles.get(table, "机构运行信息表"),
            number=f"公开{table[1:]}表",
            source_table=3,
            page=7,
            unit=Unit.WAN,
            notes=("注：本表反映部门本年度各项支出情况。",) if table == "T03" else (),
        )
        for table in dict.fromkeys(fact.table for fact in facts)
    )
    return Report(
        document_id=document_id(seed),
        document_name=name,
        normalizer=normalizer,
        identity=Identity(entity=entity, scope=scope, fiscal_year=year, unit=Unit.WAN, division=division),
        tables=tables,
        facts=facts,
    )


def make_assessment(report: Report, *, ruleset: str = "1", found: bool = True) -> Assessment:
    cell = CellRef(
        table="T03",
        row_code="2010301",
        row_name="行政运行",
        column="支出合计",
        raw="845.13",
        amount=Decimal("845.13"),
        place=Place(source_table=3, row=5, column=2, page=7),
    )
    suggestion = Suggestion(cell=cell, value="8,451.30", reason=Text(zh="少一位数字", en="a digit is missing"))
    message = Text(zh="行政运行各列之和与合计不符", en="The columns of 行政运行 do not add up to its total")
    finding = Finding(
        id="F1",
        rule="C03",
        severity=Severity.ERROR,
        outcome=Outcome.FAIL,
        message=message,
        expected="8,451.30",
        found="845.13",
        difference=Decimal("-7606.17"),
        tolerance=Decimal("0.015"),
        cells=(cell,),
        group="g1",
        suggestion=suggestion,
    )
    residue = finding.model_copy(update={"id": "F2", "severity": Severity.ROUNDING, "rule": "C04", "cells": ()})
    cause = Cause(
        group="g1", message=message, severity=Severity.ERROR, findings=("F1",), cells=(cell,), suggestion=suggestion
    )
    return Assessment(
        document_id=report.document_id,
        ruleset=ruleset,
        outcomes=(
            RuleOutcome(rule="C03", outcome=Outcome.FAIL, checks={"fail": 1, "pass": 4}),
            RuleOutcome(
                rule="K01",
                outcome=Outcome.INSUFFICIENT_DATA,
                checks={},
                reason=Text(zh="没有表七", en="there is no T07"),
            ),
        ),
        findings=(finding, residue) if found else (),
        causes=(cause,) if found else (),
    )

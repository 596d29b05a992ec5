"""Numbers that OCR read, held against the sums of the form: proved, contradicted, never changed."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import Cell, Document, DoubtCode, SourceFile, Table
from shared.contracts.report import Report
from tests.corpus.compose import report as corpus_report
from tests.corpus.layouts import BY_ID
from tests.corpus.writers.text import tabs
from tests.unit.normalizer.builder import document, table

SUM, TEXT = DoubtCode.SCANNED_SUM, DoubtCode.SCANNED_TEXT
Spots = Mapping[tuple[int, int], str]
_NONE: Spots = {}

SPENDING = """
科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
合计 | | 620.30 | 400.20 | 220.10
208 | 社会保障和就业支出 | 120.10 | 120.10 |
20805 | 行政事业单位养老支出 | 120.10 | 120.10 |
2080505 | 机关事业单位基本养老保险缴费支出 | 80.06 | 80.06 |
2080506 | 机关事业单位职业年金缴费支出 | 40.04 | 40.04 |
213 | 农林水支出 | 500.20 | 280.10 | 220.10
21302 | 林业和草原 | 500.20 | 280.10 | 220.10
2130201 | 行政运行 | 300.15 | 280.10 | 20.05
2130299 | 其他林业和草原支出 | 200.05 | | 200.05
"""


def scan(drawing: str, read: Spots = _NONE, unsure: Spots = _NONE, *, digital: bool = False) -> Report:
    """The report of a scan of `drawing`: at the spots (row, column) something else was read, or read with doubt."""
    drawn = table(drawing, page=3)
    cells = tuple(_cell(cell, read, unsure, digital=digital) for cell in drawn.cells)
    made = Table(index=0, rows=drawn.rows, columns=drawn.columns, cells=cells, page=3)
    return normalize(document("# 云溪市望山区林业局2024年度部门决算", "支出决算表", "单位：万元", made))


def _cell(cell: Cell, read: Spots, unsure: Spots, *, digital: bool) -> Cell:
    spot = (cell.row, cell.column)
    return cell.model_copy(
        update={
            "text": read.get(spot, unsure.get(spot, cell.text)),
            "confidence": None if digital else 0.99,
            "doubts": (TEXT,) if spot in unsure else (),
        }
    )


def doubted(report: Report, code: DoubtCode = SUM) -> set[tuple[int, int]]:
    """The spots of the facts with this doubt."""
    return {(fact.place.row, fact.place.column) for fact in report.facts if code in fact.doubts}


def test_a_scan_that_adds_up_has_no_doubt() -> None:
    report = scan(SPENDING)
    assert len(report.facts) == 22
    assert not [fact for fact in report.facts if fact.doubts]
    assert not report.doubts


def test_a_number_that_breaks_its_sums_is_doubted_and_kept_as_read() -> None:
    report = scan(SPENDING, {(8, 3): "280.70"})
    assert doubted(report) == {(8, 3)}
    (fact,) = (fact for fact in report.facts if SUM in fact.doubts)
    assert fact.raw == "280.70"
    (doubt,) = report.doubts
    assert (doubt.code, doubt.page, doubt.table, doubt.row, doubt.column) == (SUM, 3, 0, 8, 3)
    assert "280.70" in doubt.text.zh
    assert "280.10" in doubt.text.zh
    assert "280.10" in doubt.text.en


@pytest.mark.parametrize(
    ("spot", "misread"),
    [
        ((1, 2), "620.80"),
        ((2, 3), "12010"),
        ((4, 2), "80.08"),
        ((6, 4), "20.10"),
        ((9, 4), "200.65"),
        ((3, 2), ""),
        ((8, 4), ""),
        ((9, 3), "7"),
    ],
)
def test_whatever_is_misread_is_doubted(spot: tuple[int, int], misread: str) -> None:
    """A wrong digit, a lost point, a lost number, a number where nothing is printed."""
    report = scan(SPENDING, {spot: misread})
    places = {(doubt.row, doubt.column) for doubt in report.doubts if doubt.code is SUM}
    assert spot in places
    assert len(places) <= 5


def test_the_same_table_as_text_is_not_doubted() -> None:
    report = scan(SPENDING, {(8, 3): "280.70"}, digital=True)
    assert not report.doubts
    assert not doubted(report)


def test_an_unsure_number_that_sums_prove_is_sure() -> None:
    report = scan(SPENDING, unsure={(8, 2): "300.15"})
    assert not doubted(report, TEXT)
    assert not report.doubts


def test_two_unsure_numbers_prove_each_other_only_by_other_sums() -> None:
    """2080505 and 2080506 stand in one sum of three; in the row 总 equals 基本, which is the same figure twice."""
    lone = SPENDING.replace("80.06 | 80.06", "80.06 |").replace("40.04 | 40.04", "40.04 |")
    lone = lone.replace("120.10 | 120.10", "120.10 |").replace("620.30 | 400.20", "620.30 | 280.10")
    report = scan(lone, unsure={(4, 2): "80.06", (5, 2): "40.04"})
    assert doubted(report, TEXT) == {(4, 2), (5, 2)}


def test_the_same_misreading_twice_proves_nothing() -> None:
    """小计 and 基本 of a row are the same figure, misread alike: their sum holds, the sums above them do not."""
    report = scan(SPENDING, unsure={(5, 2): "40.64", (5, 3): "40.64"})
    assert doubted(report, TEXT) == {(5, 2), (5, 3)}
    assert {(5, 2), (5, 3)} <= doubted(report)


def test_a_point_lost_everywhere_proves_nothing() -> None:
    lost = SPENDING.replace(".", "")
    spots = {(8, 2): "30015"}
    assert doubted(scan(lost, unsure=spots), TEXT) == {(8, 2)}


def test_rounding_neither_doubts_nor_proves() -> None:
    rounded = SPENDING.replace("80.06", "80.05")
    report = scan(rounded, unsure={(4, 2): "80.05", (4, 3): "80.05"})
    assert not doubted(report)
    assert doubted(report, TEXT) == {(4, 2), (4, 3)}


def test_a_number_in_no_sum_keeps_its_doubt() -> None:
    lone = "科目编码 | 科目名称 | 本年支出合计\n213 | 农林水支出 | 31.07\n208 | 社会保障和就业支出 | 8.00"
    assert doubted(scan(lone, unsure={(1, 2): "31.07"}), TEXT) == {(1, 2)}


def test_of_many_terms_the_one_that_slipped_is_doubted_alone() -> None:
    """The items of T06 stand in one sum each: the point lost in a figure that its reader doubts explains it."""
    items = [
        ("30201", "办公费", "1.10"),
        ("30202", "印刷费", "2.20"),
        ("30205", "水费", "0.91"),
        ("30206", "电费", "4.00"),
    ]
    rows = ["科目编码 | 科目名称 | 决算数", "302 | 商品和服务支出 | 8.21", *(" | ".join(item) for item in items)]
    drawn = table("\n".join(rows), page=3)
    title = "一般公共预算财政拨款基本支出决算表"

    def read(unsure: Spots) -> Report:
        cells = tuple(_cell(cell, {}, unsure, digital=False) for cell in drawn.cells)
        made = Table(index=0, rows=drawn.rows, columns=drawn.columns, cells=cells, page=3)
        return normalize(document("# 云溪市望山区林业局2024年度部门决算", title, "单位：万元", made))

    assert doubted(read({(4, 2): "0,91"})) == {(4, 2)}
    assert len(doubted(read({(4, 2): "37.50"}))) == 5


@pytest.mark.parametrize("odd", ["3001.5", "30015", "3,00.15", "0300.15", ".15"])
def test_a_number_written_unlike_the_others_keeps_its_doubt(odd: str) -> None:
    """A lost or moved point shows in the decimals, whatever the sums say."""
    report = scan(SPENDING, {(8, 2): odd})
    assert (8, 2) in doubted(report, TEXT)
    assert any((doubt.code, doubt.row, doubt.column) == (TEXT, 8, 2) for doubt in report.doubts)


@pytest.mark.parametrize(("zero", "right"), [("0", True), ("0.00", True), ("000", False), ("0.0", False)])
def test_a_zero_in_an_odd_form_is_doubted(zero: str, right: bool) -> None:
    report = scan(SPENDING, {(9, 3): zero})
    assert ((9, 3) in doubted(report, TEXT)) is not right


def as_scan(made: Document) -> Document:
    """The document as if every cell had been read by OCR without any doubt."""
    blocks = [
        Table.model_validate(
            {**block.model_dump(), "cells": [{**cell.model_dump(), "confidence": 1.0} for cell in block.cells]}
        )
        if isinstance(block, Table)
        else block
        for block in made.blocks
    ]
    return Document.model_validate({**made.model_dump(), "blocks": [block.model_dump() for block in blocks]})


@pytest.mark.parametrize("layout", sorted(BY_ID))
def test_no_layout_raises_a_false_alarm(layout: str) -> None:
    for seed in (5, 6):
        content = tabs(corpus_report(BY_ID[layout], seed))
        made = as_scan(extract(SourceFile(name="a.txt", content=content)))
        assert not [doubt.text.zh for doubt in normalize(made).doubts if doubt.code is SUM]


def test_misread_digits_are_doubted_in_every_layout() -> None:
    """One digit of one amount of T01 to T09 read wrong, 84 times over all layouts."""
    rng = random.Random(3)
    silent = []
    for layout in sorted(BY_ID):
        made = as_scan(extract(SourceFile(name="a.txt", content=tabs(corpus_report(BY_ID[layout], 8)))))
        facts = [f for f in normalize(made).facts if "T01" <= f.table <= "T09" and abs(f.amount) >= 1]
        for fact in rng.sample(facts, 6):
            spot = (fact.place.source_table, fact.place.row, fact.place.column)
            digits = [n for n, char in enumerate(fact.raw.split(".")[0]) if char.isdigit()]
            where = rng.choice(digits)
            wrong = fact.raw[:where] + str((int(fact.raw[where]) + 3) % 10) + fact.raw[where + 1 :]
            found = normalize(_with(made, spot, wrong))
            if not any((d.table, d.row, d.column) == spot for d in found.doubts if d.code is SUM):
                silent.append((layout, fact.table, fact.row_name, fact.column, fact.raw, wrong))
    assert len(silent) <= 2, silent


def _with(made: Document, spot: tuple[int, int, int], text: str) -> Document:
    number, row, column = spot
    old = made.tables[number]
    cells = tuple(
        cell.model_copy(update={"text": text}) if (cell.row, cell.column) == (row, column) else cell
        for cell in old.cells
    )
    new = Table(**{**{name: getattr(old, name) for name in Table.model_fields}, "cells": cells})
    blocks = tuple(new if block is old else block for block in made.blocks)
    return Document(**{**{name: getattr(made, name) for name in Document.model_fields}, "blocks": blocks})

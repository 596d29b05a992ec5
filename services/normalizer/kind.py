"""What kind of document this is. Only final accounts become reports; the rest is refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.normalizer.recognise import is_budget_title
from services.normalizer.segments import Segment
from shared.catalogue.tables import read_title
from shared.catalogue.text import fold
from shared.contracts.base import Text
from shared.contracts.document import Document
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.report import DocumentKind

_COVER = 60
_FINAL = re.compile(r"(?:部门|单位)?决算(?:公开|报表|报告|草案|说明|情况)?")
_BUDGET = re.compile(r"(?:20\d\d年度?)?.{0,20}(?:部门|单位)预算")
_PLACEHOLDER = re.compile(r"x{2,}|×{2,}|某某|\*{2,}|○{2,}|__{2,}|\.{3}局")
_SCOPE = re.compile(r"(部门|单位)决算")
_SCOPES = {"部门": DocumentKind.DEPARTMENT_FINAL_ACCOUNT, "单位": DocumentKind.UNIT_FINAL_ACCOUNT}
_LONGEST_LINE = 80


def budget_tables(segments: Sequence[Segment]) -> int:
    """How many tables are titled as budgets (预算 that names no purse, and no 决算)."""
    return sum(1 for segment in segments if segment.match is not None and is_budget_title(segment.match.core))


def scope_of(document: Document, lines: Sequence[str]) -> DocumentKind:
    """部门决算 or 单位决算: the first line that says either decides; table titles say 部门 in both kinds."""
    texts = [fold(line) for line in lines]
    for text in (*texts, fold(document.name)):
        if len(text) > _LONGEST_LINE or read_title(text):
            continue
        found = _SCOPE.search(text)
        if found:
            return _SCOPES[found[1]]
    return DocumentKind.DEPARTMENT_FINAL_ACCOUNT


def check_kind(document: Document, lines: Sequence[str], segments: Sequence[Segment], recognised: int) -> None:
    """Refuse what is no final account. `recognised` counts the tables that were taken for T01 to T10."""
    texts = [fold(line) for line in lines]
    cover = [fold(document.name), *texts[:_COVER]]
    final = sum(1 for text in cover if _FINAL.search(text))
    budget = sum(1 for text in cover if _BUDGET.search(text) and "决算" not in text)
    titled = sum(1 for segment in segments if segment.match is not None and "决算" in segment.match.core)
    if budget_tables(segments) > titled or (not titled and _planned(segments, budget, final)):
        raise _refused(
            "这是部门预算，不是决算：请提供部门（单位）决算公开文件",
            "This is a budget, not a final account: please supply the final account (决算) of the department",
        )
    if (
        recognised
        and not titled
        and not any("决算" in text for text in (*cover, *texts))
        and not _headed(segments, "决算")
    ):
        raise _refused(
            "文中没有“决算”字样，不能认定为部门（单位）决算",
            "Nothing in it says 决算: it cannot be taken for a final account",
        )
    if recognised == 0:
        raise _not_an_account(final, [text for text in texts if read_title(text)])


def _planned(segments: Sequence[Segment], budget: int, final: int) -> bool:
    """No table is titled 决算: whether the cover or the headings say that these are plans."""
    return budget > final or _headed(segments, "预算数") > _headed(segments, "决算")


def _headed(segments: Sequence[Segment], word: str) -> int:
    """How many tables have `word` in their first rows."""
    return sum(1 for segment in segments if word in _all_words(segment))


def _all_words(segment: Segment) -> str:
    grid = segment.grid
    return "".join(word for row in list(grid.rows)[:4] for word in grid.words(row))


def _not_an_account(final: int, titles: Sequence[str]) -> InvalidDocument:
    if final or any("决算" in title for title in titles):
        return InvalidDocument(
            Category.NOTHING_FOUND,
            Phase.NORMALIZE,
            Text(
                zh="文中提到决算，但没有找到任何决算表：表格可能在单独的附件里，请提供附件",
                en="The text speaks of a final account but holds none of its tables: they may be in a separate annex",
            ),
            f"{len(titles)} table titles, no table",
        )
    return _refused(
        "这不是部门（单位）决算公开文件：没有找到决算表",
        "This is no departmental final account: none of its tables was found",
    )


def _refused(zh: str, en: str) -> InvalidDocument:
    return InvalidDocument(Category.WRONG_KIND, Phase.NORMALIZE, Text(zh=zh, en=en))


def check_filled(lines: Sequence[str], recognised: int, facts: int) -> None:
    """Refuse a form that nobody filled in: account tables without a single amount."""
    if facts or not recognised:
        return
    marked = sum(1 for line in lines if _PLACEHOLDER.search(fold(line)))
    raise InvalidDocument(
        Category.TEMPLATE,
        Phase.NORMALIZE,
        Text(
            zh="这是空白的决算公开模板：所有表格都没有填写金额"
            if marked
            else "所有决算表都没有金额：请提供填写完整的决算公开文件",
            en="This is a blank template: no amount is filled in in any table"
            if marked
            else "No amount is printed in any table: please supply the completed final account",
        ),
        f"{recognised} tables without amounts, {marked} placeholders",
    )

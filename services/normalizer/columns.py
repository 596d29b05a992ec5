"""What every column of a table is for: code, label, 行次, amount or remark, in side-by-side groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from services.normalizer.captions import is_note
from services.normalizer.grid import Grid
from services.normalizer.header import Head, is_ordinal_row
from shared.catalogue.amounts import read_amount
from shared.catalogue.text import fold
from shared.contracts.report import AmountState

_CODE_HEAD = re.compile(r"^(?:类|款|项)$|编码|代码|编号|科目编$")
_SUBJECT = re.compile(r"[2-5]\d{2}(?:\d{2}){0,2}")
_LABEL_HEAD = re.compile(
    r"^项目(?:[\(].*|名称)?$|名称$|^(?:收入|支出)?科目$|^(?:收入|支出)项目$|^(?:部门|单位|预算单位)$|^支出功能分类|^支出经济分类"
    r"|^(?:功能|经济)分类(?:科目)?$|^类别$|^内容$|^指标$|按功能分类|按支出性质|^功能分类科目$|^经济分类科目$"
)
_ORDINAL_HEAD = re.compile(r"^(?:行次|序号|栏次)$")
_TEXT_HEAD = re.compile(r"^(?:备注|说明|文号|日期)|[%‰]|占比|比例|增减率|增长率|完成率|执行率|百分比")
_CODE = re.compile(r"\d{1,9}")
#: words that stand in code and label columns alike
_EVERYWHERE = frozenset({"合计", "总计", "类", "款", "项", "栏次"})
_MOST = 0.5


class Use(StrEnum):
    """What a column is for."""

    CODE = "code"
    LABEL = "label"
    ORDINAL = "ordinal"
    AMOUNT = "amount"
    TEXT = "text"


@dataclass(frozen=True)
class Group:
    """One block of columns that belongs together: codes and label on the left, amounts on the right."""

    number: int
    codes: tuple[int, ...]
    label: int | None
    ordinal: int | None
    amounts: tuple[int, ...]
    texts: tuple[int, ...] = ()


def column_uses(grid: Grid, head: Head) -> list[Use]:
    """The use of each column, by its headings first and by what stands in it where they do not tell."""
    repeated = {tuple(grid.words(row)) for row in head.rows}
    body = [
        row
        for row in range(head.body, grid.end)
        if not is_ordinal_row(grid.words(row)) and tuple(grid.words(row)) not in repeated
    ]
    return [_use(grid, head, body, column) for column in range(grid.columns)]


def _use(grid: Grid, head: Head, body: list[int], column: int) -> Use:
    lowest, path = head.lowest(column), head.paths[column]
    if _ORDINAL_HEAD.search(lowest):
        return Use.ORDINAL
    if _TEXT_HEAD.search(lowest):
        return Use.TEXT
    if _CODE_HEAD.search(lowest) or _LABEL_HEAD.search(lowest) or not path:
        return _by_content(grid, body, column, Use.CODE if _CODE_HEAD.search(lowest) else Use.LABEL, bool(path))
    return Use.CODE if _subject_codes(grid, body, column) else Use.AMOUNT


def _subject_codes(grid: Grid, body: list[int], column: int) -> bool:
    """Whether a column under an odd heading evidently holds subject codes, of at least two levels."""
    words = [word for row in body if grid.starts(row, column) and (word := grid.word(row, column))]
    codes = [word for word in words if _SUBJECT.fullmatch(word)]
    rest = [word for word in words if not _SUBJECT.fullmatch(word)]
    return len({len(code) for code in codes}) > 1 and all(not read_amount(word).printed for word in rest)


def _by_content(grid: Grid, body: list[int], column: int, expected: Use, headed: bool) -> Use:
    """Code, label or amount by the cells that start in this column (a spanned 合计 counts once)."""
    words = [grid.word(row, column) for row in body if grid.starts(row, column)]
    full = [word for word in words if word and word not in _EVERYWHERE and not is_note(word)]
    if not full:
        return expected if headed else Use.TEXT
    codes = sum(1 for word in full if _CODE.fullmatch(word))
    figures = sum(1 for word in full if read_amount(word).state is not AmountState.UNREADABLE)
    texts = len(full) - figures
    if expected is Use.CODE:
        return Use.CODE if codes >= _MOST * len(full) or texts <= 1 else Use.LABEL
    if texts > figures * _MOST:
        return Use.LABEL
    if codes == figures and _like_codes(full):
        return Use.CODE
    return Use.AMOUNT if not headed else Use.LABEL


def _like_codes(words: list[str]) -> bool:
    """Whether bare digits are subject codes (3, 5 or 7 long), not counts."""
    digits = [word for word in words if _CODE.fullmatch(word)]
    return bool(digits) and all(len(word) in {3, 5, 7} for word in digits)


def groups(uses: list[Use]) -> list[Group]:
    """Cut the columns into side-by-side groups: a label or code column after an amount column begins the next."""
    cuts: list[list[int]] = [[]]
    closed = False
    for column, use in enumerate(uses):
        if use in {Use.CODE, Use.LABEL} and closed:
            cuts.append([])
            closed = False
        closed = closed or use is Use.AMOUNT
        cuts[-1].append(column)
    return [_group(number, columns, uses) for number, columns in enumerate(cuts)]


def _group(number: int, columns: list[int], uses: list[Use]) -> Group:
    def of(use: Use) -> tuple[int, ...]:
        return tuple(column for column in columns if uses[column] is use)

    labels = of(Use.LABEL)
    ordinals = of(Use.ORDINAL)
    return Group(
        number=number,
        codes=of(Use.CODE),
        label=labels[-1] if labels else None,
        ordinal=ordinals[0] if ordinals else None,
        amounts=of(Use.AMOUNT),
        texts=(*labels[:-1], *of(Use.TEXT)),
    )


def heading_text(head: Head) -> str:
    """All headings of a table in one folded string, for recognising it."""
    return "|".join(fold("/".join(path)) for path in head.paths)

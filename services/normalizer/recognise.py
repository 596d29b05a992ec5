"""Which of the ten tables a grid is: what its title says, held against its headings, rows and codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.normalizer.columns import Group, column_uses, groups, heading_text
from services.normalizer.header import Head, read_head
from services.normalizer.segments import Segment
from shared.catalogue.rows import bare_label, class_code
from shared.catalogue.text import fold

_ECONOMIC = re.compile(r"(?:30[1-79]|31[0-3]|399|50[1-9]|51[0-4]|599)(?:\d{2})?")
_FUNCTIONAL = re.compile(r"2\d{2}(?:\d{2}){0,2}")
_SUM = "(?:合计|总计|小计)"
_SOME, _MANY = 2, 3
_SPENDING = frozenset({"T05", "T07", "T08"})


@dataclass(frozen=True)
class View:
    """A segment with its head, column groups, headings and labels read."""

    segment: Segment
    head: Head
    groups: tuple[Group, ...]
    headings: str
    labels: frozenset[str]
    functional: int
    economic: int


def view_of(segment: Segment) -> View:
    """Read the head and the columns of a segment."""
    grid = segment.grid
    head = read_head(grid)
    uses = column_uses(grid, head)
    words = {fold(grid.word(row, column)) for row in range(head.body, grid.end) for column in range(grid.columns)}
    labels = frozenset(bare_label(word) for word in words if word)
    first = [column for group in groups(uses) for column in group.codes[:1] or (group.label,) if column is not None]
    codes = [grid.word(row, column) for row in range(head.body, grid.end) for column in first]
    return View(
        segment=segment,
        head=head,
        groups=tuple(groups(uses)),
        headings=heading_text(head),
        labels=labels,
        functional=sum(1 for code in codes if _FUNCTIONAL.match(code) and not _ECONOMIC.fullmatch(code)),
        economic=sum(1 for code in codes if _ECONOMIC.fullmatch(code) or _ECONOMIC.match(code[:5])),
    )


def candidates(view: View) -> frozenset[str]:
    """The tables that the content of a grid allows; empty if it looks like none of them."""
    heads, labels = view.headings, view.labels
    income, spending = _has(labels, rf"(?:本年)?收入{_SUM}"), _has(labels, rf"(?:本年)?支出{_SUM}")
    if _count(heads, ("出国", "接待", "用车", "三公")) >= _SOME and not view.functional:
        found = frozenset({"T09"})
    elif (income or _has(labels, r"(?:一般公共预算)?财政拨款.*")) and spending and _sided(labels):
        found = _summaries(view)
    elif view.economic > view.functional:
        found = frozenset({"T06"})
    else:
        found = _by_headings(heads) or _by_rows(view)
    return found


def _by_headings(heads: str) -> frozenset[str]:
    """T02, T03 and the tables of basic and project expenditure, by their headings."""
    basic = "基本支出" in heads and "项目支出" in heads
    sources = ("财政拨款", "上级补助", "事业收入", "经营收入", "附属单位上缴", "其他收入")
    if _count(heads, sources) >= _MANY and not basic:
        return frozenset({"T02"})
    if basic and _count(heads, ("上缴上级", "经营支出", "附属单位补助")) >= 1:
        return frozenset({"T03"})
    if basic or _count(heads, ("年初结转", "年末结转", "本年收入", "本年支出")) >= _MANY:
        return _SPENDING
    return frozenset()


def _summaries(view: View) -> frozenset[str]:
    by_fund = _count(view.headings, ("一般公共预算", "政府性基金", "国有资本")) >= _SOME
    if by_fund or _has(view.labels, r"年[初末]财政拨款结(?:转|余).*"):
        return frozenset({"T04"})
    return frozenset({"T01"}) if _has(view.labels, r"上级补助收入|事业收入|其他收入") else frozenset({"T01", "T04"})


def _by_rows(view: View) -> frozenset[str]:
    """Tables known by the labels of their rows: T06 without codes, T09 item by item, T10."""
    labels = view.labels
    found = set()
    if _has(labels, r"工资福利支出") and (_has(labels, r"商品和服务支出|人员经费合计")):
        found.add("T06")
    items = sum(_has(labels, words) for words in (r".*出国.*", r".*接待费.*", r".*用车(?:购置|运行).*"))
    if items >= _SOME:
        found.add("T09")
    operating = (
        r"货物|政府采购货物支出",
        r"工程|政府采购工程支出",
        r"车辆(?:数合计|数|数量)?.*",
        r"行政单位",
        r".*用车",
        r".*单价.*设备.*",
    )
    headed = view.headings
    if sum(_has(labels, words) for words in operating) + _count(headed, ("车辆", "单价", "货物")) >= _SOME:
        found.add("T10")
    return frozenset(found)


def decide(view: View) -> tuple[str | None, str]:
    """The table a grid is (None: of another kind) and, in English, why."""
    match, allowed = view.segment.match, candidates(view)
    if match is not None and is_budget_title(match.core):
        return None, "titled as a budget"
    said = match.table if match else None
    if said is None:
        sure = next(iter(allowed)) if len(allowed) == 1 and match is None and len(view.labels) > _SOME else None
        return sure, "headings and rows" if sure else "no such title"
    if said in allowed:
        return said, "title, headings and rows"
    if (said, *sorted(allowed)) in _BY_TITLE or (not allowed and _tolerable(said, view)):
        return said, "title"
    if len(allowed) == 1 and (said, *allowed) not in _ANOTHER:
        return next(iter(allowed)), f"headings and rows, against a title of {said}"
    return None, f"titled {said} but its content is another"


#: (title, content): the title stands although the content reads like another table
_BY_TITLE = frozenset(
    {("T10", "T09"), ("T09", "T10"), ("T09", "T09", "T10"), ("T10", "T09", "T10"), ("T03", *sorted(_SPENDING))}
)
#: expenditure itemised by economic code is neither T05 nor T06
_ANOTHER = frozenset({("T05", "T06"), ("T03", "T06")})


def _tolerable(said: str, view: View) -> bool:
    """Whether a title may stand although the content tells nothing: the columns are few or the table is empty."""
    if said in {"T01", "T04"}:
        return (len(view.groups) > 1 and _sided(view.labels)) or lists_income(view)
    core = view.segment.match.core if view.segment.match else ""
    lined = bool(view.functional or "合计" in view.labels) and bool(view.headings.strip("|"))
    return {
        "T06": view.economic > 0,
        "T10": len(view.labels) > _SOME and bool(re.search(r"机构运行|相关信息", core)),
        "T05": lined and "财政拨款" in core,
        "T07": lined and "财政拨款" in core,
        "T08": lined and "财政拨款" in core,
    }.get(said, lined)


def is_budget_title(core: str) -> bool:
    """Whether a title speaks of a budget: 预算 that is not the name of a purse, and no 决算."""
    words = re.sub(
        r"一般公共(?:财政)?预算|政府性基金预算|国有资本经营预算|社会保险基金预算|公共财政预算|预算单位", "", core
    )
    return "决算" not in words and "预算" in words


def _has(labels: frozenset[str], pattern: str) -> bool:
    return any(re.fullmatch(pattern, label) for label in labels)


def _classes(labels: frozenset[str]) -> bool:
    return sum(1 for label in labels if class_code(label, None)) >= _SOME


def lists_income(view: View) -> bool:
    """Whether a grid is the income side of T01 or T04 alone."""
    income = _has(view.labels, rf"(?:本年)?收入{_SUM}") and _has(view.labels, r".*(?:拨款|预算)(?:收入)?")
    return income and not lists_spending(view) and not view.functional


def lists_spending(view: View) -> bool:
    """Whether a grid has the sum and the functions of the expenditure side of T01 or T04."""
    return _has(view.labels, rf"(?:本年)?支出{_SUM}") and _sided(view.labels)


def _sided(labels: frozenset[str]) -> bool:
    """Whether expenditure is listed by function, or as some forms do by nature, beside income."""
    return _classes(labels) or {"基本支出", "项目支出"} <= labels


def _count(text: str, words: tuple[str, ...]) -> int:
    return sum(word in text for word in words)

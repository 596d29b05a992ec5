"""The running text around the tables: our own plain sentences, whose figures agree with the tables."""

from __future__ import annotations

from tests.corpus.accounts import Account
from tests.corpus.grid import Line, TableBlock
from tests.corpus.layouts.spec import Layout
from tests.corpus.money import Money


def cover(account: Account) -> list[Line | TableBlock]:
    """The title page."""
    kind = "单位" if account.unit_account else "部门"
    return [Line(account.entity, 1), Line(f"{account.year}年度{kind}决算", 1)]


def contents(titles: list[str]) -> list[Line | TableBlock]:
    """A table of contents with dot leaders."""
    lines: list[Line | TableBlock] = [
        Line("目录"),
        Line("第一部分 基本情况........1"),
        Line("第二部分 决算表........2"),
    ]
    lines += [Line(f"{number}.{title}........{number + 2}") for number, title in enumerate(titles, start=1)]
    return [*lines, Line("第三部分 决算说明........20")]


def overview(account: Account) -> list[Line | TableBlock]:
    """What the entity does."""
    return [
        Line("第一部分 基本情况", 1),
        Line("一、主要职能", 2),
        Line(f"{account.entity}承担本辖区相关公共事务，按职责办理日常工作。"),
        Line("二、机构设置", 2),
        Line("内设综合股、业务股和财务股，均纳入本套决算。"),
    ]


def explanation(account: Account, layout: Layout) -> list[Line | TableBlock]:
    """The figures in words; always in 万元 with two places."""
    money = Money()

    def say(fen: int) -> str:
        return format(money.amount(fen), "f") + "万元"

    figures = account.economics
    return [
        Line("第三部分 决算说明", 1),
        Line("一、收支总体情况", 2),
        Line(f"{account.year}年度本年收入合计{say(account.income())}，本年支出合计{say(account.spending())}。"),
        Line("二、一般公共预算财政拨款基本支出情况", 2),
        Line(f"基本支出中，人员经费{say(figures.staff)}，公用经费{say(figures.operating)}。"),
        Line("三、“三公”经费情况", 2),
        Line(f"全年预算数{say(figures.budget.total)}，决算数{say(figures.outturn.total)}，未超预算。"),
        Line("第四部分 名词解释", 1),
        Line("1.基本支出：为保障机构运转、完成日常任务发生的支出。", 4),
        Line(f"说明中的金额以万元列示，表内金额以{layout.money.unit}列示。"),
    ]

"""normalize(Document) -> Report: which table each grid is, and every printed amount as a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.normalizer.build import Built, Setting, build, build_operating, is_flat
from services.normalizer.generic import build_generic
from services.normalizer.halves import completes, halves
from services.normalizer.headings import heading_doubts, is_left_over, left_over
from services.normalizer.identity import identify
from services.normalizer.kind import check_filled, check_kind, scope_of
from services.normalizer.merge import continues, merged, with_head_of
from services.normalizer.parts import traced
from services.normalizer.proof.confirm import confirm
from services.normalizer.recognise import View, decide, view_of
from services.normalizer.segments import printed_lines, segments
from shared.contracts.base import Text
from shared.contracts.document import Document, Doubt, DoubtCode
from shared.contracts.report import Report, Unit

#: a grid that was taken into the table of another one
PART = "part"
VERSION = "normalizer/1"


@dataclass
class _Choice:
    """A grid with the table it was taken for (None: another kind); `parts` are its continuations."""

    view: View
    table: str | None
    why: str
    parts: list[View]


def normalize(document: Document) -> Report:
    """Understand `document`.

    Raises `InvalidDocument`: WRONG_KIND for budgets and other documents, TEMPLATE for forms without amounts,
    NOTHING_FOUND for a final account whose tables are not in the file.
    """
    found = segments(document)
    doubts: list[Doubt] = list(document.doubts)
    choices = _choose([view_of(segment) for segment in found], doubts)
    account = [choice for choice in choices if choice.table is not None]
    lines = printed_lines(document, found)
    check_kind(document, lines, found, len(account))
    unit = _common_unit([choice.view for choice in account])
    scope = scope_of(document, lines)
    result = identify(document, lines, [choice.view.segment for choice in account], scope, unit)
    doubts.extend(result.doubts)
    built = _build(choices, unit, result.identity.fiscal_year, doubts)
    facts = tuple(fact for item in built for fact in item.facts)
    check_filled(lines, len(account), sum(1 for fact in facts if fact.table.startswith("T")))
    report = Report(
        document_id=document.document_id,
        document_name=document.name,
        normalizer=VERSION,
        identity=result.identity,
        tables=tuple(item.table for item in built),
        facts=facts,
        not_understood=tuple(missed for item in built for missed in item.not_understood),
        doubts=(*doubts, *(doubt for item in built for doubt in (*item.doubts, *_heading_doubts(item, doubts)))),
    )
    return traced(confirm(report, document), document)


def _heading_doubts(item: Built, doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Doubts about the headings of a table, unless the table is doubted as a whole already."""
    if any(doubt.table == item.table.source_table and doubt.row is None for doubt in doubts):
        return ()
    return heading_doubts(item.table, item.facts)


def _choose(views: Sequence[View], doubts: list[Doubt]) -> list[_Choice]:
    """Decide every grid; a table that is there twice is a continuation, the weaker of two titles, or a doubt."""
    choices: list[_Choice] = []
    for view in views:
        table, why = decide(view)
        before = choices[-1] if choices else None
        if before is not None and before.table is not None and continues(before.view, view, before.table, table):
            before.parts.append(with_head_of(before.view, view))
            continue
        side = completes(before.view, view, before.table) if before is not None and not before.parts else None
        if before is not None and side is not None:
            before.parts.append(side)
            continue
        upper, lower = halves(view, table)
        choices.append(_Choice(upper, table, why, [] if lower is None else [lower]))
    for table in sorted({choice.table for choice in choices if choice.table}):
        _settle(table, [choice for choice in choices if choice.table == table], doubts)
    return [choice for choice in choices if choice.table != PART]


def _settle(table: str, rivals: list[_Choice], doubts: list[Doubt]) -> None:
    """Only one grid may be `table`: the one with the surest title, the first of equals."""
    if len(rivals) == 1:
        return
    if table == "T10" and len({_core(choice) for choice in rivals}) == len(rivals):
        # forms that print procurement, operating costs and assets as tables of their own: together they are T10
        rivals[0].parts.extend(part for choice in rivals[1:] for part in (choice.view, *choice.parts))
        for choice in rivals[1:]:
            choice.table = PART
        return
    best = max(rivals, key=lambda choice: (_weight(choice), -choice.view.segment.grid.table.index))
    for choice in rivals:
        if choice is best:
            continue
        choice.table, choice.why = None, f"a second {table}"
        if _weight(choice) == _weight(best) and _core(choice) == _core(best):
            title = choice.view.segment.title
            doubts.append(
                Doubt(
                    code=DoubtCode.DUPLICATE_TABLE,
                    text=Text(zh=f"“{title}”出现两次，只取其中一张", en=f'"{title}" is there twice; one was taken'),
                    page=choice.view.segment.page,
                    table=choice.view.segment.grid.table.index,
                )
            )


def _weight(choice: _Choice) -> int:
    match = choice.view.segment.match
    return match.weight if match else 0


def _core(choice: _Choice) -> str:
    match = choice.view.segment.match
    return match.core if match else ""


def _common_unit(views: Sequence[View]) -> Unit | None:
    """The unit most tables print."""
    printed = Counter(view.segment.captions.unit for view in views if view.segment.captions.unit)
    return printed.most_common(1)[0][0] if printed else None


def _build(choices: Sequence[_Choice], unit: Unit | None, year: int | None, doubts: list[Doubt]) -> list[Built]:
    built: list[Built] = []
    unknown = 0
    for choice in choices:
        captions = choice.view.segment.captions
        if choice.table is None:
            unknown += 1
            doubts.extend(_unknown_doubt(choice))
        odd = captions.unit_printed is not None and captions.unit is None
        setting = Setting(
            table=choice.table or f"X{min(unknown, 99):02d}",
            why=choice.why,
            year=year,
            unit=captions.unit or unit or Unit.WAN,
            sure_unit=(captions.unit or unit) is not None and not odd,
        )
        if unknown > 99 and choice.table is None:  # noqa: PLR2004
            continue
        item = _one(choice, setting)
        built.append(item)
        if choice.table and not setting.sure_unit and item.facts:
            doubts.append(_unit_doubt(choice, setting.table))
    return built


def _one(choice: _Choice, setting: Setting) -> Built:
    """Build one table with its continuations."""
    if choice.table is None:
        build_with = build_generic
    else:
        build_with = build_operating if choice.table == "T10" and not is_flat(choice.view) else build
    result = build_with(choice.view, setting)
    for part in choice.parts:
        result = merged(result, build_with(part, setting), choice.view)
    return result


def _unknown_doubt(choice: _Choice) -> list[Doubt]:
    """A doubt for a grid whose title speaks of one of the ten tables while its content does not, or the other way."""
    segment = choice.view.segment
    if is_left_over(choice.view):
        return [left_over(segment.page, segment.grid.table.index)]
    if not choice.why.startswith("titled T"):
        return []
    text = Text(
        zh=f"“{segment.title}”的内容与表名不符，按一般表格保留",
        en=f'The content of "{segment.title}" does not fit its title; kept as a plain grid',
    )
    return [Doubt(code=DoubtCode.UNKNOWN_TABLE, text=text, page=segment.page, table=segment.grid.table.index)]


def _unit_doubt(choice: _Choice, table: str) -> Doubt:
    return Doubt(
        code=DoubtCode.UNKNOWN_UNIT,
        text=Text(
            zh=f"{table}没有可用的金额单位，暂按万元列示，未换算成元",
            en=f"{table} prints no usable unit: shown as 万元, not converted",
        ),
        page=choice.view.segment.page,
        table=choice.view.segment.grid.table.index,
    )

"""Whose account of which year this is: entity, fiscal year, unit, division."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.normalizer.captions import read_year
from services.normalizer.segments import Segment
from shared.catalogue.divisions import locate
from shared.catalogue.text import fold, squeeze
from shared.contracts.base import Text
from shared.contracts.document import Document, Doubt, DoubtCode
from shared.contracts.report import DocumentKind, Identity, Unit

_COVER = 40
_CONTEXT = 400
_YEAR = r"(?:20\d\d|二[〇○零o0][一二三四五六七八九〇○零]{2})年度?"
_TITLED = re.compile(rf"^(?P<name>.*?)(?:关于)?(?P<year>{_YEAR})(?P<kind>.{{0,12}}?(?:部门|单位)?决算.*)$")
_ENTITY_END = re.compile(
    r"(?:局|委|委员会|厅|部|处|院|所|中心|学校|小学|中学|大学|学院|办公室|政府|街道|街道办事处|镇|乡|站|队|支队|大队|总队|馆|社|会|联合会|医院|幼儿园|协会"
    r"|法院|检察院|园|场|署|办|党校|团委|公司|公署|库|台|室|科|校|联|基地|管委会|银行|集团)(?:\((?:本级|机关|部门|单位|汇总)\))?$"
)
_PART = re.compile(r"^(?:第[一二三四五六七八九十]+部分[:：、]?|[一二三四五六七八九十]+[、.])")
_MOSTLY = 0.5
_LONGEST_TITLE = 80
_LEAST_YEAR, _LAST_YEAR = 2008, 2100


@dataclass(frozen=True)
class Found:
    """The identity with the doubts that arose while it was worked out."""

    identity: Identity
    doubts: tuple[Doubt, ...]


def identify(
    document: Document, printed: Sequence[str], tables: Sequence[Segment], scope: DocumentKind, unit: Unit | None
) -> Found:
    """Work out identity from the captions of the account tables, the cover and the headings (`printed`)."""
    doubts: list[Doubt] = []
    lines = [squeeze(line) for line in printed]
    entity = _entity(tables, lines[:_COVER], lines, doubts)
    year = _year(tables, lines, doubts)
    if entity is None:
        doubts.append(
            _doubt(DoubtCode.UNKNOWN_ENTITY, "没有找到部门或单位的名称", "No name of a department or unit found")
        )
    if year is None:
        doubts.append(_doubt(DoubtCode.UNKNOWN_YEAR, "没有找到决算年度", "The fiscal year was not found"))
    division = locate(entity, [*lines[:_CONTEXT], document.name])
    return Found(Identity(entity=entity, scope=scope, fiscal_year=year, unit=unit, division=division), tuple(doubts))


def _doubt(code: DoubtCode, zh: str, en: str) -> Doubt:
    return Doubt(code=code, text=Text(zh=zh, en=en))


def _entity(tables: Sequence[Segment], cover: Sequence[str], lines: Sequence[str], doubts: list[Doubt]) -> str | None:
    """The most frequent name in the captions of the tables; else the name on the cover."""
    named = Counter(table.captions.entity for table in tables if table.captions.entity)
    titled = _cover_entity(cover) or _cover_entity(lines)
    if not named:
        return titled or _title_entity(tables)
    ranked = named.most_common()
    if len(ranked) > 1 and len({_bare(name) for name in named}) > 1:
        names = "、".join(name for name, _ in ranked)
        doubts.append(
            _doubt(
                DoubtCode.UNKNOWN_ENTITY,
                f"各表的部门名称不一致：{names}",
                f"The tables name different departments: {names}",
            )
        )
    first = ranked[0][0]
    return titled if titled and len(titled) > len(first) and _bare(titled).endswith(_bare(first)) else first


def _bare(name: str) -> str:
    return re.sub(r"\((?:本级|机关|部门|汇总|公章)\)$", "", fold(name))


def _cover_entity(cover: Sequence[str]) -> str | None:
    """The name in a line 某局2024年度部门决算, or in the line before 2024年度部门决算."""
    for position, line in enumerate(cover):
        match = _TITLED.match(fold(line))
        if match is None or len(line) > 60:  # noqa: PLR2004
            continue
        for candidate in (
            _PART.sub("", line[: len(match["name"])]),
            *(cover[before] for before in range(position - 1, max(-1, position - 4), -1)),
            _inside(match["kind"]),
        ):
            name = candidate.strip('《“"（(').strip()
            if _is_entity(name):
                return name
    return None


def _inside(kind: str) -> str:
    """2024年度某市某局部门决算: the name between year and 部门决算."""
    match = re.match(r"(.*?)(?:部门|单位)?决算", kind)
    return match[1] if match else ""


def _is_entity(name: str) -> bool:
    return 3 <= len(name) <= 40 and bool(_ENTITY_END.search(fold(name))) and not re.search(r"[。；，：:]", name)  # noqa: PLR2004


def _title_entity(tables: Sequence[Segment]) -> str | None:
    """The name in front of table titles: 2023年度某局收入支出决算总表."""
    found: Counter[str] = Counter()
    for table in tables:
        head = re.sub(rf"^{_YEAR}|{_YEAR}.*$", "", table.title)
        match = re.match(r"(.+?)(?:部门|单位)?(?:收入支出|收入|支出|收支|财政拨款|一般公共预算)", head)
        if match and _is_entity(match[1]):
            found[match[1]] += 1
    return found.most_common(1)[0][0] if found else None


def _year(tables: Sequence[Segment], lines: Sequence[str], doubts: list[Doubt]) -> int | None:
    """The year of 2024年度部门决算; the year of the table captions decides where the two differ."""
    titles = [line for line in lines if len(line) <= _LONGEST_TITLE and _TITLED.match(fold(line))]
    titled = Counter(year for line in titles for year in [_first(line)] if year)
    printed = Counter(
        year for table in tables for year in [table.captions.year or _first(table.title)] if year is not None
    )
    best = _most(printed) if printed and sum(printed.values()) >= _MOSTLY * len(tables) else None
    year = best or _most(titled) or _most(printed) or _most(_loose(lines))
    others = sorted({*printed, *titled} - {year})
    if year is not None and _most(titled) not in {None, year}:
        rest = "、".join(str(other) for other in others)
        doubts.append(
            _doubt(
                DoubtCode.UNKNOWN_YEAR,
                f"决算年度按{year}年处理，但文中另有{rest}年度",
                f"Taken as fiscal year {year}, although {rest} is printed too",
            )
        )
    return year


def _first(text: str) -> int | None:
    year = read_year(text)
    return year if year is not None and _LEAST_YEAR <= year < _LAST_YEAR else None


def _loose(lines: Iterable[str]) -> Counter[int]:
    return Counter(
        int(year) for line in lines for year in re.findall(r"(20\d\d)年度", fold(line)) if int(year) >= _LEAST_YEAR
    )


def _most(counted: Counter[int]) -> int | None:
    return counted.most_common(1)[0][0] if counted else None

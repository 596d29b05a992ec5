"""Which files make one report. Pure: from what they say of themselves and how they are named.

Files belong together when nothing speaks against it (another department, another year, a table that both have) and
something speaks for it (the same department in print, in the name, or the only one in the folder).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from services.extractor.bundle.evidence import Evidence
from services.extractor.bundle.names import counting
from shared.catalogue.tables import read_title
from shared.catalogue.text import fold

#: A text of fewer characters in sentences is a cover or a note, no narrative.
NARRATIVE = 200
#: Tables from which on a file with a narrative is a report of its own, whatever lies beside it.
_WHOLE = 6
#: So many of the tables may be repeated in a narrative.
_QUOTED = 2
_ANNEX_FOLDER = re.compile(
    r"^(?:\d{1,2}[.、_\- ]*)?(?:附件|附表|附录|附|表格|报表|公开表|决算表|决算公开表|说明|文字说明|正文|绩效"
    r"|pdf|word|excel|xlsx?|docx?)[\d一二三四五六七八九十]*$"
)
_BODY = re.compile(r"(?:局|委|委员会|厅|院|中心|学校|办公室|政府|街道|镇|乡|馆|医院|法院)$")
_ANNEX = re.compile(r"附件|附表|绩效|自评")
_NUMBERED = re.compile(r"公开\d{1,2}|表\d{1,2}$|^\d{1,2}[-_. ]?.*表")
_COMMON = (
    r"20\d\d年?度?|附件|附表|附|公开|决算|部门|单位|报表|报告|表格|情况|说明|文字|汇总|全套|正文|最终|定稿|盖章|绩效|自评|评价|项目|支出|收入"
    r"|总表|明细|表|[\W_]+"
)
_NOISE = re.compile(rf"{_COMMON}|第?\d+|[一二三四五六七八九十]+(?=[、.])")
_WORDS = re.compile(_COMMON)


def unit_of(path: str) -> str:
    """The folder whose files may be one report: that of the file, or the one above it for a folder of annexes."""
    folder = PurePosixPath(path).parent
    while folder.name and _ANNEX_FOLDER.match(fold(folder.name)):
        folder = folder.parent
    return "" if str(folder) == "." else str(folder)


def names_an_annex(name: str) -> bool:
    """Whether a file calls itself the annex of another."""
    return bool(_ANNEX.search(name))


def names_a_table(name: str) -> bool:
    """Whether a file is called by one of the tables, by number or by title."""
    stem = PurePosixPath(name).stem
    title = read_title(stem, strict=False)
    return bool(_NUMBERED.search(fold(stem))) or bool(title and title.table)


def apart(names: Sequence[str]) -> list[bool]:
    """Which of many files in a folder no other one is named like: 民政局决算.xlsx has a name, 附表1.xlsx has none."""
    told = [_WORDS.sub("", fold(PurePosixPath(name).stem)) for name in names]
    count = Counter(told)
    return [bool(core_of(name)) and count[words] == 1 for name, words in zip(names, told, strict=True)]


def stands_alone(evidence: Evidence, *, named: bool = False) -> bool:
    """Whether a file is a whole report by itself: most of the tables, and a narrative or (`named`) its own name."""
    return len(evidence.tables) >= _WHOLE and (named or evidence.prose >= NARRATIVE)


def group(files: Sequence[Evidence]) -> list[tuple[int, ...]]:
    """The reports among the files of one unit: positions in `files`, those of a report in the order of its parts.

    Every file is in exactly one of them; the reports are in the natural order of their first files.
    """
    found: list[list[int]] = []
    for bucket in _by_account(files):
        found.extend(_reports(bucket, files))
    parts = [tuple(sorted(one, key=lambda number: _place(files[number]))) for one in found]
    return sorted(parts, key=lambda one: min(counting(files[number].path) for number in one))


def _place(file: Evidence) -> tuple[int, object, object]:
    """The order of parts: narrative, tables by their numbers, annexes."""
    if file.tables and not file.prose >= NARRATIVE:
        return (1, min(file.tables), counting(file.path))
    return (0 if file.prose >= NARRATIVE and not _is_annex(file) else 2, "", counting(file.path))


def _is_annex(file: Evidence) -> bool:
    return not file.tables and file.grids > 0


def _by_account(files: Sequence[Evidence]) -> list[list[int]]:
    """The positions of files by whose account of which year they are of; what cannot be told stands alone."""
    names = _names(files)
    owner = [_owner(file, names) for file in files]
    known = {name for name in owner if name}
    if len(known) == 1:
        only = next(iter(known))
        owner = [only if name or not _of_another(file, only) else None for name, file in zip(owner, files, strict=True)]
    if not known:
        owner = [core_of(file.path) for file in files]
    buckets: dict[tuple[str, int | None], list[int]] = {}
    alone: list[list[int]] = []
    for number, file in enumerate(files):
        name = owner[number]
        if name is None or file.budget:
            alone.append([number])
        else:
            buckets.setdefault((name, _year(number, owner, files)), []).append(number)
    return [*buckets.values(), *alone]


def _of_another(file: Evidence, name: str) -> bool:
    """Whether the name of a file that prints none is that of another department than `name`."""
    core = core_of(file.path)
    return bool(_BODY.search(core)) and core not in name and not _same(core, name)


def _names(files: Sequence[Evidence]) -> list[str]:
    """The names of the accounts in a unit, each in its longest form; captions that differ by 市 or 县 are one."""
    heads = Counter(file.entities[0] for file in files if file.entities)
    names: list[str] = []
    for name in sorted(heads, key=len, reverse=True):
        if not any(_same(name, longer) for longer in names):
            names.append(name)
    return names


def _owner(file: Evidence, names: Sequence[str]) -> str | None:
    """Which of `names` a file prints, else which one its own name holds."""
    for printed in file.entities:
        fits = [name for name in names if _same(printed, name)]
        if fits:
            return fits[0]
    path = fold(file.path)
    core = core_of(file.path)
    held = [name for name in names if name in path] or [name for name in names if core and core in name]
    return held[0] if len(held) == 1 else None


def _same(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return first == second or (long.endswith(short) and len(short) >= 4)  # noqa: PLR2004


def _year(number: int, owner: Sequence[str | None], files: Sequence[Evidence]) -> int | None:
    """The year of a file: its own if it tells one, else the only one of that account."""
    own = files[number].years
    if len(own) == 1:
        return next(iter(own))
    same = [file for other, file in zip(owner, files, strict=True) if other == owner[number]]
    of_account = {year for file in same for year in file.years}
    usable = own & of_account or of_account
    return next(iter(usable)) if len(usable) == 1 else max(own, default=None)


def core_of(path: str) -> str:
    """What is left of a file name without years, numbers and the words that all such names have."""
    return _NOISE.sub("", fold(PurePosixPath(path).stem))


def _reports(bucket: Sequence[int], files: Sequence[Evidence]) -> list[list[int]]:
    """The reports of one account and year: tables that complete each other, with narrative and annexes.

    A table that is there twice belongs to two versions of the report.
    """
    ordered = sorted(bucket, key=lambda number: counting(files[number].path))
    whole = any(len(files[number].tables) >= _WHOLE and not _narrates(files[number]) for number in ordered)
    carriers = [number for number in ordered if files[number].tables and not (whole and _quotes(files[number]))]
    found: list[list[int]] = []
    for number in carriers:
        _add_tables(number, found, files)
    if not found:
        return [[number] for number in ordered]
    others = [number for number in ordered if number not in carriers]
    for number in sorted(others, key=lambda number: _is_annex(files[number])):
        home = _home(number, found, files)
        if home is None:
            found.append([number])
        else:
            home.append(number)
    return found


def _add_tables(number: int, found: list[list[int]], files: Sequence[Evidence]) -> None:
    """To the version of its own format that lacks just these tables, else to any that does, else a new version."""
    file = files[number]
    fits = [one for one in found if not any(files[other].tables & file.tables for other in one)]
    alike = [one for one in fits if _suffix(files[one[0]]) == _suffix(file)]
    if fits:
        (alike or fits)[0].append(number)
    else:
        found.append([number])


def _suffix(file: Evidence) -> str:
    return PurePosixPath(file.path).suffix.lower()


def _home(number: int, found: Sequence[list[int]], files: Sequence[Evidence]) -> list[int] | None:
    """The version that a file without tables of its own belongs to; a narrative to one that has none."""
    file = files[number]
    versions = [one for one in found if any(files[other].tables for other in one)]
    if not file.account and not _is_annex(file):
        return None
    if not _is_annex(file):
        versions = [one for one in versions if not any(_narrates(files[other]) for other in one)]
    return max(versions, key=lambda one: max(_likeness(file, files[other]) for other in one), default=None)


def _quotes(file: Evidence) -> bool:
    """Whether a narrative repeats a table or two of those that lie beside it."""
    return _narrates(file) and len(file.tables) <= _QUOTED


def _narrates(file: Evidence) -> bool:
    return file.prose >= NARRATIVE and not _is_annex(file)


def _likeness(first: Evidence, second: Evidence) -> int:
    """How many characters two paths have in common at the beginning."""
    return next(
        (place for place, pair in enumerate(zip(first.path, second.path, strict=False)) if pair[0] != pair[1]),
        min(len(first.path), len(second.path)),
    )

"""What becomes of the files of an archive or a folder: which reports they make, and where unreadable ones belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from services.extractor.bundle.evidence import Evidence
from services.extractor.bundle.group import group, unit_of
from services.extractor.bundle.names import counting


@dataclass(frozen=True)
class Planned:
    """One result. `parts` are the positions of its files in their order, `lost` those that could not be read.

    Without `parts` it is a single unreadable file. `name` is the path of the file, or of the folder that the report
    has for itself; "" where it is all that there is.
    """

    parts: tuple[int, ...]
    lost: tuple[int, ...]
    name: str


def plan(paths: Sequence[str], seen: Sequence[Evidence | None]) -> list[Planned]:
    """The results of files at `paths`; None for one that could not be read.

    An unreadable file is lost to the only report of its folder; where that cannot be told, it is a result of its own.
    """
    units: dict[str, list[int]] = {}
    for number, path in enumerate(paths):
        units.setdefault(unit_of(path), []).append(number)
    planned: list[Planned] = []
    for unit in sorted(units, key=counting):
        planned.extend(_of_unit(unit, units[unit], paths, seen))
    reports = [one for one in planned if one.parts]
    lost = tuple(number for one in planned if not one.parts for number in one.lost)
    if len(reports) == 1:
        return [Planned(reports[0].parts, reports[0].lost + lost, "")]
    return [Planned((), planned[0].lost, "")] if len(planned) == 1 else planned


def _of_unit(unit: str, numbers: list[int], paths: Sequence[str], seen: Sequence[Evidence | None]) -> list[Planned]:
    files = [(number, evidence) for number in numbers if (evidence := seen[number]) is not None]
    lost = tuple(number for number in numbers if seen[number] is None)
    reports = [tuple(files[place][0] for place in one) for one in group([evidence for _, evidence in files])]
    if len(reports) == 1 and (len(reports[0]) > 1 or lost):
        return [Planned(reports[0], lost, unit or _name(reports[0], paths))]
    alone = [Planned((), (number,), paths[number]) for number in lost]
    return [*(Planned(report, (), _name(report, paths)) for report in reports), *alone]


def _name(report: tuple[int, ...], paths: Sequence[str]) -> str:
    """The path of the first file, and how many more there are."""
    first = paths[report[0]]
    return first if len(report) == 1 else f"{first}+{len(report) - 1}"


def joined_name(names: Sequence[str]) -> str:
    """What a report of several files is called: the name of the first and how many more there are."""
    first = PurePosixPath(names[0]).name
    return first if len(names) == 1 else f"{first}+{len(names) - 1}"

"""A report of several files: which file each value was printed in, and what the names of files say of their tables."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

from shared.contracts.document import Document, Doubt
from shared.contracts.report import Place, Report


def single_tables(document: Document) -> dict[int, str]:
    """By `Table.index`, the file name (without extension) of each table that has a file for itself."""
    tables = Counter(table.part for table in document.tables if table.part is not None)
    return {
        table.index: PurePosixPath(document.parts[table.part].name).stem
        for table in document.tables
        if table.part is not None and tables[table.part] == 1
    }


def traced(report: Report, document: Document) -> Report:
    """`report` with its files, and in every place the one it names; unchanged where the document is a single file."""
    if not document.parts:
        return report
    parts = tuple(part.name for part in document.parts)
    part_of = {table.index: table.part for table in document.tables if table.part is not None}
    names = {table: parts[part] for table, part in part_of.items()}

    def at(place: Place) -> Place:
        return place.model_copy(update={"part": names.get(place.source_table)})

    facts = tuple(fact.model_copy(update={"place": at(fact.place)}) for fact in report.facts)
    missed = tuple(
        one.model_copy(update={"place": at(one.place)}) if one.place else one for one in report.not_understood
    )
    several = len(parts) > 1

    def told(doubt: Doubt) -> Doubt:
        part = part_of.get(doubt.table) if doubt.part is None and doubt.table is not None else None
        return doubt if part is None else doubt.in_part(part, parts[part] if several else "")

    doubts = tuple(told(doubt) for doubt in report.doubts)
    return report.model_copy(update={"facts": facts, "not_understood": missed, "doubts": doubts, "parts": parts})

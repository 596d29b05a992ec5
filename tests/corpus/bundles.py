"""Reports as several files, the way departments publish them: narrative and annex, a file per table, whole batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.corpus.compose import report
from tests.corpus.grid import Line, Printed, TableBlock
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.layouts import Layout
from tests.corpus.writers import docx, pdf, xls, xlsx


@dataclass(frozen=True)
class Bundle:
    """Files that are one report, by path, and what is printed in them."""

    printed: Printed
    files: Mapping[str, bytes]


def narrative(printed: Printed) -> Printed:
    """The report without its tables."""
    blocks = tuple(block for block in printed.blocks if isinstance(block, Line))
    return replace(printed, blocks=_longer(blocks))


def tables(printed: Printed) -> Printed:
    """The tables alone."""
    return replace(printed, blocks=tuple(printed.tables()))


def _longer(blocks: tuple[Line, ...]) -> tuple[Line | TableBlock, ...]:
    """With the explanations that real narratives have: several hundred characters."""
    said = Line("根据部门决算编报要求，现将本年度收入、支出和结转结余等情况按规定口径分项说明如下，数据均来自报表。")
    return (*blocks, *[said] * 6)


def with_annex(layout: Layout, seed: int) -> Bundle:
    """A narrative as DOCX, all tables in one XLSX."""
    printed = report(layout, seed)
    stem = f"{printed.entity}{printed.year}年度部门决算公开"
    files = {f"{stem}.docx": docx.write(narrative(printed)), f"{stem}表.xlsx": xlsx.write(tables(printed))}
    return Bundle(printed, files)


def file_per_table(layout: Layout, seed: int) -> Bundle:
    """A narrative and an XLS for every table."""
    printed = report(layout, seed)
    files = {"决算说明.docx": docx.write(narrative(printed))}
    for number, block in enumerate(printed.tables(), start=1):
        files[f"附件/公开{number:02d}表 {block.title}.xls"] = xls.write(replace(printed, blocks=(block,)))
    return Bundle(printed, files)


def whole(layout: Layout, seed: int) -> Bundle:
    """One PDF."""
    printed = report(layout, seed)
    return Bundle(printed, {f"{printed.entity}.pdf": pdf.word_like(printed)})


def batch(seed: int = 1) -> list[Bundle]:
    """Five departments, each packed in another way, under folders of their own or side by side."""
    layouts = list(LAYOUTS.values())
    bundles = [
        with_annex(layouts[0], seed),
        with_annex(layouts[1], seed + 1),
        file_per_table(layouts[2], seed + 2),
        whole(layouts[3], seed + 3),
        whole(layouts[4], seed + 4),
    ]
    return [
        *bundles[:2],
        Bundle(bundles[2].printed, {f"丙局/{name}": content for name, content in bundles[2].files.items()}),
        *bundles[3:],
    ]


def files_of(bundles: list[Bundle]) -> dict[str, bytes]:
    """All files of several bundles."""
    return {name: content for bundle in bundles for name, content in bundle.files.items()}

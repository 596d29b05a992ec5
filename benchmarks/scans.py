"""How well scans are read: `python -m benchmarks.scans [--pages 10] [--kind all] [--write]`.

Invented reports are printed at 200 dots an inch, spoilt by one kind of defect after the other, then read and normalized
on one core: `all` has rotation, noise, JPEG and a seal, `worn` is a mixture of everything that differs from report to
report, `tight` has next to no room between text and rules (no bar: it must be doubted, not read). Per kind: share of
exact cells and numbers, wrong numbers with and without a doubt, right numbers with a doubt, processor seconds a page.
`--write` puts the table into docs/reference/performance-scans.md. Status 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import SourceFile
from shared.contracts.errors import InvalidDocument
from tests.corpus import scans
from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import LAYOUTS
from tests.corpus.scans.files import images_pdf
from tests.corpus.scans.score import ScanScore, score_scan
from tests.corpus.writers import pdf

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-scans.md"
CELLS, NUMBERS, SECONDS = 0.97, 0.995, 3.0
WORN, TIGHT = "worn", "tight"
_HABITS = (pdf.WORD, pdf.STROKED)
_MOST_TABLES = 4
_HEAD = "# Scans\n\nMade by `python -m benchmarks.scans --write`.\n"


def chosen(seed: int) -> Printed:
    """A report of few pages: a cover and some tables, other ones and another layout with every seed."""
    printed = report(LAYOUTS[seed % len(LAYOUTS)], seed)
    tables = [block for block in printed.tables() if block.id.startswith("T")]
    first = seed % len(tables)
    picked = {block.id for block in (tables[first:] + tables[:first])[:_MOST_TABLES]}
    before = printed.blocks[: printed.blocks.index(tables[0])]
    return replace(printed, blocks=(*before, *(block for block in tables if block.id in picked)))


def defects_of(kind: str, seed: int) -> scans.Defects:
    """The defects of a kind; `worn` differs from report to report, `tight` is a matter of printing."""
    if kind == TIGHT:
        return scans.KINDS["jpeg"]
    return scans.worn(seed) if kind == WORN else scans.KINDS[kind]


def measure(kind: str, pages: int, seed: int) -> tuple[ScanScore, list[str]]:
    """Read reports of one kind until there are `pages`; the score, and what went wrong."""
    total, troubles = ScanScore(), []
    while total.pages < pages:
        printed = chosen(seed)
        font = (scans.SERIF, scans.SANS)[seed % 2]
        pad = scans.TIGHT if kind == TIGHT else scans.PAD
        pages_ = scans.scan_pages(printed, seed, defects_of(kind, seed), _HABITS[seed // 2 % 2], font, pad)
        content = images_pdf(pages_)
        start = time.process_time()
        document = extract(SourceFile(name=f"{printed.name}.pdf", content=content))
        seconds = time.process_time() - start
        try:
            normalized = normalize(document)
        except InvalidDocument as refusal:
            troubles.append(f"{printed.name}: {refusal.detail or refusal.text.en}")
            normalized = None
        one = score_scan(printed, document, normalized)
        one.seconds = seconds
        troubles += [f"{printed.name} {wrong}" for wrong in one.wrong]
        total += one
        seed += 1
    return total, troubles


def warm() -> None:
    """Load the models, which a worker does once."""
    extract(SourceFile(name="warm.png", content=scans.scan_pages(chosen(1), 1)[0]))


def lines(rows: list[tuple[str, ScanScore]]) -> Iterator[str]:
    """The figures as a table in Markdown."""
    yield "| defects | pages | cells exact | numbers exact | wrong, doubted | wrong, silent | right, doubted | s/page |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for kind, score in rows:
        silent = len(score.silent)
        yield (
            f"| {kind} | {score.pages} | {score.share:.2%} | {score.number_share:.2%} | {len(score.wrong) - silent} "
            f"| {silent} | {score.needless / max(score.numbers, 1):.1%} | {score.seconds / max(score.pages, 1):.2f} |"
        )


def main() -> int:
    """Measure, print, compare with the bars."""
    kinds = [*scans.KINDS, WORN, TIGHT]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10, help="pages of each kind, at least")
    parser.add_argument("--kind", choices=kinds, action="append", help="only this kind, may be given more than once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args()
    warm()
    print("\n".join(lines([])))
    rows: list[tuple[str, ScanScore]] = []
    for kind in options.kind or kinds:
        score, troubles = measure(kind, options.pages, options.seed)
        rows.append((kind, score))
        table = list(lines(rows))
        print("\n".join([*(f"  {trouble}" for trouble in troubles), table[-1]]), flush=True)
        if options.write:
            words = (__doc__ or "").splitlines()[2:6]
            PAGE.write_text("\n".join([_HEAD, *words, "", *table, ""]), "utf-8")
    total = ScanScore()
    for kind, score in rows:
        total += score if kind != TIGHT else ScanScore(wrong=score.wrong)
    good = total.share >= CELLS and total.number_share >= NUMBERS and not total.silent
    return 0 if good and total.seconds / total.pages <= SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())

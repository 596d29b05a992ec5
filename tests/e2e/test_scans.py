"""Scans from the image to the findings: read exactly, every wrong number doubted, the pages named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import Document, DoubtCode, SourceFile
from shared.contracts.report import Report
from tests.corpus import scans
from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID
from tests.corpus.scans.files import images_pdf
from tests.corpus.scans.score import score_scan
from tests.corpus.truth import compare, found_rows, true_rows

_RUN = (sys.executable, "-m", "cli", "run", "--no-db", "--format", "json")


def few(layout: str, seed: int, *tables: str) -> Printed:
    """A report with its cover and only these tables."""
    printed = report(BY_ID[layout], seed)
    first = next(n for n, block in enumerate(printed.blocks) if block in list(printed.tables()))
    picked = [block for block in printed.tables() if block.id in tables]
    return replace(printed, blocks=(*printed.blocks[:2], printed.blocks[first - 1], *picked))


def read(name: str, content: bytes) -> tuple[Document, Report]:
    """Extract and normalize."""
    document = extract(SourceFile(name=name, content=content))
    return document, normalize(document)


def test_a_worn_scan_is_read_within_the_bars() -> None:
    """97 % of the cells, 99.5 % of the numbers, no wrong number without a doubt."""
    printed = few("jiangxi", 4, "T01", "T03", "T06")
    content = images_pdf(scans.scan_pages(printed, 4, scans.worn(4)))
    document, found = read("scan.pdf", content)
    score = score_scan(printed, document, found)
    trouble = [str(wrong) for wrong in score.wrong]
    assert score.numbers > 100
    assert score.share >= 0.97, trouble
    assert score.number_share >= 0.995, trouble
    assert not score.silent, trouble
    assert score.needless * 20 <= score.numbers
    pages = {doubt.page for doubt in document.doubts if doubt.code is DoubtCode.SCANNED_PAGE}
    assert pages == set(range(1, (document.pages or 0) + 1))


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_pages_on_their_side_are_set_upright(turn: int) -> None:
    printed = few("central", 4, "T09")
    document, found = read("scan.tiff", scans.scan_tiff(printed, 1, scans.Defects(turn=turn)))
    assert document.pages == len(scans.scan_pages(printed))
    score = compare(true_rows(printed), found_rows(found))
    assert score.missed == ()
    assert score.extra == ()


def test_a_mixed_file_is_doubted_only_where_it_was_scanned(tmp_path: Path) -> None:
    """By the command: some pages are text, others images; the outcome is partial and both kinds of page are right."""
    printed = few("hubei", 6, "T03", "T05")
    numbers = scans.scan_page_numbers(printed)
    (tmp_path / "mixed.pdf").write_bytes(scans.mixed_pdf(printed, numbers["T05"], 6, scans.KINDS["jpeg"]))
    out = tmp_path / "out"
    done = subprocess.run(
        [*_RUN, str(tmp_path / "mixed.pdf"), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "JUESUAN_STALL_SECONDS": "300"},
    )
    (file,) = json.loads(done.stdout)["files"]
    assert file["outcome"] == "partial", done.stderr
    found = Report.model_validate_json(next(out.rglob("report.json")).read_text("utf-8"))
    score = compare(true_rows(printed), found_rows(found))
    assert len(score.missed) * 200 <= score.expected, score.missed
    assert {doubt.page for doubt in found.doubts if doubt.page} == set(numbers["T05"])
    assert not [fact for fact in found.facts if fact.table == "T03" and fact.doubts]

"""Reports of several files, in folders and archives, by `juesuan run`: every fact, one result for each report."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import bundles
from tests.corpus.archives import zipped
from tests.corpus.archives.rar import rar4, rar5
from tests.corpus.archives.sevenzip import sevenzip
from tests.corpus.grid import Printed
from tests.corpus.layouts import LAYOUTS
from tests.corpus.truth import COLUMNS, compare, true_rows
from tests.corpus.writers import docx, pdf

BATCH = bundles.batch(50)
IN_RAR4, IN_RAR5, IN_7Z = (bundles.with_annex(LAYOUTS[number], 60 + number) for number in (5, 6, 7))
BESIDE, PER_TABLE = bundles.with_annex(LAYOUTS[8], 70), bundles.file_per_table(LAYOUTS[9], 71)
TWICE = bundles.whole(LAYOUTS[1], 72).printed
ALONE = bundles.with_annex(LAYOUTS[2], 73)
SCARRED = bundles.with_annex(LAYOUTS[3], 74)


@dataclass(frozen=True)
class Ran:
    """What the run said."""

    status: int
    totals: dict[str, int]
    files: dict[str, dict[str, Any]]


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    root = tmp_path_factory.mktemp("bundles")
    put(root / "in" / "0", {"五局.zip": zipped.gbk(bundles.files_of(BATCH))})
    put(root / "in" / "1", {"a.rar": rar4(IN_RAR4.files), "b.rar": rar5(IN_RAR5.files), "c.7z": sevenzip(IN_7Z.files)})
    put(root / "in" / "2", BESIDE.files)
    put(root / "in" / "3", PER_TABLE.files)
    put(root / "in" / "4", {"决算.docx": docx.write(TWICE), "决算.pdf": pdf.word_like(TWICE)})
    narrative = next(name for name in ALONE.files if name.endswith(".docx"))
    put(root / "in" / "5", {"只有说明.docx": ALONE.files[narrative]})
    put(root / "in" / "6", {"有损坏.zip": zipped.plain({**SCARRED.files, "附件/盖章页.pdf": b"%PDF-1.4 cut"})})
    command = [sys.executable, "-m", "cli", "--lang", "en", "run", str(root / "in"), "--out", str(root / "out")]
    done = subprocess.run(
        [*command, "--db", str(root / "db"), "--format", "json", "--jobs", "2"],
        capture_output=True,
        text=True,
        check=False,
        timeout=550,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    return Ran(done.returncode, said["totals"], {file["name"]: file for file in said["files"]})


def facts(file: dict[str, Any]) -> list[dict[str, str]]:
    with (Path(file["out"]) / "facts.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def assert_whole(file: dict[str, Any], printed: Printed) -> None:
    found = [tuple(row[name] for name in COLUMNS) for row in facts(file) if row["table"].startswith("T")]
    score = compare(true_rows(printed), found)
    assert (score.missed, score.extra) == ((), ()), file["name"]
    assert (file["entity"], file["year"]) == (printed.entity, printed.year)
    assert file["outcome"] == "ok", file


def test_every_department_of_an_archive_is_a_result(ran: Ran) -> None:
    inside = {file["entity"]: file for name, file in ran.files.items() if name.startswith("五局.zip/")}
    assert len(inside) == len(BATCH)
    for bundle in BATCH:
        assert_whole(inside[bundle.printed.entity], bundle.printed)


def test_facts_name_the_file_they_were_printed_in(ran: Ran) -> None:
    file = ran.files["五局.zip/丙局"]
    found = {row["table"]: row["part"] for row in facts(file) if row["table"].startswith("T")}
    assert found["T01"].startswith("丙局/附件/公开01表")
    assert len(set(found.values())) == len(found)
    assert file["parts"][0] == "丙局/决算说明.docx"


@pytest.mark.parametrize(("name", "bundle"), [("a.rar", IN_RAR4), ("b.rar", IN_RAR5), ("c.7z", IN_7Z)])
def test_an_archive_of_one_report_is_that_report(ran: Ran, name: str, bundle: bundles.Bundle) -> None:
    assert_whole(ran.files[name], bundle.printed)
    assert sorted(ran.files[name]["parts"]) == sorted(bundle.files)


def test_files_of_a_folder_are_one_report(ran: Ran) -> None:
    by_entity = {file["entity"]: file for file in ran.files.values() if len(file["parts"]) > 1}
    for bundle in (BESIDE, PER_TABLE):
        file = by_entity[bundle.printed.entity]
        assert_whole(file, bundle.printed)
        assert len(file["parts"]) == len(bundle.files)


def test_two_versions_stay_two_results(ran: Ran) -> None:
    for name in ("决算.docx", "决算.pdf"):
        assert_whole(ran.files[name], TWICE)
        assert ran.files[name]["parts"] == []


def test_a_narrative_without_tables_is_refused_as_ever(ran: Ran) -> None:
    assert ran.files["只有说明.docx"]["error"]["category"] == "nothing_found"


def test_a_damaged_file_costs_only_itself(ran: Ran) -> None:
    file = ran.files["有损坏.zip"]
    assert file["outcome"] == "partial"
    assert file["facts"] >= len(true_rows(SCARRED.printed))
    document = json.loads((Path(file["out"]) / "document.json").read_text(encoding="utf-8"))
    (doubt,) = document["doubts"]
    assert doubt["code"] == "damaged_part"
    assert "盖章页.pdf" in doubt["text"]["zh"]


def test_the_totals_are_clear(ran: Ran) -> None:
    outcomes = Counter(file["outcome"] for file in ran.files.values())
    assert outcomes == {"ok": 5 + 3 + 2 + 2, "partial": 1, "failed": 1}
    assert ran.totals["files"] == len(ran.files) == 14
    packed = len(bundles.files_of(BATCH)) + sum(len(one.files) for one in (IN_RAR4, IN_RAR5, IN_7Z, BESIDE, PER_TABLE))
    assert ran.totals["read"] == packed + 2 + 1 + 3
    assert ran.status == 2

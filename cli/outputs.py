"""The files of `--out`: what was read, understood and found of one document, each written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from cli.language import Language
from shared.contracts.errors import JuesuanError
from shared.contracts.rows import FACT_COLUMNS, FINDING_COLUMNS, fact_row, finding_row
from shared.runtime.local import Processed

NAMES = ("document.json", "report.json", "assessment.json", "facts.csv", "findings.csv", "error.json")


def write_outputs(folder: Path, processed: Processed, language: Language) -> None:
    """Write what there is of `processed` into `folder` and remove what an earlier run left of the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = _texts(processed, language)
    for name in NAMES:
        if name in texts:
            write_atomically(folder / name, texts[name])
        else:
            (folder / name).unlink(missing_ok=True)


def _texts(processed: Processed, language: Language) -> dict[str, str]:
    texts: dict[str, str] = {}
    if processed.document is not None:
        texts["document.json"] = processed.document.model_dump_json(indent=1)
    if processed.report is not None:
        texts["report.json"] = processed.report.model_dump_json(indent=1)
        texts["facts.csv"] = to_csv(FACT_COLUMNS, map(fact_row, processed.report.facts))
    if processed.assessment is not None:
        texts["assessment.json"] = processed.assessment.model_dump_json(indent=1)
        rows = (finding_row(finding, language) for finding in processed.assessment.findings)
        texts["findings.csv"] = to_csv(FINDING_COLUMNS, rows)
    if processed.error is not None:
        texts["error.json"] = json.dumps(error_data(processed.error), ensure_ascii=False, indent=1)
    return texts


def error_data(error: JuesuanError) -> dict[str, object]:
    """`error` as plain data: category, phase, message in both languages, technical detail."""
    return {
        "category": error.category.value,
        "phase": error.phase.value,
        "message": {"zh": error.text.zh, "en": error.text.en},
        "detail": error.detail,
    }


def to_csv(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """`rows` as RFC 4180 text with a header line."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_atomically(path: Path, text: str) -> None:
    """Write UTF-8 `text` to `path`: readers see the old file or the new one, never half of it."""
    part = path.with_name(f".{os.getpid()}.part")
    try:
        part.write_text(text + ("" if text.endswith("\n") else "\n"), encoding="utf-8", newline="")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

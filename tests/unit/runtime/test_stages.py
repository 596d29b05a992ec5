from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.chain import CHAIN
from shared.contracts.assessment import Assessment
from shared.contracts.document import Document
from shared.contracts.report import Report
from shared.runtime.stage import Stage
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.writers import BY_ID as FORMATS

ROOT = Path(__file__).resolve().parents[3]
STAGES = (CHAIN.extractor, CHAIN.normalizer, CHAIN.validator)


def by_hand(name: str, given: bytes, file: str = "-") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", f"services.{name}", file],
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
        cwd=ROOT,
    )


def test_the_stages_fit_together_by_models_and_events() -> None:
    for before, after in itertools.pairwise(STAGES):
        assert before.gives is after.takes
        assert before.produces is after.consumes


def test_a_document_goes_through_all_rooms_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(FORMATS["txt-tabs"].write(report(LAYOUTS["sichuan"], 8)))
    document = by_hand("extractor", b"", str(file))
    assert Document.model_validate_json(document.stdout).name == "a.txt"
    normalized = by_hand("normalizer", document.stdout)
    assert Report.model_validate_json(normalized.stdout).facts
    validated = by_hand("validator", normalized.stdout)
    assert Assessment.model_validate_json(validated.stdout).outcomes


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_bad_input_ends_with_the_reason(stage: Stage) -> None:
    done = by_hand(stage.name, b"")
    assert done.returncode == 2
    assert done.stdout == b""
    said = json.loads(done.stderr)
    assert said["stage"] == stage.name
    assert said["en"]

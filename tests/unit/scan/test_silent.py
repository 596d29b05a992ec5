"""Reading a scan tells nobody: ONNX Runtime reports its use to its maker unless it is told not to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_recogniser_leaves_no_trace_and_no_reporter(tmp_path: Path) -> None:
    code = (
        "from services.extractor.scan.engine import recogniser; recogniser()\n"
        "import onnxruntime, os; print(os.environ['ORT_DISABLE_TELEMETRY'])\n"
    )
    place = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **place},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.strip() == "1"
    assert list(tmp_path.rglob("*")) == []

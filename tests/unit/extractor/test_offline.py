"""unstructured works without a network and says nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.extractor import offline

_ROOT = Path(__file__).resolve().parents[3]
_SCRIPT = """
import socket

def refuse(*args, **kwargs):
    raise AssertionError(f"network: {args}")

socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse
socket.create_connection = refuse

import io
import docx
from services.extractor import offline

document = docx.Document()
document.add_paragraph("一、部门职责。This is a sentence, and another one.")
document.add_table(rows=1, cols=1).cell(0, 0).text = "1,649.56"
buffer = io.BytesIO()
document.save(buffer)
print([(element.category, element.text, element.html) for element in offline.partition_docx(buffer.getvalue())])
markdown = offline.partition_md("# 概况\\n\\n| 项目 |\\n|---|\\n| 28.00 |")
print([(element.category, element.text) for element in markdown])
"""


def test_no_network_and_not_a_word_on_stderr() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in offline._SILENT}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SCRIPT],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stderr == ""
    assert run.returncode == 0
    elements, markdown = run.stdout.splitlines()
    assert "('Table', '1,649.56', None)" in elements
    assert "一、部门职责。This is a sentence, and another one." in elements
    assert "28.00" in markdown


def test_importing_the_module_or_the_readers_does_not_import_the_library() -> None:
    script = (
        "import sys, services.extractor.offline, services.extractor.readers.docx, services.extractor.readers.xlsx\n"
        "assert not any(name.split('.')[0] in {'unstructured', 'spacy'} for name in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=_ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_tracking_is_off_before_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DO_NOT_TRACK", raising=False)
    offline.prepare.cache_clear()
    offline.prepare()
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["UNSTRUCTURED_DISABLE_NOTICE"] == "1"

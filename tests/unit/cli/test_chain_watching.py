"""`juesuan status --watch` of a batch that nobody has heard of yet: right after its upload."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console

from cli import console, language
from cli.remote import status
from services.indexer.database import open_database
from shared.adapters.lifecycle import record_events
from shared.runtime.connections import ChainSettings
from tests.contract.lives import history, source
from tests.unit.cli.calling import ROOT, caller

SENTENCE = "Nothing is known yet of batch “县/2024”, waiting; Ctrl-C ends it."
BATCH = status.Order(batch="县/2024", tenant=None, as_json=False, watch=True, all_contents=False)


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "chain.db")
    open_database(path).dispose()
    return path


def settings(database: str) -> dict[str, str]:
    return {"JUESUAN_KAFKA": "127.0.0.1:9", "JUESUAN_STORE": "unused", "JUESUAN_DATABASE": database}


@pytest.mark.parametrize("terminal", [False, True])
def test_it_waits_for_the_first_document_and_follows_it_to_its_end(
    database: str, terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = io.StringIO()
    if terminal:
        monkeypatch.setattr(console, "out", lambda: Console(file=screen, force_terminal=True, width=200))
    monkeypatch.setattr(status, "chain_settings", lambda: ChainSettings(kafka="", store="", database=database))
    monkeypatch.setattr(status, "_REFRESH_SECONDS", 0.02)
    monkeypatch.setattr(language, "_chosen", "en")
    engine = open_database(database)
    told = history(source())
    threads = [
        threading.Timer(1.0, record_events, (engine, told[:2])),
        threading.Timer(2.0, record_events, (engine, told)),
    ]
    for thread in threads:
        thread.start()
    assert status.status(BATCH) == 0
    for thread in threads:
        thread.join()
    engine.dispose()
    said = capsys.readouterr()
    shown = screen.getvalue() if terminal else said.err + said.out
    steps = [shown.find(text) for text in (SENTENCE, "0 indexed", "1 indexed")]
    assert -1 not in steps
    assert steps == sorted(steps)
    assert "0 documents" not in shown


def test_the_wait_ends_with_ctrl_c(database: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUESUAN", "LC_"))}
    environment |= {"LANG": "en_US.UTF-8", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **settings(database)}
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "status", "--batch", "县/2024", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment,
    ) as process:
        too_late = threading.Timer(60, process.kill)
        too_late.start()
        assert process.stderr is not None
        assert process.stdout is not None
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        status_ = process.wait()
        too_late.cancel()
        assert (said.strip(), process.stdout.read(), status_) == (SENTENCE, "", 130)


def test_without_watch_an_unknown_batch_is_one_clear_sentence(database: str, tmp_path: Path) -> None:
    call = caller(tmp_path, settings(database))
    done = call("status", "--batch", "县/2024")
    assert done.returncode == 0
    assert done.stdout.startswith("There are no documents of batch “县/2024”. `juesuan status` lists the batches")
    assert "juesuan status" in call("status", "--batch", "县/2024", language="zh").stdout

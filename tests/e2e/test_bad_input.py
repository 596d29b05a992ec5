"""Files that cannot be read: each with its reason in the summary, status 2, and the others done all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.errors import REFUSED
from tests.corpus.bad import BAD, ODD_NAMES, Bad, write_bad


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every bad file and sound ones under odd names."""
    path: Path = tmp_path_factory.mktemp("bad")
    write_bad(path)
    return path


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`juesuan run` on the folder, into a database of its own."""
    out = folder.parent / f"{folder.name}-out"
    command = [sys.executable, "-m", "cli", "--lang", "en", "run", str(folder), "--out", str(out)]
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [*command, "--db", f"{out}.db", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env=environment,
    )


@pytest.fixture(scope="module")
def outcome(folder: Path) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit status and the files of the JSON summary by name."""
    done = run(folder, "--format", "json")
    files = json.loads(done.stdout)["files"]
    return done.returncode, {file["name"]: file for file in files}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_each_bad_file_says_why(bad: Bad, outcome: tuple[int, dict[str, dict[str, Any]]]) -> None:
    """Category, a sentence in both languages, no fact."""
    file = outcome[1][bad.name]
    assert file["error"]["category"] in {category.value for category in bad.categories}
    refused = {category.value for category in REFUSED}
    assert file["outcome"] == ("refused" if file["error"]["category"] in refused else "failed")
    assert file["facts"] == 0
    assert len(file["error"]["message"]["zh"]) > 8
    assert len(file["error"]["message"]["en"]) > 15


def test_status_is_two_and_sound_files_are_done(outcome: tuple[int, dict[str, dict[str, Any]]]) -> None:
    """Quotes, an emoji, a leading dash in the name do no harm."""
    status, files = outcome
    assert status == 2
    assert len(files) == len(BAD) + len(ODD_NAMES)
    for name in ODD_NAMES:
        assert files[name]["error"] is None
        assert files[name]["facts"] > 100
        assert Path(files[name]["out"], "facts.csv").is_file()


def test_the_summary_for_people_names_every_failed_file(folder: Path) -> None:
    """The text summary has the file and its sentence; nothing of a traceback."""
    done = run(folder)
    assert done.returncode == 2
    for bad in BAD:
        assert bad.name in done.stdout
    assert "Traceback" not in done.stdout + done.stderr

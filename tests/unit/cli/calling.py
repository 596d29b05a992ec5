"""The command in a process of its own, with a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

Done = subprocess.CompletedProcess[str]
Call = Callable[..., Done]


def caller(home: Path, settings: Mapping[str, str]) -> Call:
    """A function that runs `juesuan` with these settings and returns how it ended."""

    def call(*arguments: object, language: str = "en", seconds: float = 120, **variables: str) -> Done:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUESUAN", "LC_"))}
        environment |= {"XDG_DATA_HOME": str(home), "HOME": str(home), "PYTHONPATH": str(ROOT)}
        environment |= {"LANG": "zh_CN.UTF-8" if language == "zh" else "en_US.UTF-8", **settings, **variables}
        return subprocess.run(
            [sys.executable, "-m", "cli", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=seconds,
            cwd=home,
            env=environment,
        )

    return call

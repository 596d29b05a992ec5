"""Figures of the chain on mixed invented reports: `python -m benchmarks.run [--count 200] [--write]`.

First every stage alone in one process (milliseconds per report, the extractor by format), then `juesuan run` on the
folder with one worker on one core and with two on two (reports per second, peak memory of all its processes).
`--write` puts the tables into docs/reference/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import memory
from services.extractor.extract import extract
from services.indexer.index import Indexer
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.contracts.document import SourceFile
from shared.contracts.outcome import DocumentOutcome
from tests.corpus.generate import plan

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance.md"

_HEAD = "# Performance\n\nMade by `python -m benchmarks.run --write`.\n\n"
_MORE = """
## More

[Extraction](performance-extraction.md): speed and exact cells beside the floor, pdfplumber and `unstructured`.
[Memory](performance-memory.md) of a worker over a thousand documents. [Scans](performance-scans.md).
[The chain](performance-chain.md): rates, cost per event, memory.

The cost of a document grows with its pages:

![seconds and memory by pages](performance-extraction.svg)
"""


@dataclass
class Stages:
    """Milliseconds per report by stage (the extractor by format), and the facts read."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    facts: int = 0


@dataclass(frozen=True)
class Whole:
    """One run of the command: workers, seconds of wall time, peak memory in megabytes."""

    workers: int
    reports: int
    seconds: float
    peak: float


def write_reports(folder: Path, count: int) -> list[tuple[str, Path]]:
    """`count` reports over all layouts and formats: (format id, file)."""
    folder.mkdir(parents=True)
    files = []
    for job in plan(count, 1):
        path = folder / job.file_name
        path.write_bytes(job.form.write(job.compose()))
        files.append((job.form.id, path))
    return files


def time_stages(files: Iterable[tuple[str, Path]], database: Path) -> Stages:
    """Every stage of every report in this process. The first report of each format warms up and is not counted."""
    result = Stages()
    warm: set[str] = set()
    with Indexer(database) as indexer:
        for form, path in files:
            source = SourceFile(name=path.name, content=path.read_bytes())
            if form not in warm:
                warm.add(form)
                validate(normalize(extract(source)))
            started = time.perf_counter()
            document = extract(source)
            read = time.perf_counter()
            report = normalize(document)
            understood = time.perf_counter()
            assessment = validate(report)
            checked = time.perf_counter()
            indexer.index(report, assessment, DocumentOutcome.OK)
            ended = time.perf_counter()
            spans = (read - started, understood - read, checked - understood, ended - checked)
            for name, seconds in zip((f"extract {form}", "normalize", "validate", "index"), spans, strict=True):
                result.times[name].append(1000 * seconds)
            result.times["extract (all formats)"].append(1000 * spans[0])
            result.times["all stages"].append(1000 * sum(spans))
            result.facts += len(report.facts)
    return result


def time_command(folder: Path, workers: int, count: int) -> Whole:
    """`juesuan run` on the folder with `workers` processes on as many cores, into a new database."""
    database = folder.parent / f"whole-{workers}.db"
    command = [sys.executable, "-m", "cli", "run", str(folder), "--jobs", str(workers), "--db", str(database)]
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if cores:
        os.sched_setaffinity(0, cores[:workers])
    started = time.perf_counter()
    try:
        finished = memory.run([*command, "--format", "json"], dict(os.environ))
    finally:
        if cores:
            os.sched_setaffinity(0, cores)
    seconds = time.perf_counter() - started
    if finished.status not in (0, 1):
        raise SystemExit(f"juesuan run ended with status {finished.status}")
    return Whole(workers, count, seconds, finished.peak)


def tables(stages: Stages, wholes: list[Whole]) -> str:
    """Both tables in Markdown."""
    count = len(stages.times["all stages"])
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    lines = [
        f"{count} invented reports over all layouts and formats ({stages.facts} facts); {machine}.",
        "",
        "| stage | reports | ms, median | ms, 95 % | ms, mean |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in sorted(stages.times):
        times = sorted(stages.times[name])
        high = times[min(len(times) - 1, int(0.95 * len(times)))]
        lines.append(
            f"| {name} | {len(times)} | {statistics.median(times):.1f} | {high:.1f} | {statistics.mean(times):.1f} |"
        )
    lines += [
        "",
        "`juesuan run` with a database, start of the programs included:",
        "",
        "| workers = cores | reports | seconds | reports/s | peak memory, MB |",
        "|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.workers} | {one.reports} | {one.seconds:.1f} | {one.reports / one.seconds:.1f} | {one.peak:.0f} |"
        for one in wholes
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="juesuan-bench-") as name:
        folder = Path(name) / "reports"
        files = write_reports(folder, options.count)
        stages = time_stages(files, Path(name) / "stages.db")
        wholes = [time_command(folder, workers, options.count) for workers in (1, 2)]
    text = tables(stages, wholes)
    print(text)
    if options.write:
        PAGE.write_text(f"{_HEAD}{text}{_MORE}", encoding="utf-8")


if __name__ == "__main__":
    main()

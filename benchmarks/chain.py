"""Figures of the chain on real servers: `python -m benchmarks.chain [--count 300] [--documents 2000] [--write]`.

On the same mixed invented reports: `juesuan run --jobs 2`, then the chain with two extractor processes in one instance
and in two instances. Then every service alone on a backlog, and what of its time its function takes; then
the memory of every process before and after many documents. `--write` puts the tables into
docs/reference/performance-chain.md; with `--only` the other tables stay as they are.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import memory
from benchmarks.installation import Installation, Load, Spent, installed
from benchmarks.run import write_reports
from benchmarks.timed import TIMED
from tests.corpus.generate import plan

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-chain.md"
_SMALL = ("txt-tabs", "html-clean", "md-tabs", "xlsx-stacked")
_WARM_UP = 300
_LIGHT = ("intake", "normalizer", "validator", "indexer", "lifecycle")
_CHAIN_EVENTS = 5
_SECTIONS = ("Rates", "Every service alone", "Memory")


@dataclass(frozen=True)
class Rate:
    """One way to get the reports done: wall seconds, processor seconds of all its processes by name."""

    name: str
    reports: int
    seconds: float
    spent: dict[str, float]

    @property
    def per_second(self) -> float:
        """Reports per second."""
        return self.reports / self.seconds

    @property
    def milliseconds(self) -> float:
        """Processor milliseconds per report."""
        return 1000 * sum(self.spent.values()) / self.reports


def run_command(folder: Path, count: int) -> Rate:
    """`juesuan run --jobs 2` into a new database file."""
    database = folder.parent / "run.db"
    command = [sys.executable, "-m", "cli", "run", str(folder), "--jobs", "2", "--db", str(database)]
    started = time.monotonic()
    finished = memory.run([*command, "--format", "json"], dict(os.environ))
    if finished.status not in (0, 1):
        raise SystemExit(f"juesuan run ended with status {finished.status}")
    return Rate("juesuan run --jobs 2", count, time.monotonic() - started, {"run": finished.processor})


def run_chain(chain: Installation, name: str, batch: str, files: Sequence[Path]) -> Rate:
    """The files through the services that run, from the first upload to the last row of the lifecycle."""
    before = chain.loads()
    started = time.monotonic()
    chain.upload(batch, files)
    outcomes = chain.wait(batch, len(files))
    seconds = time.monotonic() - started
    if outcomes.get("failed") or outcomes.get("refused"):
        raise SystemExit(f"not every report was indexed: {outcomes}")
    after = chain.loads()
    return Rate(name, len(files), seconds, {each: after[each].seconds - before[each].seconds for each in after})


def rates(chain: Installation, folder: Path, files: Sequence[Path]) -> list[Rate]:
    """`juesuan run`, then the chain with two extractor processes in both arrangements."""
    found = [run_command(folder, len(files))]
    chain.start(JUESUAN_JOBS="2")
    found.append(run_chain(chain, "chain, one extractor with 2 workers", "one", files))
    chain.stop()
    chain.empty_database()
    chain.start(JUESUAN_JOBS="1")
    chain.start_second("extractor", JUESUAN_JOBS="1")
    found.append(run_chain(chain, "chain, two extractors with 1 worker", "two", files))
    chain.stop()
    chain.empty_database()
    return found


def stages(chain: Installation, files: Sequence[Path]) -> dict[str, tuple[Spent, Spent]]:
    """What every service takes per record, each alone on the backlog that the one before left; what of it its function.

    Intake and lifecycle have no function of their own: all that they take is the way.
    """
    chain.upload("stages", files)
    count = len(files)
    found: dict[str, tuple[Spent, Spent]] = {}
    for name in ("intake", "extractor", "normalizer", "validator", "indexer"):
        found[name] = chain.drain_timed(name, count) if name in TIMED else (chain.drain(name, count), Spent(0, 0))
    found["lifecycle"] = chain.drain("lifecycle", _CHAIN_EVENTS * count), Spent(0, 0)
    chain.empty_database()
    return found


def grow(chain: Installation, folder: Path, count: int) -> list[tuple[int, dict[str, Load]]]:
    """Small reports done and the loads then: after a warm-up, after half of `count` more reports and after all."""
    folder.mkdir()
    files = []
    for job in plan(_WARM_UP + count, 7, _SMALL):
        path = folder / job.file_name
        path.write_bytes(job.form.write(job.compose()))
        files.append(path)
    chain.start(JUESUAN_JOBS="2")
    found, done = [], 0
    for upto in (_WARM_UP, _WARM_UP + count // 2, _WARM_UP + count):
        run_chain(chain, "", f"upto-{upto}", files[done:upto])
        done = upto
        found.append((done, chain.loads()))
    chain.stop()
    return found


def rate_table(found: Sequence[Rate]) -> list[str]:
    """Rates against the first, and where the processor time of the chain goes."""
    base = found[0]
    lines = [
        "| way | reports | seconds | reports/s | share of the first | processor ms per report |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.name} | {one.reports} | {one.seconds:.1f} | {one.per_second:.2f} "
        f"| {one.per_second / base.per_second:.0%} | {one.milliseconds:.0f} |"
        for one in found
    ]
    names = list(found[-1].spent)
    lines += ["", "Processor milliseconds per report by process:", ""]
    lines += [f"| way | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
    lines += [
        f"| {one.name} | {' | '.join(f'{1000 * one.spent[name] / one.reports:.0f}' for name in names)} |"
        for one in found[1:]
    ]
    return lines


def stage_table(found: dict[str, tuple[Spent, Spent]]) -> list[str]:
    """What every record costs a light service beyond its function."""
    lines = [
        "Milliseconds per record, on the clock (of the processor), of a service that works off a backlog; its function",
        "was timed in the same process. In brackets, the function is what its own thread took.",
        "",
        "| service | all | its function | overhead |",
        "|---|---:|---:|---:|",
    ]
    for name in _LIGHT:
        whole, own = found[name]
        over = Spent(whole.wall - own.wall, whole.processor - own.processor)
        cells = " | ".join(f"{spent.wall:.1f} ({spent.processor:.1f})" for spent in (whole, own, over))
        lines.append(f"| {name} | {cells} |")
    return lines


def memory_table(found: Sequence[tuple[int, dict[str, Load]]]) -> list[str]:
    """Resident memory of every process."""
    lines = [
        f"| process | {' | '.join(f'MB after {done} reports' for done, _ in found)} |",
        f"|---|{'---:|' * len(found)}",
    ]
    names = found[-1][1]
    lines += [f"| {name} | {' | '.join(f'{loads[name].megabytes:.0f}' for _, loads in found)} |" for name in names]
    return lines


def sections(page: str) -> dict[str, str]:
    """The parts of a page by their `## ` headings, blank lines at the end left out."""
    parts = page.split("\n## ")[1:]
    return {part.splitlines()[0]: "## " + part.rstrip() + "\n" for part in parts}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--documents", type=int, default=2000, help="for the memory; 0 leaves it out")
    parser.add_argument("--only", choices=("rates", "stages", "memory"), action="append")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    wanted = options.only or ["rates", "stages", "memory"]
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    lines = [f"Broker, S3 server, PostgreSQL and all services on one machine: {machine}.", ""]
    with tempfile.TemporaryDirectory(prefix="juesuan-bench-") as name:
        folder = Path(name) / "reports"
        files = [path for _, path in write_reports(folder, options.count)]
        with installed(Path(name) / "state") as chain:
            if "rates" in wanted:
                lines += ["## Rates\n", *rate_table(rates(chain, folder, files)), ""]
                print("\n".join(lines), flush=True)
            if "stages" in wanted:
                part = ["## Every service alone\n", *stage_table(stages(chain, files)), ""]
                print("\n".join(part), flush=True)
                lines += part
            if "memory" in wanted and options.documents:
                part = ["## Memory\n", *memory_table(grow(chain, Path(name) / "small", options.documents)), ""]
                print("\n".join(part), flush=True)
                lines += part
    if options.write:
        known = sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
        made = known | sections("\n".join(lines))
        head = "# Performance of the chain\n\nMade by `python -m benchmarks.chain --write`.\n\n" + "\n".join(lines[:2])
        parts = [made[title] for title in _SECTIONS if title in made]
        PAGE.write_text("\n".join([head, *parts]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

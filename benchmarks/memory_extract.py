"""Is the memory of a worker flat? `python -m benchmarks.memory_extract [--count 1000] [--distinct 240] [--write]`.

Mixed invented reports over all layouts and formats go one after the other through a single worker that is never
replaced: extracted, normalized and validated, as `juesuan run` does it. What the worker holds in memory is noted after
every document. `--write` puts the table into docs/reference/performance-memory.md.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from pathlib import Path

from shared.contracts.document import SourceFile
from shared.runtime.local import process
from shared.runtime.pool import Pool
from shared.runtime.sandbox import resident_megabytes
from shared.settings import Settings
from tests.corpus.generate import plan

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-memory.md"
_MARKS = (1, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000)
#: From here on every library is loaded and every format was read several times.
_WARM = 100


def read(source: SourceFile) -> tuple[float, bool]:
    """`source` through the chain; what this process then holds (megabytes), and whether the report was read."""
    from cli.chain import CHAIN  # noqa: PLC0415 - loaded in the worker

    done = process(CHAIN, source)
    return resident_megabytes(), done.error is None


def sources(count: int, distinct: int) -> Iterator[SourceFile]:
    """`count` reports, `distinct` ones among them, in turn."""
    jobs = plan(min(count, distinct), 1)
    made = [SourceFile(name=job.file_name, content=job.form.write(job.compose())) for job in jobs]
    for number in range(count):
        yield made[number % len(made)]


def measure(count: int, distinct: int) -> list[float]:
    """Megabytes held after each document."""
    never = Settings(worker_documents=count + 1, worker_resident_megabytes=1_000_000)
    held: list[float] = []
    with Pool(read, 1, never) as pool:
        for done in pool.map(sources(count, distinct)):
            if done.value is None or not done.value[1]:
                raise SystemExit(f"{done.item.name} was not read: {done.error}")
            held.append(done.value[0])
    return held


def table(held: list[float], distinct: int) -> str:
    """The table in Markdown, with the growth after everything was loaded."""
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    lines = [
        f"{len(held)} reports, {min(len(held), distinct)} different ones, one worker, never replaced; {machine}.",
        "",
        "| after so many documents | the worker holds, MB |",
        "|---:|---:|",
        *(f"| {mark} | {held[mark - 1]:.0f} |" for mark in _MARKS if mark <= len(held)),
        "",
    ]
    if len(held) > _WARM:
        grown = held[-1] - held[_WARM - 1]
        each = 1024 * grown / (len(held) - _WARM)
        lines.append(
            f"From document {_WARM} to {len(held)}: {grown:+.0f} MB, {each:+.0f} KB a document; "
            f"at most {max(held):.0f} MB."
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--distinct", type=int, default=240)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = table(measure(options.count, options.distinct), options.distinct)
    print(text)
    if options.write:
        head = "# Memory of a worker\n\nMade by `python -m benchmarks.memory_extract --write`.\n\n"
        PAGE.write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()

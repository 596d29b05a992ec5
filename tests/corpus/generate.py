"""Write reports into a folder: `python -m tests.corpus.generate DIR [--count N] [--format F] [--layout L]`."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.truth import COLUMNS, true_rows
from tests.corpus.writers import BY_ID as FORMATS
from tests.corpus.writers import Format


@dataclass(frozen=True)
class Job:
    """One report to make: which layout, which seed, which format."""

    layout: str
    seed: int
    form: Format

    def compose(self) -> Printed:
        """The report, ready to be written."""
        return report(LAYOUTS[self.layout], self.seed)

    @property
    def file_name(self) -> str:
        """A name that says what is in the file."""
        return f"{self.layout}-{self.seed:04d}-{self.form.id}.{self.form.extension}"


def plan(count: int, seed: int, formats: Sequence[str] = (), layouts: Sequence[str] = ()) -> list[Job]:
    """`count` jobs that go through all pairs of layout and format before a pair comes again with a new seed."""
    pairs = [(layout, FORMATS[form]) for layout in layouts or LAYOUTS for form in formats or FORMATS]
    step = next(n for n in (29, 31, 37) if len(pairs) % n)
    return [Job(layout, seed + n, form) for n in range(count) for layout, form in [pairs[n * step % len(pairs)]]]


def write_truth(path: Path, printed: Printed) -> None:
    """The facts of a report in the columns of facts.csv, without the places."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(true_rows(printed))


def main() -> None:
    """Write the files and beside each a `.truth.csv` with its facts (in a folder `truth`)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=26)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=sorted(FORMATS), action="append")
    parser.add_argument("--layout", choices=sorted(LAYOUTS), action="append")
    options = parser.parse_args()
    truth = options.folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    for job in plan(options.count, options.seed, options.format or (), options.layout or ()):
        printed = job.compose()
        (options.folder / job.file_name).write_bytes(job.form.write(printed))
        write_truth(truth / f"{job.file_name}.truth.csv", printed)


if __name__ == "__main__":
    main()

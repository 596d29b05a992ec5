"""The progress line on stderr: files done, failed, rate, time left. Silent where nobody watches."""

from __future__ import annotations

from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text
from typing_extensions import override

from cli import messages
from cli.console import err
from cli.language import Words


class _Rate(TextColumn):
    """Files per second since the start."""

    def __init__(self) -> None:
        super().__init__("")

    @override
    def render(self, task: Task) -> Text:
        rate = task.completed / task.elapsed if task.elapsed else 0.0
        return Text(messages.PROGRESS_RATE(rate=rate), style="dim")


class RunProgress:
    """A context manager around the loop over files; `advance` after each one."""

    def __init__(self, total: int, what: Words = messages.READING) -> None:
        console = err()
        self._failed, self._total = 0, total
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("[red]{task.fields[failed]}[/]"),
            _Rate(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task(what(), total=total, failed="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def more(self, tasks: int) -> None:
        """So many more are to be done than was known."""
        self.grow(self._total + tasks)

    def grow(self, total: int) -> None:
        """So many are to be done now."""
        if total > self._total:
            self._total = total
            self._progress.update(self._task, total=total)

    def advance(self, *, failed: bool) -> None:
        """One more file is done."""
        self._failed += failed
        note = messages.PROGRESS_FAILED(count=self._failed) if self._failed else ""
        self._progress.update(self._task, advance=1, failed=note)

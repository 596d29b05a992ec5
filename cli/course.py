"""The course of a run: which tasks follow from which, and in which order their results are kept.

A file that lies alone goes through at once. Of several in a folder, those that are no whole report by themselves wait
for the others; the files of an archive all do. When the last one of them was read, what belongs together is put
together. Only what is said of the files is held here; their documents lie in a folder of their own.
"""

from __future__ import annotations

import heapq
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from cli.pieces import Held, Joining, Lost, Opened, Piece, Result, Task, Waits
from cli.work import Job, Record
from services.extractor.bundle.group import apart, group, names_an_annex, unit_of
from services.extractor.bundle.plan import joined_name, plan
from shared.contracts.document import Doubt

#: The place of a result: by input file, by file of an archive, by result of what was put together.
Key = tuple[int, ...]

#: What was put together comes after all files of its archive, which have smaller numbers.
_AFTER = 1 << 32
#: In a folder of so few files any two may be parts of one report.
_FEW = 12
_UNSAFE = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]+$')
_LONGEST_NAME = 60


@dataclass
class _Gathering:
    """Files that wait for each other: those of a folder, or of an archive (then with its own job and doubts)."""

    keys: list[Key]
    archive: Job | None = None
    doubts: tuple[Doubt, ...] = ()
    open: set[Key] = field(default_factory=set)
    held: dict[Key, Held] = field(default_factory=dict)
    lost: dict[Key, Lost] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open.update(self.keys)


class Course:
    """The tasks of a run over `jobs`; `spool` is an empty folder for what waits. A task is named by its key.

    `files` counts those that were read or should have been; archives that were opened are none.
    """

    def __init__(self, jobs: Sequence[Job], spool: Path) -> None:
        self.files = 0
        self._jobs, self._spool = jobs, spool
        self._gatherings: dict[Key, _Gathering] = {}
        self._tasks: dict[Key, Task] = {}
        self._pending: list[Key] = [(number,) for number in range(len(jobs))]
        self._ended: set[Key] = set()
        self._results: list[tuple[Key, Record]] = []
        self._urgent: deque[Key] = deque()
        self._files = iter([(number,) for number in range(len(jobs))])
        self._plan_files()

    def next(self) -> tuple[Key, Task] | None:
        """The task to begin now: what ends something before what begins something; None if there is none to begin."""
        key = self._urgent.popleft() if self._urgent else next(self._files, None)
        return None if key is None else (key, self._tasks[key])

    def end(self, key: Key, result: Result) -> int:
        """Take the result of a task; how many tasks came of it."""
        task = self._tasks.pop(key)
        before = len(self._tasks)
        if isinstance(result, Opened):
            self._open(key, task.job, result)
        elif isinstance(result, Held):
            self._gatherings[key].held[key] = result
        else:
            self._record(key, task, result)
        self.files += not isinstance(task, Joining) and not isinstance(result, Opened)
        self._leave(key, task)
        self._ended.add(key)
        return max(0, len(self._tasks) - before)

    def ready(self) -> Iterator[Record]:
        """Results whose turn it is: everything before them is done. Of two files of one account the later is newer."""
        while self._pending and self._pending[0] in self._ended:
            self._ended.remove(heapq.heappop(self._pending))
        while self._results and not (self._pending and self._pending[0] < self._results[0][0]):
            yield heapq.heappop(self._results)[1]

    def _plan_files(self) -> None:
        folders: dict[str, list[Key]] = {}
        for number, job in enumerate(self._jobs):
            folders.setdefault(unit_of(job.path.absolute().as_posix()), []).append((number,))
        for keys in folders.values():
            paths = [self._jobs[key[0]].path for key in keys]
            gathering = _Gathering(keys)
            for key, path, waits in zip(keys, paths, _waits([path.name for path in paths]), strict=True):
                self._gatherings[key] = gathering
                self._tasks[key] = Piece(self._jobs[key[0]], path.as_posix(), self._place(key), waits)

    def _place(self, key: Key) -> Path:
        return self._spool / "-".join(map(str, key))

    def _open(self, key: Key, job: Job, opened: Opened) -> None:
        """The files of an archive are tasks of their own."""
        keys = [(*key, number) for number in range(len(opened.members))]
        gathering = _Gathering(keys, job, opened.doubts)
        for member, (path, place) in zip(keys, opened.members, strict=True):
            heapq.heappush(self._pending, member)
            if isinstance(place, Path):
                self._gatherings[member] = gathering
                self._tasks[member] = Piece(
                    replace(job, path=place, folder=None), path, self._place(member), Waits.ALWAYS
                )
                self._urgent.append(member)
            else:
                gathering.lost[member] = Lost(path, place)
                gathering.open.remove(member)
                self._ended.add(member)
                self.files += 1

    def _record(self, key: Key, task: Task, record: Record) -> None:
        gathering = self._gatherings.get(key)
        if isinstance(task, Joining):
            for part in task.parts:
                part.spool.unlink(missing_ok=True)
        elif isinstance(task, Piece) and gathering is not None and gathering.archive and record.error:
            gathering.lost[key] = Lost(task.inner, record.error, record.document_id)
            return
        heapq.heappush(self._results, (key, record))

    def _leave(self, key: Key, task: Task) -> None:
        """A file is through; with the last one of them it shows what belongs together."""
        gathering = self._gatherings.pop(key, None)
        if gathering is None:
            return
        if gathering.archive is not None:
            task.job.path.unlink(missing_ok=True)
        gathering.open.remove(key)
        if gathering.open:
            return
        made = self._of_archive(gathering, gathering.archive) if gathering.archive else self._of_folder(gathering)
        for number, joining in enumerate(made, start=_AFTER):
            place = (*max(gathering.keys), number)
            self._tasks[place] = joining
            self._urgent.append(place)
            heapq.heappush(self._pending, place)

    def _of_folder(self, gathering: _Gathering) -> Iterator[Joining]:
        keys = sorted(gathering.held)
        held = [gathering.held[key] for key in keys]
        for numbers in group([one.evidence for one in held]):
            job = self._jobs[keys[numbers[0]][0]]
            names = [PurePosixPath(held[number].inner).name for number in numbers]
            parts = tuple(replace(held[number], inner=name) for number, name in zip(numbers, names, strict=True))
            together = len(parts) > 1
            yield Joining(replace(job, name=joined_name(names) if together else ""), parts, bundled=together)

    def _of_archive(self, gathering: _Gathering, archive: Job) -> Iterator[Joining]:
        held, lost = gathering.held, gathering.lost
        paths = [held[key].inner if key in held else lost[key].path for key in gathering.keys]
        seen = [held[key].evidence if key in held else None for key in gathering.keys]
        taken: set[str] = set()
        for one in plan(paths, seen):
            name = f"{archive.path.name}/{one.name}" if one.name else archive.path.name
            folder = _folder_for(archive.folder, one.name, taken) if archive.folder else None
            # A file that is a report by itself, one of several in the archive, is a document like any other.
            alone = bool(one.name) and len(one.parts) == 1 and not one.lost and not gathering.doubts
            yield Joining(
                replace(archive, path=archive.path / one.name, folder=folder, name=name),
                tuple(held[gathering.keys[number]] for number in one.parts),
                tuple(lost[gathering.keys[number]] for number in one.lost),
                gathering.doubts,
                bundled=not alone,
            )


def _waits(names: Sequence[str]) -> list[Waits]:
    """Which files of one folder wait for the others, by their names."""
    if len(names) == 1:
        return [Waits.NEVER]
    usual = Waits.ALWAYS if any(map(names_an_annex, names)) else Waits.UNLESS_WHOLE
    if len(names) <= _FEW:
        return [usual] * len(names)
    # Nobody keeps the parts of one report among dozens of others without naming them alike.
    return [Waits.UNLESS_TABLES if own else usual for own in apart(names)]


def _folder_for(root: Path, name: str, taken: set[str]) -> Path:
    """Where the outputs of a result of an archive go: its name below `root`, made harmless and unique."""
    parts = [_UNSAFE.sub("_", part)[:_LONGEST_NAME] for part in name.split("/") if part]
    wanted, number = "/".join(parts), 1
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{'/'.join(parts)}~{number}"
    taken.add(wanted.casefold())
    return root / wanted

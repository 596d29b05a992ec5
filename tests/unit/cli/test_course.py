"""The course of a run: what waits for what, and in which order results are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.course import Course, Key
from cli.pieces import Held, Joining, Opened, Piece, Result, Task, Waits
from cli.work import Carry, Job, Record
from services.extractor.bundle.evidence import Evidence
from services.extractor.bundle.faults import damaged_part
from shared.contracts.document import Doubt
from shared.contracts.outcome import DocumentOutcome

TABLES = frozenset({"T01", "T02", "T03", "T04", "T05", "T06"})


class Acting:
    """Plays the workers: what becomes of a file stands in `script`, by its name; what is not there is a report."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.script: dict[str, Result] = {}
        self.spool = folder / "spool"
        self.spool.mkdir()
        jobs = [Job(folder / name, folder / "out" / Path(name).name, "en", Carry.NOTHING) for name in names]
        self.course = Course(jobs, self.spool)
        self.joined: list[Joining] = []
        self.kept: list[str] = []

    def perform(self, *, backwards: bool = False) -> list[str]:
        """Run to the end, all that can begin begun together; the names of the results in the order of keeping."""
        while begun := self._begin():
            for key, task in reversed(begun) if backwards else begun:
                self.course.end(key, self._result(task))
                self.kept.extend(record.name for record in self.course.ready())
        return self.kept

    def _begin(self) -> list[tuple[Key, Task]]:
        begun = []
        while (given := self.course.next()) is not None:
            begun.append(given)
        return begun

    def _result(self, task: Task) -> Result:
        if isinstance(task, Joining):
            self.joined.append(task)
            return Record(task.job.path, DocumentOutcome.OK, folder=task.job.folder, title=task.job.name)
        name = Path(task.inner).name
        return self.script.get(name) or Record(task.job.path, DocumentOutcome.OK)

    def holds(self, name: str, *, who: str = "云溪县民政局", tables: frozenset[str] = TABLES, prose: int = 0) -> None:
        seen = Evidence(name, tables=tables, grids=len(tables), prose=prose, entities=(who,), account=True)
        self.script[Path(name).name] = Held(name, self.spool / Path(name).name, seen, "0" * 64, 0.1)

    def opens(self, name: str, *members: str, doubts: tuple[Doubt, ...] = ()) -> None:
        inside = [(member, self.spool / f"{name}-{number}") for number, member in enumerate(members)]
        self.script[name] = Opened(tuple(inside), doubts, "1" * 64)

    def narrates(self, name: str, *, who: str = "云溪县民政局") -> None:
        self.holds(name, who=who, tables=frozenset(), prose=500)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_results_come_in_the_order_of_the_files(folder: Path) -> None:
    acting = Acting(folder, "a/1.pdf", "b/2.pdf", "c/3.pdf")
    assert acting.perform(backwards=True) == ["1.pdf", "2.pdf", "3.pdf"]
    assert acting.course.files == 3


def test_a_lonely_file_is_taken_as_it_is(folder: Path) -> None:
    course = Course([Job(folder / "a.xlsx", None, "en", Carry.NOTHING)], folder)
    given = course.next()
    assert given is not None
    assert isinstance(given[1], Piece)
    assert given[1].waits is Waits.NEVER


def test_parts_of_a_folder_become_one_result_with_the_first_ones_place_for_output(folder: Path) -> None:
    acting = Acting(folder, "甲/表.xlsx", "甲/说明.docx", "乙/整.pdf")
    acting.holds("甲/表.xlsx")
    acting.narrates("甲/说明.docx")
    assert acting.perform() == ["说明.docx+1", "整.pdf"]
    (joining,) = acting.joined
    assert [part.inner for part in joining.parts] == ["说明.docx", "表.xlsx"]
    assert joining.bundled
    assert joining.job.folder == folder / "out" / "说明.docx"
    assert acting.course.files == 3


def test_a_file_that_waited_in_vain_is_itself(folder: Path) -> None:
    acting = Acting(folder, "甲/表.xlsx", "甲/整.pdf")
    acting.holds("甲/表.xlsx")
    assert sorted(acting.perform()) == ["整.pdf", "表.xlsx"]
    (joining,) = acting.joined
    assert not joining.bundled


def test_an_archive_of_one_report_has_its_own_name(folder: Path) -> None:
    acting = Acting(folder, "批.zip")
    acting.opens("批.zip", "说明.docx", "表.xlsx")
    acting.holds("表.xlsx")
    acting.narrates("说明.docx")
    assert acting.perform() == ["批.zip"]
    (joining,) = acting.joined
    assert joining.job.folder == folder / "out" / "批.zip"
    assert acting.course.files == 2


def test_results_of_an_archive_come_between_their_neighbours(folder: Path) -> None:
    acting = Acting(folder, "1/a.pdf", "2/批.zip", "3/z.pdf")
    acting.opens("批.zip", "甲/a.xlsx", "乙/b.xlsx", "乙/b.docx")
    acting.holds("甲/a.xlsx", who="云溪县财政局")
    acting.holds("乙/b.xlsx")
    acting.narrates("乙/b.docx")
    kept = acting.perform(backwards=True)
    assert kept[0] == "a.pdf"
    assert kept[-1] == "z.pdf"
    assert sorted(kept[1:-1]) == ["批.zip/乙", "批.zip/甲/a.xlsx"]
    folders = {joining.job.folder for joining in acting.joined}
    assert folders == {folder / "out" / "批.zip" / "乙", folder / "out" / "批.zip" / "甲" / "a.xlsx"}


def test_what_cannot_be_read_is_a_doubt_of_the_report_of_its_archive(folder: Path) -> None:
    acting = Acting(folder, "批.zip")
    acting.opens("批.zip", "表.xlsx", "坏.pdf")
    acting.holds("表.xlsx")
    reason = damaged_part("坏.pdf", "cut")
    acting.script["坏.pdf"] = Record(folder, DocumentOutcome.FAILED, "2" * 64, reason)
    assert acting.perform() == ["批.zip"]
    (joining,) = acting.joined
    assert [(lost.path, lost.error) for lost in joining.lost] == [("坏.pdf", reason)]


def test_among_several_reports_it_is_a_result_of_its_own(folder: Path) -> None:
    acting = Acting(folder, "批.zip")
    acting.opens("批.zip", "a.xlsx", "b.xlsx", "坏.pdf")
    acting.holds("a.xlsx")
    acting.holds("b.xlsx", who="云溪县财政局")
    acting.script["坏.pdf"] = Record(folder, DocumentOutcome.FAILED, "2" * 64, damaged_part("坏.pdf", "cut"))
    assert sorted(acting.perform()) == ["批.zip/a.xlsx", "批.zip/b.xlsx", "批.zip/坏.pdf"]
    lost = next(joining for joining in acting.joined if not joining.parts)
    assert lost.document_id == "2" * 64


def test_names_in_archives_make_harmless_and_different_folders(folder: Path) -> None:
    acting = Acting(folder, "批.zip")
    acting.opens("批.zip", "a:b.xlsx", "a?b.xlsx")
    acting.holds("a:b.xlsx")
    acting.holds("a?b.xlsx")
    acting.perform()
    names = {str(joining.job.folder and joining.job.folder.name) for joining in acting.joined}
    assert names == {"a_b.xlsx", "a_b.xlsx~2"}


def waits(folder: Path, *names: str) -> list[Waits]:
    course = Course([Job(folder / name, None, "en", Carry.NOTHING) for name in names], folder)
    found = []
    while (given := course.next()) is not None:
        assert isinstance(given[1], Piece)
        found.append(given[1].waits)
    return found


def test_who_waits_for_others(folder: Path) -> None:
    assert waits(folder, "a.pdf", "b.pdf") == [Waits.UNLESS_WHOLE] * 2
    assert waits(folder, "a.pdf", "附件 绩效.xlsx") == [Waits.ALWAYS] * 2
    many = [f"第{number}局.pdf" for number in range(20)]
    assert set(waits(folder, *many)) == {Waits.UNLESS_TABLES}
    assert waits(folder, *many, "第3局表.xlsx").count(Waits.UNLESS_WHOLE) == 2

"""Which files make one report, from what they say of themselves."""

from __future__ import annotations

import pytest

from services.extractor.bundle.evidence import Evidence
from services.extractor.bundle.group import NARRATIVE, apart, group, stands_alone, unit_of
from services.extractor.bundle.plan import plan

ALL = frozenset(f"T{number:02d}" for number in range(1, 11))
BUREAU, OFFICE = "云溪县民政局", "云溪县财政局"


def file(
    path: str, *tables: str, who: str | None = None, year: int | None = None, prose: int = 0, grids: int | None = None
) -> Evidence:
    return Evidence(
        path=path,
        tables=ALL if tables == ("all",) else frozenset(tables),
        grids=len(tables) if grids is None else grids,
        prose=prose,
        entities=(who,) if who else (),
        years=frozenset({year} if year else ()),
        account=True,
    )


def text(path: str, who: str | None = None, year: int | None = None) -> Evidence:
    return file(path, who=who, year=year, prose=NARRATIVE)


def grouped(*files: Evidence) -> list[list[str]]:
    return [[files[number].path for number in one] for one in group(files)]


def test_a_narrative_and_its_tables() -> None:
    files = (file("附表.xlsx", "all", who=BUREAU), text("说明.docx", BUREAU, 2024))
    assert grouped(*files) == [["说明.docx", "附表.xlsx"]]


def test_a_file_for_every_table_in_the_order_of_the_tables() -> None:
    names = ["公开10表.xls", "公开2表.xls", "公开1表.xls"]
    files = [file(name, f"T{int(name[2:-5]):02d}", who=BUREAU) for name in names]
    assert grouped(*files) == [["公开1表.xls", "公开2表.xls", "公开10表.xls"]]


def test_tables_without_a_printed_name_belong_to_the_only_department() -> None:
    files = (file("1.xls", "T01"), file("2.xls", "T02"), text("说明.docx", BUREAU))
    assert grouped(*files) == [["说明.docx", "1.xls", "2.xls"]]


def test_two_versions_are_not_parts() -> None:
    assert grouped(file("a.docx", "all", who=BUREAU), file("a.pdf", "all", who=BUREAU)) == [["a.docx"], ["a.pdf"]]


def test_two_versions_in_a_file_per_table_stay_apart() -> None:
    files = [file(f"公开{n}表{end}", f"T0{n}", who=BUREAU) for n in (1, 2, 3) for end in (".pdf", ".xls")]
    assert grouped(*files) == [
        ["公开1表.pdf", "公开2表.pdf", "公开3表.pdf"],
        ["公开1表.xls", "公开2表.xls", "公开3表.xls"],
    ]


def test_the_narrative_goes_to_the_version_that_has_none() -> None:
    whole = file("全文.pdf", "all", who=BUREAU, prose=NARRATIVE)
    files = (whole, text("说明.docx", BUREAU), file("附表.xlsx", "all", who=BUREAU))
    assert grouped(*files) == [["全文.pdf"], ["说明.docx", "附表.xlsx"]]


def test_a_narrative_that_repeats_a_table_is_still_one() -> None:
    files = (file("说明.docx", "T09", who=BUREAU, prose=NARRATIVE), file("附表.xlsx", "all", who=BUREAU))
    assert grouped(*files) == [["说明.docx", "附表.xlsx"]]


def test_departments_side_by_side() -> None:
    files = (
        text("民政局说明.docx", BUREAU),
        text("财政局说明.docx", OFFICE),
        file("民政局表.xlsx", "all", who=BUREAU),
        file("财政局表.xlsx", "all", who=OFFICE),
    )
    assert grouped(*files) == [["民政局说明.docx", "民政局表.xlsx"], ["财政局说明.docx", "财政局表.xlsx"]]


def test_names_of_files_tell_where_nothing_is_printed() -> None:
    files = (
        text("民政局说明.docx"),
        text("财政局说明.docx", OFFICE),
        file("民政局表.xlsx", "all", who=BUREAU),
        file("财政局表.xlsx", "all"),
    )
    assert grouped(*files) == [["民政局说明.docx", "民政局表.xlsx"], ["财政局说明.docx", "财政局表.xlsx"]]


def test_nothing_is_joined_where_it_cannot_be_told() -> None:
    files = (text("说明.docx"), file("1.xlsx", "all", who=BUREAU), file("2.xlsx", "all", who=OFFICE))
    assert grouped(*files) == [["1.xlsx"], ["2.xlsx"], ["说明.docx"]]


def test_the_name_of_another_department_keeps_a_file_apart() -> None:
    files = (text("水利局说明.docx"), file("表.xlsx", "all", who=BUREAU))
    assert grouped(*files) == [["水利局说明.docx"], ["表.xlsx"]]


def test_another_year_is_another_report() -> None:
    files = (text("a.docx", BUREAU, 2023), file("b.xlsx", "all", who=BUREAU, year=2024))
    assert grouped(*files) == [["a.docx"], ["b.xlsx"]]


def test_years_that_are_not_told_follow_the_account() -> None:
    files = (text("a.docx", BUREAU, 2024), file("b.xlsx", "all", who=BUREAU))
    assert grouped(*files) == [["a.docx", "b.xlsx"]]


def test_annexes_follow_their_report() -> None:
    whole = file("决算.pdf", "all", who=BUREAU, prose=NARRATIVE)
    assert grouped(file("附件 自评表.xlsx", who=BUREAU, grids=1), whole) == [["决算.pdf", "附件 自评表.xlsx"]]


def test_budgets_and_covering_letters_stay_alone() -> None:
    plans = Evidence(path="预算.xlsx", tables=frozenset({"T05"}), entities=(BUREAU,), budget=True)
    letter = Evidence(path="函.docx", prose=NARRATIVE)
    accounts = file("决算.xlsx", "all", who=BUREAU)
    assert grouped(plans, letter, accounts) == [["决算.xlsx"], ["函.docx"], ["预算.xlsx"]]


def test_narratives_alone_are_not_joined() -> None:
    assert grouped(text("a.docx", BUREAU), text("b.docx", BUREAU)) == [["a.docx"], ["b.docx"]]


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("a.docx", ""),
        ("民政局/a.docx", "民政局"),
        ("民政局/附件/a.xls", "民政局"),
        ("民政局/附件2/Excel/a.xls", "民政局"),
        ("附件1/a.xls", ""),
        ("市级/民政局/a.xls", "市级/民政局"),
    ],
)
def test_folders_of_annexes_belong_to_the_folder_above(path: str, unit: str) -> None:
    assert unit_of(path) == unit


def test_what_stands_alone() -> None:
    assert stands_alone(file("a.pdf", "all", prose=NARRATIVE))
    assert not stands_alone(file("a.xlsx", "all"))
    assert not stands_alone(text("a.docx"))


def test_among_many_files_a_name_of_its_own_is_enough() -> None:
    names = [
        "民政局2024决算.xlsx",
        "财政局2024决算.docx",
        "财政局2024决算表.xlsx",
        "附表1.xls",
        "sx-01.xls",
        "sx-02.xls",
    ]
    assert apart(names) == [True, False, False, False, True, True]
    assert stands_alone(file("a.xlsx", "all"), named=True)
    assert not stands_alone(file("a.xlsx", "T01"), named=True)


def test_what_cannot_be_read_is_lost_to_the_report_of_its_folder() -> None:
    paths = ["甲局/表.xlsx", "甲局/坏.docx", "乙局/1.pdf", "乙局/2.pdf", "乙局/坏.pdf"]
    seen = [
        file(paths[0], "all", who=BUREAU),
        None,
        file(paths[2], "all", who=OFFICE),
        file(paths[3], "all", who=OFFICE),
        None,
    ]
    found = {one.name: (one.parts, one.lost) for one in plan(paths, seen)}
    assert found == {
        "甲局": ((0,), (1,)),
        "乙局/1.pdf": ((2,), ()),
        "乙局/2.pdf": ((3,), ()),
        "乙局/坏.pdf": ((), (4,)),
    }


def test_the_only_report_takes_all_and_needs_no_name() -> None:
    (one,) = plan(["a/表.xlsx", "坏.docx"], [file("a/表.xlsx", "all"), None])
    assert (one.parts, one.lost, one.name) == ((0,), (1,), "")
    (bad,) = plan(["坏.docx"], [None])
    assert (bad.parts, bad.lost, bad.name) == ((), (0,), "")

"""Archives in one go: documents of several files, their ids, doubts, and the files that go back into the bucket."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from services.extractor.bundle.children import child_key, child_of
from services.extractor.bundle.evidence import evidence_of
from services.extractor.bundle.group import NARRATIVE, stands_alone
from services.extractor.bundle.merge import Read, bundle_id, merge
from services.extractor.bundle.open import as_one, open_archive
from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.normalizer.parts import traced
from shared.contracts.base import Text
from shared.contracts.document import Document, Doubt, DoubtCode, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument
from tests.corpus import bundles
from tests.corpus.archives import zipped
from tests.corpus.archives.rar import rar5
from tests.corpus.layouts import LAYOUTS
from tests.corpus.truth import compare, found_rows, true_rows
from tests.corpus.writers import docx, text, xlsx

ONE = bundles.with_annex(LAYOUTS[0], 5)
OTHER = bundles.with_annex(LAYOUTS[3], 6)


def archive(*, pack: object = zipped.gbk, **extra: bytes) -> SourceFile:
    assert callable(pack)
    return SourceFile(name="一局.zip", content=pack({**ONE.files, **extra}))


def read(name: str, content: bytes) -> Document:
    return extract(SourceFile(name=name, content=content))


def test_an_archive_of_one_report_is_a_document() -> None:
    document = extract(archive())
    assert document.name == "一局.zip"
    assert document.media_type is MediaType.ZIP
    assert [PurePosixPath(part.name).suffix for part in document.parts] == [".docx", ".xlsx"]
    assert [table.index for table in document.tables] == list(range(len(document.tables)))
    assert {block.part for block in document.blocks} == {0, 1}
    assert document.doubts == ()
    found = normalize(document)
    assert compare(true_rows(ONE.printed), found_rows(found)).missed == ()
    assert {fact.place.part for fact in found.facts} == {document.parts[1].name}


def test_the_same_files_are_the_same_document_however_packed() -> None:
    ids = {extract(archive(pack=pack)).document_id for pack in (zipped.gbk, zipped.plain, rar5)}
    single = [read(name, content).document_id for name, content in ONE.files.items()]
    assert ids == {bundle_id(single)} == {bundle_id(single[::-1])}
    assert bundle_id(single[:1]) == single[0]


def test_a_file_in_an_archive_keeps_its_id_and_tells_where_it_was() -> None:
    content = text.tabs(ONE.printed)
    document = extract(SourceFile(name="a.zip", content=zipped.gbk({"民政局/决算.txt": content})))
    assert document.document_id == read("决算.txt", content).document_id
    assert [part.name for part in document.parts] == ["民政局/决算.txt"]
    assert document.media_type is MediaType.TEXT


def test_several_reports_are_not_one_document() -> None:
    with pytest.raises(InvalidDocument) as error:
        extract(SourceFile(name="a.zip", content=zipped.gbk({**ONE.files, **OTHER.files})))
    assert error.value.category is Category.SEVERAL_REPORTS
    assert "2" in error.value.text.zh


def test_a_broken_file_in_the_archive_is_a_doubt() -> None:
    document = extract(archive(**{"盖章页.pdf": b"%PDF-1.4"}))
    (doubt,) = document.doubts
    assert doubt.code is DoubtCode.DAMAGED_PART
    assert "盖章页.pdf" in doubt.text.zh
    assert doubt.part is None


def test_nothing_readable_says_the_first_reason() -> None:
    with pytest.raises(InvalidDocument) as error:
        extract(SourceFile(name="a.zip", content=zipped.plain({"a.bin": bytes(range(256)) * 20})))
    assert error.value.category is Category.UNSUPPORTED_TYPE


def test_doubts_of_parts_name_the_part_and_its_table() -> None:
    narrative = read("说明.docx", docx.write(bundles.narrative(ONE.printed)))
    scarred = read("表.txt", text.tabs(bundles.tables(ONE.printed)) + b"\n\xff\xfe\xfd\n")
    assert scarred.doubts
    merged = merge([Read("甲/说明.docx", narrative), Read("甲/表.txt", scarred)], "甲")
    assert all(doubt.text.zh.startswith("甲/表.txt：") for doubt in merged.doubts)
    assert {doubt.part for doubt in merged.doubts} == {1}
    found = normalize(merged)
    assert found.parts == ("甲/说明.docx", "甲/表.txt")
    assert {doubt.part for doubt in found.doubts} == {1}
    bare = Doubt(code=DoubtCode.UNKNOWN_UNIT, text=Text(zh="没有金额单位", en="no unit"), table=0)
    (told,) = traced(found.model_copy(update={"doubts": (bare,)}), merged).doubts
    assert (told.part, told.text.zh) == (1, "甲/表.txt：没有金额单位")
    assert merged.size == narrative.size + scarred.size
    assert merged.reader.name == "bundle"
    assert narrative.reader.version in merged.reader.version


def test_the_files_for_the_bucket_are_the_same_every_time_and_one_report() -> None:
    source = SourceFile(name="批.zip", content=zipped.gbk({**ONE.files, **OTHER.files}))
    first, second = (open_archive(source, extract)[0] for _ in range(2))
    assert [child_of(found) for found in first] == [child_of(found) for found in second]
    for found in first:
        child = child_of(found)
        document = as_one(SourceFile(name=child.name, content=child.content), extract)
        assert document.document_id == found.document().document_id
        assert document.parts == found.document().parts


def test_keys_hold_the_path_and_stay_within_limits() -> None:
    assert child_key("t/b/批.zip", "甲/乙.pdf") == "t/b/批.zip!/甲/乙.pdf"
    assert child_key("t/b/a.zip", "a\nb") == "t/b/a.zip!/a_b"
    long = child_key("t/b/a.zip", f"{'局' * 120}/{'表' * 90}.pdf")
    assert long.endswith("表.pdf")
    assert all(len(part.encode()) <= 255 for part in long.split("/"))
    for archive_key in ("t/b/" + "批" * 250, "t/b/" + "批" * 330):
        short = child_key(archive_key, "局" * 60 + ".pdf")
        assert short.startswith("t/b/")
        assert short.endswith(".pdf")
        assert len(short.encode()) <= 1024


def test_what_files_say_of_themselves() -> None:
    printed = ONE.printed
    tables = {block.id for block in printed.tables() if block.id.startswith("T")}
    for name, content in ONE.files.items():
        seen = evidence_of(read(name, content), name)
        assert printed.entity in seen.entities
        assert seen.account
        assert not seen.budget
        assert not stands_alone(seen)
        if name.endswith(".docx"):
            assert (seen.tables, seen.grids, seen.years) == (frozenset(), 0, frozenset({printed.year}))
            assert seen.prose >= NARRATIVE
        else:
            assert seen.tables == tables
            assert seen.prose < NARRATIVE


def test_a_whole_report_stands_alone() -> None:
    content = docx.write(bundles.whole(LAYOUTS[0], 5).printed)
    assert len(evidence_of(read("a.docx", content), "a.docx").tables) >= 6


def test_the_name_of_a_file_tells_its_one_table() -> None:
    block = next(block for block in ONE.printed.tables() if block.id == "T03")
    lone = xlsx.write(bundles.tables(bundles.report(LAYOUTS[0], 5)))
    assert evidence_of(read("a.xlsx", lone), f"公开03表 {block.title}.xlsx").tables


@pytest.mark.parametrize(("name", "years"), [("2023决算表.txt", {2023}), ("表20231015.txt", set()), ("表.txt", set())])
def test_the_name_of_a_file_tells_the_year_where_nothing_in_it_does(name: str, years: set[int]) -> None:
    assert evidence_of(read(name, "项目\t金额\n合计\t1.00\n".encode()), name).years == years

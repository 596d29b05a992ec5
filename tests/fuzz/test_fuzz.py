"""A share of what `make fuzz` does: every format, many ways to damage it, the monsters that are quick."""

from __future__ import annotations

import socket
from collections.abc import Iterable

import pytest

from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, PoisonDocument
from shared.contracts.outcome import DocumentOutcome
from tests.fuzz.cases import Case, damaged, monsters
from tests.fuzz.monsters import MONSTERS
from tests.fuzz.reading import LIMITS, Ended, Listener, defects, listener, read_all
from tests.fuzz.sound import QUICK

#: They take more than a second each, or need LibreOffice or OCR: `make fuzz` has them.
_SLOW = frozenset(
    (
        *("百万格.html", "长行.html", "十万层.html", "一行.txt", "行数.txt", "参差.txt", "没有换行.txt", "横线.md"),
        *("表格.md", "长段.docx", "三百万格.xlsx", "长串.xlsx", "深.rtf", "外链.rtf", "流炸弹.pdf"),
        *("十万线.pdf", "满页.ofd", "二十万页.pdf", "大图.png", "细图.png", "多员.zip"),
    )
)


def ends(cases: Iterable[Case]) -> list[tuple[Case, Ended]]:
    return list(read_all(cases, jobs=2))


def wrong(ended: list[tuple[Case, Ended]]) -> list[str]:
    return [f"{case.kind} {case.number} {case.how}: {word}" for case, end in ended for word in defects(end)]


def test_damaged_files_of_every_format_end_in_words_or_in_a_document() -> None:
    count = 2 * len(QUICK)
    ended = ends(damaged(count, seed=7, slow=False))
    assert sorted(case.number for case, _ in ended) == list(range(count))
    assert {case.kind for case, _ in ended} == {form.id for form in QUICK}
    assert wrong(ended) == []
    assert {end.outcome for _, end in ended} >= {DocumentOutcome.FAILED, DocumentOutcome.PARTIAL}
    assert max(end.megabytes for _, end in ended) < LIMITS.worker_megabytes / 4


def test_files_made_to_hurt_hurt_nobody_but_themselves() -> None:
    with listener() as server:
        ended = ends(monsters(server.port, without=_SLOW))
    assert len(ended) == len(MONSTERS) - len(_SLOW)
    assert wrong(ended) == []
    assert server.visits == 0
    assert max(end.megabytes for _, end in ended) < LIMITS.worker_megabytes / 4


def test_the_damage_is_the_same_every_time() -> None:
    first, second = list(damaged(60, seed=3, slow=False)), list(damaged(60, seed=3, slow=False))
    assert first == second
    assert [case.source.content for case in damaged(60, seed=4, slow=False)] != [case.source.content for case in first]


def test_the_listener_counts_whoever_comes() -> None:
    server = Listener()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as visitor:
        assert visitor.recv(1) == b""
    server.close()
    assert server.visits == 1


@pytest.mark.parametrize("category", [Category.INTERNAL, Category.CRASH, Category.MEMORY])
def test_a_broken_reader_is_a_defect(category: Category) -> None:
    text = Text(zh="程序内部错误，该文件未处理。", en="A defect in juesuan: not processed.")
    assert defects(Ended(DocumentOutcome.FAILED, PoisonDocument(category, Phase.EXTRACT, text, "x")))

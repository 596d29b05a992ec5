"""Running text in two columns is read column by column; what only looks like it stays as it is."""

from __future__ import annotations

import pytest

from services.extractor.lattice.fill import Line
from services.extractor.lattice.gutters import in_reading_order
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import SourceFile, Table
from tests.unit.extractor import pdf_drawing as drawing

TEXT = "本单位全年收支平稳各项支出均按规定程序审批执行没有超出预算范围的情形年末结余按规定上缴财政统筹使用说明如下"


def texts(content: bytes) -> list[str]:
    blocks = PdfReader().read(SourceFile(name="x.pdf", content=content)).blocks
    return ["table" if isinstance(block, Table) else block.text for block in blocks]


def test_the_left_column_then_the_right_one() -> None:
    page, buffer = drawing.canvas()
    drawing.write(page, 150, 60, "二、关于决算的说明", 12)
    left = [TEXT[n : n + 18] for n in (0, 18, 36)] + ["二是" + TEXT[:16], TEXT[16:34], TEXT[34:52]]
    right = ["续写" + TEXT[:16], TEXT[16:34], TEXT[34:48] + "。", "三是" + TEXT[:14] + "。"]
    for number, text in enumerate(left):
        drawing.write(page, 60, 100 + 18 * number, text, 12)
    for number, text in enumerate([*right, "四是其他。"]):
        drawing.write(page, 310, 100 + 18 * number, text, 12)
    drawing.write(page, 60, 230, "通栏的一句话：" + TEXT[:30], 12)
    found = texts(drawing.finish(page, buffer))
    assert found[0] == "二、关于决算的说明"
    assert found[-1] == "通栏的一句话：" + TEXT[:30]
    assert "".join(found[1:-1]) == "".join([*left, *right, "四是其他。"])
    assert any(left[-1] + right[0] in text for text in found)


def line(y: float, *parts: tuple[float, float, str]) -> Line:
    text = " ".join(part[2] for part in parts)
    return Line(parts[0][0], parts[-1][1], y, 10.0, text, len(parts) - 1, parts if len(parts) > 1 else ())


@pytest.mark.parametrize(
    "rows",
    [
        [line(20.0 * n, (50, 150, "一般公共服务支出" + str(n)), (400, 450, f"{n}.00")) for n in range(9)],
        [line(20.0 * n, (50, 90, "姓名"), (300, 340, "职务")) for n in range(9)],
        [line(20.0 * n, (50, 250, TEXT[:20]), (300, 500, TEXT[:20])) for n in range(4)],
        [line(20.0 * n, (50, 150 + 20 * n, TEXT[: 10 + n]), (400, 500, TEXT[:10])) for n in range(9)],
    ],
    ids=["names and amounts", "short words", "too few", "nothing fills its column"],
)
def test_rows_of_a_table_are_no_columns(rows: list[Line]) -> None:
    assert in_reading_order(rows) == rows

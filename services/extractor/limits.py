"""How much a single document may ask of a machine, and the errors that say so."""

from __future__ import annotations

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

MEGABYTE = 1024 * 1024

#: Bytes of any file. A departmental account with scans inside is 5 to 60 MB.
MAX_FILE = 256 * MEGABYTE
#: Bytes of a text, Markdown or HTML file. The longest account seen, performance reports included, has 0.2 MB.
MAX_TEXT = 64 * MEGABYTE
#: Grid positions of one document. The longest account seen has 9,000.
MAX_CELLS = 2_000_000
#: Characters and pieces (paragraphs, tables, doubts) of one document. The longest account seen has 200,000 and 6,000.
MAX_CHARACTERS = 32_000_000
MAX_PIECES = 500_000
#: Columns of one table. The widest form has 24.
MAX_COLUMNS = 1_024


def check_size(size: int, maximum: int) -> None:
    """Raise `TOO_LARGE` if `size` (bytes) is more than `maximum`."""
    if size > maximum:
        have, most = -(-size // MEGABYTE), maximum // MEGABYTE
        raise InvalidDocument(
            Category.TOO_LARGE,
            Phase.EXTRACT,
            Text(
                zh=f"文件太大：{have} MB，此类文件最多 {most} MB。请拆分后重试，或确认是否选错了文件。",
                en=f"The file is too large: {have} MB, at most {most} MB for this kind of file. "
                "Split it, or check that it is the right file.",
            ),
            f"{size} bytes > {maximum}",
        )


def check_cells(count: int) -> None:
    """Raise `TOO_LARGE` if a document has more than `MAX_CELLS` grid positions."""
    if count > MAX_CELLS:
        raise InvalidDocument(
            Category.TOO_LARGE,
            Phase.EXTRACT,
            Text(
                zh=f"表格太大：超过 {MAX_CELLS} 个单元格，这不像一份部门决算。",
                en=f"The tables are too large: more than {MAX_CELLS} cells. This does not look like a final account.",
            ),
            f"{count} cells > {MAX_CELLS}",
        )


def check_output(characters: int, pieces: int) -> None:
    """Raise `TOO_LARGE` if what was read is more than any account: a small file can swell to that."""
    if characters > MAX_CHARACTERS or pieces > MAX_PIECES:
        raise InvalidDocument(
            Category.TOO_LARGE,
            Phase.EXTRACT,
            Text(
                zh="文件内容异常多（文字或段落数远超一份部门决算），未继续处理。请确认是否选错了文件。",
                en="The file holds far more text or paragraphs than any final account and was not processed further. "
                "Check that it is the right file.",
            ),
            f"{characters} characters, {pieces} pieces",
        )


def too_deep(detail: str) -> InvalidDocument:
    """The error of a file whose parts lie within each other more deeply than any program writes them."""
    return InvalidDocument(
        Category.TOO_LARGE,
        Phase.EXTRACT,
        Text(
            zh="文件内部嵌套层数过多，无法读取。请用办公软件重新保存后再试。",
            en="The parts of the file are nested too deeply to be read. Save it anew with an office "
            "program and try again.",
        ),
        detail,
    )

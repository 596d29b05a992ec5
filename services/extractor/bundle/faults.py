"""What can be wrong with an archive or a file in it: errors and doubts with the sentences that people read."""

from __future__ import annotations

from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.errors import Category, InvalidDocument, JuesuanError, Phase


def bomb(detail: str) -> InvalidDocument:
    """The archive would unpack to more than anyone packs on purpose."""
    return _invalid(
        Category.ZIP_BOMB,
        "压缩包解压后文件过多或大得异常（疑似压缩炸弹），已拒绝读取。请确认来源，或拆分后重新上传。",
        "The archive would unpack to an abnormal number or size of files (a likely bomb) and was not opened. Check "
        "where it comes from, or split it.",
        detail,
    )


def too_deep(depth: int) -> InvalidDocument:
    """An archive in an archive in an archive, and so on."""
    return _invalid(
        Category.ZIP_BOMB,
        f"压缩包嵌套超过 {depth} 层，未打开里层的压缩包。请解压后重新提交。",
        f"Archives lie in archives more than {depth} deep; the inner ones were not opened. Unpack them and try again.",
        f"nested deeper than {depth}",
    )


def nothing_inside() -> InvalidDocument:
    """An archive without files."""
    return _invalid(
        Category.NOTHING_FOUND,
        "压缩包里没有文件，请确认是否选对了文件。",
        "There is no file in the archive. Check that it is the right one.",
        "no members",
    )


def nothing_gathered(folder: str) -> InvalidDocument:
    """A folder of one report that is complete, as its marker says, and empty."""
    return _invalid(
        Category.NOTHING_FOUND,
        "报告文件夹已标记完成，但里面没有文件。请先上传文件，再放入内容不同的 _complete。",
        "The folder is marked as complete and holds no file. Upload them, then put a _complete with other content.",
        folder,
    )


def damaged_part(path: str, detail: str) -> InvalidDocument:
    """One file of an archive cannot be unpacked."""
    return _invalid(
        Category.DAMAGED,
        "压缩包中的这个文件已损坏，无法解压。请重新打包或重新上传原文件。",
        "This file of the archive is damaged and cannot be unpacked. Pack it anew, or upload the original again.",
        f"{path}: {detail}",
    )


def encrypted_part(path: str) -> InvalidDocument:
    """A password."""
    return _invalid(
        Category.ENCRYPTED,
        "压缩包设置了密码，无法读取。请去掉密码后重新上传。",
        "The archive is protected by a password. Remove the password and upload it again.",
        path,
    )


def unsupported_method(path: str, detail: str) -> InvalidDocument:
    """A compression that no library here knows."""
    return _invalid(
        Category.UNSUPPORTED_TYPE,
        "压缩包使用了不支持的压缩方式。请用普通的 ZIP 重新打包，或解压后提交其中的文件。",
        "The archive uses a compression that is not supported. Pack it as plain ZIP, or submit the files inside.",
        f"{path}: {detail}",
    )


def skipped(name: str) -> Doubt:
    """A member that is no file, or whose name points out of the archive."""
    return Doubt(
        code=DoubtCode.SKIPPED_CONTENT,
        text=Text(
            zh=f"压缩包中的“{name}”不是普通文件或路径不安全，未读取",
            en=f'"{name}" in the archive is no plain file or has an unsafe path, and was not read',
        ),
    )


def rest_lost(detail: str) -> InvalidDocument:
    """The rest of an archive cannot be read."""
    return _invalid(
        Category.DAMAGED,
        "压缩包从中间起已损坏，后面的文件没有读到。请重新打包或重新上传。",
        "The archive is damaged from some point on; what lies behind was not read. Pack it anew, or upload it again.",
        detail,
    )


def lost_part(path: str, error: JuesuanError) -> Doubt:
    """A file that belongs to a report and cannot be read."""
    return Doubt(
        code=DoubtCode.DAMAGED_PART,
        text=Text(
            zh=f"文件“{path}”未能读取，其中的内容不在结果里：{error.text.zh}",
            en=f'The file "{path}" could not be read, and what it holds is missing here: {error.text.en}',
        ),
    )


def several_reports(names: list[str]) -> InvalidDocument:
    """One report was asked for, and the archive holds more."""
    listed = "、".join(names[:5]) + ("……" if len(names) > 5 else "")  # noqa: PLR2004
    return _invalid(
        Category.SEVERAL_REPORTS,
        f"压缩包里有 {len(names)} 份报告（{listed}），请分别打开，或用 juesuan run 处理整个压缩包。",
        f"The archive holds {len(names)} reports ({listed}): open them one by one, or process the archive with "
        "`juesuan run`.",
        f"{len(names)} reports",
    )


def _invalid(category: Category, zh: str, en: str, detail: str) -> InvalidDocument:
    return InvalidDocument(category, Phase.EXTRACT, Text(zh=zh, en=en), detail)

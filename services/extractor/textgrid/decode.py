"""Bytes of a text file as text: UTF-8, UTF-16 with a byte order mark, GB18030."""

from __future__ import annotations

from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.errors import Category, InvalidDocument, Phase

_LOST = "\ufffd"
#: Share of characters that may be lost before a text counts as unreadable.
_MOST_LOST = 0.05


def decode(content: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """The text of `content` and a doubt if any byte of it could not be decoded.

    Raises `NOT_READABLE` if more than 5 % of the characters are lost.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(content.decode("utf-16", errors="replace"), "UTF-16")
    try:
        return _checked(content.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        pass
    as_utf8 = content.decode("utf-8-sig", errors="replace")
    # A broken UTF-8 file loses single characters; a GB18030 file read as UTF-8 loses nearly every one.
    wide = sum(1 for character in as_utf8 if character > "\x7f")
    if as_utf8.count(_LOST) * 10 < wide:
        return _checked(as_utf8, "UTF-8")
    try:
        return _checked(content.decode("gb18030"), "GB18030")
    except UnicodeDecodeError:
        return _checked(content.decode("gb18030", errors="replace"), "GB18030")


def zeros(text: str) -> tuple[Doubt, ...]:
    """A doubt if zero bytes stand among the text: a disk or a transfer left them where something was."""
    found = text.rstrip("\0").count("\0")  # at the end of a file they are padding
    if not found:
        return ()
    zh = f"文件中有 {found} 个空字节，这里原来的内容已丢失。"
    en = f"There are {found} zero bytes in the file; what stood in their place is lost."
    return (Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en)),)


def _checked(text: str, encoding: str) -> tuple[str, tuple[Doubt, ...]]:
    lost = text.count(_LOST)
    if not lost:
        return text, zeros(text)
    if lost > len(text) * _MOST_LOST:
        raise InvalidDocument(
            Category.NOT_READABLE,
            Phase.EXTRACT,
            Text(
                zh="文字编码无法识别，内容成了乱码。请另存为 UTF-8 后重试。",
                en="The character encoding is not known and the text is garbled. Save it as UTF-8 and try again.",
            ),
            f"{lost} of {len(text)} characters lost as {encoding}",
        )
    line = text.count("\n", 0, text.index(_LOST)) + 1
    return text, (
        Doubt(
            code=DoubtCode.ENCODING,
            text=Text(
                zh=f"按 {encoding} 读取时有 {lost} 个字符无法识别，最早在第 {line} 行。",
                en=f"{lost} characters could not be decoded as {encoding}, the first in line {line}.",
            ),
        ),
        *zeros(text),
    )

"""What kind of file this is, by its content; the name is only a hint where the content leaves it open."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from pathlib import PurePath

from services.extractor import ole
from services.extractor.limits import MAX_FILE, MAX_TEXT, check_size
from services.extractor.office.kinds import is_mail, mime_kind, xml_kind
from services.extractor.office.odf import odf_kind
from services.extractor.unlock import ENCRYPTED_PACKAGE, unlocked
from services.extractor.zipsafe import damaged, encrypted, open_zip, zip_names
from shared.contracts.base import Text
from shared.contracts.document import MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase

_SAMPLE = 64 * 1024
_BLANK = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>|<!--.{0,4000}?-->|\s)*<(?:!doctype\s+html|html|head|body|meta|title|style|script|table|div|p|center|font|span|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$", re.MULTILINE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TABBED = re.compile(r"^[^\n|]*\t[^\n|]*$", re.MULTILINE)

#: archives of several files, which a reader cannot take as one
ARCHIVES = frozenset({MediaType.ZIP, MediaType.RAR, MediaType.SEVENZIP})
_PACKAGES = frozenset({"[content_types].xml", "mimetype", "ofd.xml", "xl/workbook.xml", "xl/workbook.bin"})
_PACKAGE_FOLDERS = ("word/document", "ppt/presentation")

_SAVE_AS_OFFICE = ("请用 Word、WPS 或 Excel 另存为 .docx 或 .xlsx 后重试。", "Save it as .docx or .xlsx and try again.")
_ORIGINAL = (
    "请提供带文字层的 PDF，或 Word、Excel 原件。",
    "Supply a PDF with a text layer, or the Word or Excel original.",
)
_UNPACK = ("请先解压，再提交其中的文件。", "Unpack it and submit the files inside.")
_ATTACHMENTS = ("请提交其中的附件。", "Submit its attachments.")
_AS_PDF = ("请导出为 PDF 后重试。", "Export it as PDF and try again.")

#: First bytes -> what it is (zh, en) and what to do.
_SIGNATURES: tuple[tuple[bytes, tuple[str, str], tuple[str, str]], ...] = (
    (b"GIF8", ("图片（GIF）", "an image (GIF)"), _ORIGINAL),
    (b"\x1f\x8b", ("压缩包（gzip）", "an archive (gzip)"), _UNPACK),
    (b"BZh", ("压缩包（bzip2）", "an archive (bzip2)"), _UNPACK),
    (b"MZ", ("程序文件", "a program"), _ORIGINAL),
    (b"\x7fELF", ("程序文件", "a program"), _ORIGINAL),
)
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
#: First bytes that leave nothing open.
_KNOWN: tuple[tuple[tuple[bytes, ...], MediaType], ...] = (
    ((b"Rar!\x1a\x07",), MediaType.RAR),
    ((b"7z\xbc\xaf\x27\x1c",), MediaType.SEVENZIP),
    (_BIFF, MediaType.XLS),
    ((b"{\\rtf",), MediaType.RTF),
    ((b"\x89PNG\r\n",), MediaType.PNG),
    ((b"\xff\xd8\xff",), MediaType.JPEG),
    ((b"II*\x00", b"MM\x00*"), MediaType.TIFF),
)


def detect(source: SourceFile) -> MediaType:
    """The media type of `source`.

    Raises `InvalidDocument`: EMPTY_FILE, TOO_LARGE, ENCRYPTED, DAMAGED (an archive that cannot be opened) or
    UNSUPPORTED_TYPE, each with a sentence that says what to do.
    """
    content = source.content
    if not content[:_SAMPLE].strip(_BLANK) and not content.strip(_BLANK):
        raise _invalid(
            Category.EMPTY_FILE, "文件是空的，请重新下载或上传。", "The file is empty. Download or upload it again."
        )
    check_size(len(content), MAX_FILE)
    head = content[:_SAMPLE]
    # Archives come before PDF: one that holds a PDF as it is has its signature near the beginning, too.
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _archive(content)
    if (known := _known(head)) is not None:
        return known
    if b"%PDF-" in head[:1024]:
        return MediaType.PDF
    if head.startswith(ole.MAGIC):
        return _compound(source)
    for signature, what, cure in _SIGNATURES:
        if head.startswith(signature):
            raise _unsupported(what, cure)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise _unsupported(("图片（WebP）", "an image (WebP)"), _ORIGINAL)
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return MediaType.BMP
    return _textual(source.name, content)


def _known(head: bytes) -> MediaType | None:
    return next((media_type for signatures, media_type in _KNOWN if head.startswith(signatures)), None)


def _archive(content: bytes) -> MediaType:
    names = zip_names(content)
    if not _is_package(names):
        return MediaType.ZIP
    archive = open_zip(content)
    if "xl/workbook.xml" in names:
        return MediaType.XLSX
    if any(name.startswith("word/document") and name.endswith(".xml") for name in names):
        return MediaType.DOCX
    if "xl/workbook.bin" in names:
        raise _unsupported(("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"), _SAVE_AS_OFFICE)
    if "ofd.xml" in names:
        return MediaType.OFD
    if any(name.startswith("ppt/") for name in names):
        raise _unsupported(("演示文稿", "a presentation"), _AS_PDF)
    if "content.xml" in names and "mimetype" in names:
        if (kind := odf_kind(archive)) is not None:
            return kind
        raise _unsupported(("OpenDocument 文件", "an OpenDocument file"), _SAVE_AS_OFFICE)
    return MediaType.ZIP


def _is_package(names: AbstractSet[str]) -> bool:
    """Whether a ZIP is itself a document (an office file, an OFD) and no bundle of files."""
    return bool(names & _PACKAGES) or any(name.startswith(_PACKAGE_FOLDERS) for name in names)


def _compound(source: SourceFile) -> MediaType:
    names = ole.root_names(source.content)
    if ENCRYPTED_PACKAGE in names:
        inside = _archive(unlocked(source).content)
        if inside is MediaType.ZIP:
            raise encrypted("no office file in the encrypted package")
        return inside
    if names & {"Workbook", "Book"}:
        return MediaType.XLS
    if "WordDocument" in names:
        return MediaType.DOC
    if "PowerPoint Document" in names:
        raise _unsupported(("演示文稿（.ppt）", "a presentation (.ppt)"), _AS_PDF)
    if any(name.startswith(("__substg1.0", "__properties")) for name in names):
        raise _unsupported(("邮件（.msg）", "an e-mail (.msg)"), _ATTACHMENTS)
    if not names:
        raise damaged("no OLE directory")
    raise _unsupported(("不认识的 Office 文件", "an unknown Office file"), _SAVE_AS_OFFICE)


def _textual(name: str, content: bytes) -> MediaType:
    head = content[:_SAMPLE]
    sample = _sample_text(head)
    if sample is None:
        raise _unsupported(("不认识的文件格式", "a file of unknown format"), _ORIGINAL)
    check_size(len(content), MAX_TEXT)
    kind = mime_kind(sample) or xml_kind(sample)
    if kind is not None:
        return kind
    if is_mail(sample):
        raise _unsupported(("邮件（.eml）", "an e-mail (.eml)"), _ATTACHMENTS)
    if _HTML.match(sample):
        return MediaType.HTML
    if PurePath(name).suffix.lower() in _MARKDOWN_SUFFIXES and not _tab_tables_only(sample):
        return MediaType.MARKDOWN
    return MediaType.TEXT


def _sample_text(head: bytes) -> str | None:
    """The first part as text, errors ignored (the reader decodes with care); None if this cannot be text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="ignore")
    if len(_CONTROL.findall(head)) * 200 > len(head):
        return None
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 4:  # the sample ends within a character
            return head[: error.start].decode("utf-8-sig")
    text = head.decode("gb18030", errors="replace")
    return None if text.count("\ufffd") * 20 > len(text) else text.replace("\ufffd", "")


def _tab_tables_only(sample: str) -> bool:
    """Whether the tables of a .md file are tab-separated: Markdown itself knows no such tables and would lose them."""
    return len(_TABBED.findall(sample)) > 1 and not _PIPE_RULE.search(sample) and "<table" not in sample.lower()


def _unsupported(what: tuple[str, str], cure: tuple[str, str]) -> InvalidDocument:
    return _invalid(
        Category.UNSUPPORTED_TYPE,
        f"这是{what[0]}，不能直接读取。{cure[0]}",
        f"This is {what[1]}, which cannot be read directly. {cure[1]}",
        what[1],
    )


def _invalid(category: Category, zh: str, en: str, detail: str = "") -> InvalidDocument:
    return InvalidDocument(category, Phase.EXTRACT, Text(zh=zh, en=en), detail)

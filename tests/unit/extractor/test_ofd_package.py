"""OFD packages: where parts are, bodies and versions, what is damaged, encrypted or too much."""

from __future__ import annotations

import io
import zipfile

import pytest

from services.extractor.ofd.package import Package
from shared.contracts.document import DoubtCode
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.extractor.ofd_package import SPACE, entry, lines, parts, read, read_page, ruled, tables, text, zipped

TABLE = ruled((20, 80, 120), (30, 40, 50)) + text(22, 32, "项目") + text(82, 32, "金额")
WORDS = text(20, 60, "收入决算")


def refusal(content: bytes) -> InvalidDocument:
    """The error that reading `content` raises."""
    with pytest.raises(InvalidDocument) as error:
        read(content)
    return error.value


@pytest.mark.parametrize(
    "root",
    [
        "Doc_0/Document.xml",
        "/Doc_0/Document.xml",
        "\\Doc_0\\Document.xml",
        "./doc_0/DOCUMENT.XML",
        " Doc_0//Document.xml ",
    ],
)
def test_ways_to_write_a_location(root: str) -> None:
    """Absolute, relative, with the separators of another system, in another case."""
    assert lines(read(zipped(parts(WORDS) | {"OFD.xml": entry(root)}))) == ["收入决算"]


@pytest.mark.parametrize(
    "location",
    [
        "Pages/Page_0/Content.xml",
        "/Doc_0/Pages/Page_0/Content.xml",
        "Doc_0/Pages/Page_0/Content.xml",
        "/Pages/Page_0/Content.xml",
    ],
)
def test_a_page_whose_location_leaves_out_or_repeats_the_folder(location: str) -> None:
    """The standard knows the first two; producers know them all."""
    files = parts(WORDS)
    document = str(files["Doc_0/Document.xml"]).replace("Pages/Page_0/Content.xml", location)
    assert lines(read(zipped(files | {"Doc_0/Document.xml": document}))) == ["收入决算"]


def test_a_location_as_an_element() -> None:
    """Some write BaseLoc as an element instead of an attribute."""
    files = parts(WORDS)
    document = str(files["Doc_0/Document.xml"]).replace(
        '<ofd:Page ID="0" BaseLoc="Pages/Page_0/Content.xml"/>',
        "<ofd:Page><ofd:BaseLoc>Pages/Page_0/Content.xml</ofd:BaseLoc></ofd:Page>",
    )
    assert lines(read(zipped(files | {"Doc_0/Document.xml": document}))) == ["收入决算"]


def test_names_in_chinese() -> None:
    """Packed with and without the mark that says UTF-8."""
    files = {name.replace("Doc_0", "文档"): content for name, content in parts(WORDS).items()}
    files["OFD.xml"] = entry("文档/Document.xml")
    content = zipped(files)
    assert lines(read(content)) == ["收入决算"]
    gbk = io.BytesIO()
    with zipfile.ZipFile(gbk, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name.encode("gb18030").decode("cp437"))
            archive.writestr(info, data)
    unmarked = gbk.getvalue()
    assert "文档".encode() not in unmarked.replace("文档/Document.xml".encode(), b"")
    assert Package(unmarked).locate("/文档/Document.xml") is not None


def test_namespaces_do_not_matter() -> None:
    """A default name space, none at all, the one of an older draft."""
    for new in ("", 'xmlns="http://www.ofdspec.org/2016"', 'xmlns:ofd="http://www.ofdspec.org"'):
        prefix = "ofd:" if "xmlns:" in new else ""
        files = {
            name: str(content).replace(SPACE, new).replace("<ofd:", f"<{prefix}").replace("</ofd:", f"</{prefix}")
            for name, content in parts(TABLE).items()
        }
        assert tables(read(zipped(files))) == [[["项目", "金额"], ["", ""]]]


def test_several_bodies() -> None:
    """Documents of one package follow each other; their pages are counted through."""
    first, second = parts(WORDS), parts(text(20, 60, "支出决算"))
    files = first | {name.replace("Doc_0", "Doc_1"): content for name, content in second.items() if "Doc_0" in name}
    files["OFD.xml"] = entry("Doc_0/Document.xml", "Doc_1/Document.xml")
    reading = read(zipped(files))
    assert [(block.text, block.page) for block in reading.blocks if block.kind != "table"] == [
        ("收入决算", 1),
        ("支出决算", 2),
    ]
    assert reading.pages == 2


def test_the_current_version() -> None:
    """A body with versions: the current one counts, or the first document if that is not there."""
    newer = {name.replace("Doc_0", "Doc_1"): content for name, content in parts(text(20, 60, "支出决算")).items()}
    files = newer | parts(WORDS)
    files["OFD.xml"] = (
        f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions>"
        '<ofd:Version ID="1" Current="false" BaseLoc="V/1.xml"/><ofd:Version ID="2" Current="true" BaseLoc="V/2.xml"/>'
        "</ofd:Versions></ofd:DocBody></ofd:OFD>"
    )
    assert lines(read(zipped(files))) == ["收入决算"]
    assert lines(read(zipped(files | {"V/2.xml": "<ofd:DocVersion"}))) == ["收入决算"]
    files["V/2.xml"] = f"<ofd:DocVersion {SPACE}><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocVersion>"
    assert lines(read(zipped(files))) == ["支出决算"]


def test_a_broken_page_costs_that_page() -> None:
    """Cut off, missing: a doubt with its number, the others are read."""
    files = parts(WORDS, text(20, 60, "甲"), text(20, 60, "支出决算"), text(20, 60, "乙"))
    broken = files | {"Doc_0/Pages/Page_1/Content.xml": str(files["Doc_0/Pages/Page_1/Content.xml"])[:90]}
    del broken["Doc_0/Pages/Page_3/Content.xml"]
    reading = read(zipped(broken))
    assert lines(reading) == ["收入决算", "支出决算"]
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [
        (DoubtCode.TRUNCATED, 2),
        (DoubtCode.TRUNCATED, 4),
    ]
    assert reading.pages == 4


@pytest.mark.parametrize(
    "part", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/PublicRes.xml", "Doc_0/Pages/Page_0/Content.xml"]
)
def test_a_package_without_a_readable_page_is_damaged(part: str) -> None:
    """Parts that are no XML."""
    error = refusal(zipped(parts(WORDS) | {part: "<ofd:OFD"}))
    assert error.category is Category.DAMAGED
    assert "损坏" in error.text.zh


def test_a_package_without_documents_or_pages_is_damaged() -> None:
    """An entry that leads nowhere."""
    assert refusal(zipped(parts(WORDS) | {"OFD.xml": entry()})).category is Category.DAMAGED
    assert refusal(zipped(parts(WORDS) | {"OFD.xml": entry("Doc_7/Document.xml")})).category is Category.DAMAGED
    assert refusal(zipped(parts())).category is Category.DAMAGED


def test_encrypted_parts_are_told_from_damaged_ones() -> None:
    """Parts that are no XML in a package that lists what it encrypted."""
    hidden = parts(WORDS) | {"Doc_0/Pages/Page_0/Content.xml": bytes(range(256))}
    for listed in ("Encryptions.xml", "Doc_0/Encryptions.xml", "Doc_0/decryptseed.dat"):
        error = refusal(zipped(hidden | {listed: b"\x01"}))
        assert error.category is Category.ENCRYPTED
        assert "密码" in error.text.zh
    named = str(hidden["OFD.xml"]).replace("</ofd:OFD>", "<ofd:Encryptions>E.dat</ofd:Encryptions></ofd:OFD>")
    assert refusal(zipped(hidden | {"OFD.xml": named})).category is Category.ENCRYPTED
    assert refusal(zipped(parts(WORDS) | {"OFD.xml": b"\x07", "Encryptions.xml": b""})).category is Category.ENCRYPTED


def test_a_package_of_which_only_an_attachment_is_encrypted() -> None:
    """What can be read is read."""
    assert lines(read(zipped(parts(WORDS) | {"Encryptions.xml": f"<ofd:Encryptions {SPACE}/>"}))) == ["收入决算"]


def test_images_alone_are_no_text() -> None:
    """Pages of pictures that cannot be shown are refused in words; beside pages of text they are a doubt."""
    picture = '<ofd:ImageObject ResourceID="9" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'
    error = refusal(zipped(parts(picture)))
    assert error.category is Category.NO_TEXT_LAYER
    assert "扫描" in error.text.zh
    reading = read(zipped(parts(WORDS, picture, "")))
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.EMPTY_PAGE, 2)]


def test_no_entities_and_no_bombs() -> None:
    """A DTD is refused like any damage; a part packed too well is a bomb; vector units that multiply come to an end."""
    page = f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><ofd:Page {SPACE}>&b;</ofd:Page>'
    assert refusal(zipped(parts(WORDS) | {"Doc_0/Pages/Page_0/Content.xml": page})).category is Category.DAMAGED
    spaces = f"<ofd:Page {SPACE}>{' ' * 40_000_000}</ofd:Page>"
    assert refusal(zipped(parts(WORDS) | {"Doc_0/Pages/Page_0/Content.xml": spaces})).category is Category.ZIP_BOMB
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        + f'<ofd:CompositeObject ResourceID="{n + 1}" Boundary="0 0 9 9"/>' * 100
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in range(9)
    )
    reading = read_page(WORDS + '<ofd:CompositeObject ResourceID="0" Boundary="0 0 9 9"/>', resources=units)
    assert lines(reading) == ["收入决算"]
    assert [doubt.code for doubt in reading.doubts] == [DoubtCode.TRUNCATED]


def test_values_that_are_none() -> None:
    """Numbers beyond measure, words for numbers, matrices that flatten: as if they were not there."""
    odd = (
        '<ofd:TextObject Boundary="20 60" CTM="0 0 0 0 0 0" Size="4"><ofd:TextCode X="NaN" Y="64" DeltaX="inf g x">'
        "支</ofd:TextCode></ofd:TextObject>"
        '<ofd:PathObject Boundary="a b c d" LineWidth="1e99">'
        "<ofd:AbbreviatedData>M 0 0 L nan 0 L 1e999 0 L 5 Z</ofd:AbbreviatedData></ofd:PathObject>"
        "<ofd:PathObject/><ofd:TextObject/><ofd:ImageObject/><ofd:CompositeObject/>"
    )
    assert lines(read_page(WORDS + odd)) == ["支 收入决算"]

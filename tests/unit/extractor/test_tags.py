"""Tags with more attributes than anything writes."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from services.extractor.tags import MAX_ATTRIBUTES, check_tags
from shared.contracts.document import SourceFile
from shared.contracts.errors import Category, InvalidDocument

TABLE = "<table><tr><td>项目<td>金额<tr><td>合计<td>1.00</table>"


def attributes(count: int, form: str = "a{}=1") -> str:
    return " ".join(form.format(number) for number in range(count))


@pytest.mark.parametrize("form", ["a{}=1", "a{}", 'a{}=">"', "a{}='1'", 'a{}="1"\n'])
@pytest.mark.parametrize("before", ["", "决算 3 < 5 <p title='>'>", "<!-- <b> -->", "<script>if(a<b){}</script>"])
def test_a_tag_with_too_many_attributes_is_refused_with_its_line(form: str, before: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        check_tags(f"<html>\n{before}<p {attributes(MAX_ATTRIBUTES + 1, form)}>决算")
    assert refused.value.category is Category.TOO_LARGE
    assert "第 2 行" in refused.value.text.zh


def test_no_space_between_attributes() -> None:
    with pytest.raises(InvalidDocument, match="attributes"):
        check_tags("<p " + "".join(f'a{number}="1"' for number in range(MAX_ATTRIBUTES + 1)) + ">")


@pytest.mark.parametrize(
    "page",
    [
        f"<p {attributes(500)}>决算</p>" * 3,
        f"<td style='{'a:b; ' * 5000}'>",
        "<script>for(i=0;i<n;i++){ " + "x = 1; " * 3000 + "}</script><p>决算",
        "<style>a<b{" + "x = 1; " * 3000,
        "决算 <" + "1 " * 5000,
        "<p>" + "金额 " * 5000,
        "<p title='" + "金额 = " * 5000,
    ],
)
def test_what_programs_write_is_let_through(page: str) -> None:
    check_tags(page)


@pytest.mark.parametrize("name", ["x.html", "x.txt", "x.md"])
def test_readers_refuse_it(name: str) -> None:
    page = f"<html><body>{TABLE}" if name == "x.html" else "决算公开\n\n"
    content = page + TABLE.replace("<table", f"<table {attributes(MAX_ATTRIBUTES + 1)}")
    with pytest.raises(InvalidDocument) as refused:
        extract(SourceFile(name=name, content=content.encode()))
    assert refused.value.category is Category.TOO_LARGE

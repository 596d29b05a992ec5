"""How text and questions are cut into search words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.indexer.search import Snippet, fts5_query, snippet, tsquery
from services.indexer.tokens import Phrase, QueryError, parse, tokens

HAN = st.text(alphabet="公务培训费住房积金", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("公务", ["公务", "务"]),
        ("住房公积金", ["住房", "房公", "公积", "积金", "金"]),
        ("金", ["金"]),
        ("2010301行政", ["2010301", "行政", "政"]),
        ("1,649.56万元", ["1649.56", "万元", "元"]),
        ("１,６４９.５６", ["1649.56"]),
        ("住房\n公积", ["住房", "房公", "公积", "积"]),
        ("支 出　表", ["支出", "出表", "表"]),
        ("COFOG-07 Health", ["cofog", "07", "health"]),
        ("（境）费", ["境", "费"]),
        ("———。", []),
        ("", []),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
        ("x" * 5000, ["x" * 200]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("公务", [Phrase(("公务",), prefix=False, text="公务")]),
        ("费", [Phrase(("费",), prefix=True, text="费")]),
        ("208*", [Phrase(("208",), prefix=True, text="208")]),
        ("208", [Phrase(("208",), prefix=False, text="208")]),
        ("石泉路 公积金", [Phrase(("石泉", "泉路"), False, "石泉路"), Phrase(("公积", "积金"), False, "公积金")]),
        ("年度2024", [Phrase(("年度", "度", "2024"), False, "年度2024")]),
        ("“公积 金”", [Phrase(("公积", "积金"), False, "公积 金")]),
        ('"公务" *', [Phrase(("公务",), False, "公务")]),
    ],
)
def test_phrases_of_a_question(query: str, phrases: list[Phrase]) -> None:
    assert list(parse(query)) == phrases


@pytest.mark.parametrize("query", ["", " ", "“”", "、、", "*"])
def test_a_question_without_words_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


@settings(deadline=None)
@given(text=HAN, at=st.integers(0, 5), length=st.integers(2, 6))
def test_every_piece_of_two_characters_or_more_is_a_sequence_of_words(text: str, at: int, length: int) -> None:
    piece = text[at : at + length]
    if len(piece) < 2:
        assert tokens(text)[-1] == text[-1]
        return
    words = tokens(text)
    (phrase,) = parse(piece)
    assert any(tuple(words[start : start + len(phrase.words)]) == phrase.words for start in range(len(words)))


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_question_can_break_out_of_the_query_language(query: str) -> None:
    try:
        phrases = parse(query)
    except QueryError:
        assert tokens(query) == []
        return
    assert fts5_query(phrases).replace('"', "").replace(" AND ", " ").replace("*", "").split() == [
        word for phrase in phrases for word in phrase.words
    ]
    assert not any(set("'\"\\:") & set(word) for phrase in phrases for word in phrase.words)


def test_the_query_languages() -> None:
    phrases = parse("公积金 费 20*")
    assert fts5_query(phrases) == '"公积 积金" AND "费" * AND "20" *'
    assert tsquery(phrases) == "('公积' <-> '积金') & ('费':*) & ('20':*)"


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("30216 培训费", "培训", "30216 【培训】费"),
        ("845.13 与 1,132.76", "1132.76", "845.13 与 【1,132.76】"),
        ("行 政\n运行", "行政运行", "【行 政\n运行】"),
        ("㎡和COFOG", "cofog 和", "㎡【和】【COFOG】"),
        ("没有", "别的", "没有"),
        ("100%（.*）", "100", "【100】%（.*）"),
    ],
)
def test_hits_are_marked(text: str, query: str, marked: str) -> None:
    assert snippet(text, parse(query)).marked() == marked


def test_a_long_text_is_cut_around_its_first_hit() -> None:
    found = snippet("字" * 200 + "公务" + "字" * 200, parse("公务"))
    assert found.text.startswith("…字")
    assert found.text.endswith("字…")
    assert found.marked("<", ">").count("<公务>") == 1
    assert len(found.text) <= 82


def test_a_snippet_without_hits_is_plain() -> None:
    assert Snippet("原文", ()).marked() == "原文"

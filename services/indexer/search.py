"""Full text search in Chinese, on SQLite (FTS5, bm25) and on PostgreSQL (tsvector, ts_rank) alike."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from services.indexer import schema
from services.indexer.conditions import of_report
from services.indexer.entries import EntryKind
from services.indexer.records import ReportFilter, Source
from services.indexer.tokens import Phrase, fold, parse
from shared.adapters.database import is_postgres, reading

_WORDS = table("search_words", column("rowid"))
#: Weights of about, title, body: what a line is called says more than whose line it is.
_BM25: ColumnElement[float] = literal_column("bm25(search_words, 1.0, 6.0, 2.0)")
_TS_WEIGHTS: ColumnElement[Any] = literal_column("'{0, 0.17, 0.34, 1.0}'::real[]")
_REPORT_BOOST = 3
_SNIPPET = 80


@dataclass(frozen=True)
class Amount:
    """An amount of a found line: the printed header path, the printed text, its unit."""

    column: str
    raw: str
    unit: str


@dataclass(frozen=True)
class Snippet:
    """A piece of text; `marks` are the (start, end) of what was searched for."""

    text: str
    marks: tuple[tuple[int, int], ...]

    def marked(self, before: str = "【", after: str = "】") -> str:
        """The text with every hit between `before` and `after`."""
        parts, at = [], 0
        for start, end in self.marks:
            parts += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join([*parts, self.text[at:]])


@dataclass(frozen=True)
class Hit(Source):
    """One thing found. `score` is higher for better hits and compares only within one answer."""

    kind: EntryKind
    table_id: str
    row_code: str
    row_name: str
    page: int | None
    amounts: tuple[Amount, ...]
    snippet: Snippet
    score: float


def search(
    engine: Engine,
    query: str,
    chosen: ReportFilter | None = None,
    *,
    kinds: tuple[EntryKind, ...] = (),
    limit: int = 20,
    offset: int = 0,
) -> list[Hit]:
    """What matches all words of `query`, best first; only current revisions unless `chosen` says otherwise.

    Words are apart by blanks, quotes keep several together, 208* finds all codes below. Chinese words of any length
    are found inside longer ones. `kinds` limits what is found. Raises `QueryError` when there is nothing to search for.
    """
    phrases = parse(query)
    entries = schema.search_entries.c
    with reading(engine) as connection:
        matches, score, source = _match(connection, phrases)
        # A report is what people mean by a name that all of its lines carry too.
        score = score * case((entries.kind == EntryKind.REPORT.value, _REPORT_BOOST), else_=1)
        statement: Select[Any] = (
            select(
                *(schema.reports.c[field.name] for field in fields(Source)),
                entries.kind,
                entries.table_id,
                entries.row_code,
                entries.row_name,
                entries.page,
                entries.amounts,
                entries.title,
                entries.body,
                score.label("score"),
            )
            .select_from(source.join(schema.reports, schema.reports.c.id == entries.report_id))
            .where(matches, *of_report(chosen or ReportFilter()))
            .order_by(score.desc(), entries.id)
            .limit(limit)
            .offset(offset)
        )
        if kinds:
            statement = statement.where(entries.kind.in_([kind.value for kind in kinds]))
        return [_hit(tuple(row), phrases) for row in connection.execute(statement)]


def fts5_query(phrases: tuple[Phrase, ...]) -> str:
    """`phrases` in the query language of FTS5. Search words hold no quotes, so quoting them is enough."""
    return " AND ".join(f'"{" ".join(phrase.words)}"' + (" *" if phrase.prefix else "") for phrase in phrases)


def tsquery(phrases: tuple[Phrase, ...]) -> str:
    """`phrases` as the text of a PostgreSQL tsquery."""
    chains = [" <-> ".join(f"'{word}'" for word in phrase.words) for phrase in phrases]
    return " & ".join(
        f"({chain}{':*' if phrase.prefix else ''})" for chain, phrase in zip(chains, phrases, strict=True)
    )


def _match(connection: Connection, phrases: tuple[Phrase, ...]) -> tuple[ColumnElement[bool], ColumnElement[Any], Any]:
    if is_postgres(connection):
        tokens: ColumnElement[Any] = literal_column("search_entries.tokens")
        wanted = cast(tsquery(phrases), TSQUERY)
        score = func.ts_rank(_TS_WEIGHTS, tokens, wanted, 1)
        return tokens.bool_op("@@")(wanted), score, schema.search_entries
    source = schema.search_entries.join(_WORDS, _WORDS.c.rowid == schema.search_entries.c.id)
    return literal_column("search_words").bool_op("MATCH")(fts5_query(phrases)), -_BM25, source


def _hit(row: tuple[Any, ...], phrases: tuple[Phrase, ...]) -> Hit:
    *source, kind, table_id, row_code, row_name, page, amounts, title, body, score = row
    found = tuple(Amount(*amount) for amount in json.loads(amounts))
    piece = snippet(f"{title} {body}", phrases)
    values = (*source, EntryKind(kind), table_id, row_code, row_name, page, found, piece, float(score))
    return Hit(*values)


def snippet(text: str, phrases: tuple[Phrase, ...]) -> Snippet:
    """The piece of `text` around the first hit, with all hits in it marked; the beginning where there is none."""
    folded, origin = [], []
    for at, character in enumerate(text):
        for part in fold(character):
            folded.append(part)
            origin.append(at)
    # Blanks and thousands commas do not count when searching, so they may stand inside a hit.
    patterns = (r"[\s,]*".join(map(re.escape, re.sub(r"[\s,]", "", phrase.text))) for phrase in phrases)
    found = re.finditer("|".join(sorted(patterns, key=len, reverse=True)), "".join(folded))
    marks = [(origin[hit.start()], origin[hit.end() - 1] + 1) for hit in found if hit[0]]
    start = max(0, marks[0][0] - _SNIPPET // 4) if marks else 0
    end = min(len(text), start + _SNIPPET)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    return Snippet(
        before + text[start:end] + after,
        tuple((low + shift, high + shift) for low, high in marks if high <= end),
    )

"""The SQL of the manual runs as printed, on both databases, and answers what it says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text

from services.indexer.index import Indexer
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.outcome import DocumentOutcome
from tests.contract.samples import document_id, make_assessment, make_report

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "query-the-database.md"


def test_every_statement_of_the_page_answers_its_question(database: str) -> None:
    statements = re.findall(r"```sql\n(.*?);\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with Indexer(database) as indexer:
        report = make_report()
        indexer.index(report, make_assessment(report), DocumentOutcome.OK)
        budget = InvalidDocument(Category.WRONG_KIND, Phase.NORMALIZE, Text(zh="这是预算", en="This is a budget"))
        indexer.fail(document_id("budget"), "预算.pdf", budget)
        with indexer.engine.connect() as connection:
            answers = [[tuple(row) for row in connection.execute(text(sql))] for sql in statements]

    by_code, by_class, reception, errors, failed = answers
    assert [(entity, Decimal(yuan)) for entity, yuan in by_code] == [("大冶市清泉街道办事处", Decimal(8_451_300))]
    assert [(code, name, Decimal(yuan), count) for code, name, yuan, count in by_class] == [
        ("201", "一般公共服务支出", Decimal(11_327_600), 1)
    ]
    assert [(budget, Decimal(outturn)) for _, budget, outturn in reception] == [(None, Decimal(125_000))]
    assert [row[3] for row in errors] == [1]
    assert failed == [("预算.pdf", "refused", "wrong_kind", "这是预算", "This is a budget")]

"""A web archive that stops before its end says so."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from shared.contracts.document import DoubtCode, SourceFile
from tests.corpus.compose import report
from tests.corpus.layouts import LAYOUTS
from tests.corpus.writers import mhtml

_WHOLE = report(LAYOUTS[0], 1)


@pytest.mark.parametrize("write", [mhtml.word, mhtml.excel])
def test_a_cut_archive_is_read_with_a_doubt(write: object) -> None:
    assert callable(write)
    content: bytes = write(_WHOLE)
    whole = extract(SourceFile(name="a.mht", content=content))
    cut = extract(SourceFile(name="a.mht", content=content[: len(content) * 2 // 3]))
    assert DoubtCode.TRUNCATED not in {doubt.code for doubt in whole.doubts}
    assert DoubtCode.TRUNCATED in {doubt.code for doubt in cut.doubts}
    assert len(cut.tables) < len(whole.tables)

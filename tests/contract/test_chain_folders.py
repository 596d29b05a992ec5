"""A folder of one report through the whole chain, filled file by file and out of order, as S3 clients do."""

from __future__ import annotations

import random
import time
import uuid

import pytest

from services.extractor.extract import extract
from services.reconciler.compare import reconcile
from shared.adapters.database import make_engine
from shared.contracts.document import SourceFile
from tests.contract.chain_kit import Surroundings
from tests.corpus import bundles
from tests.corpus.archives import zipped
from tests.corpus.layouts import LAYOUTS

pytestmark = pytest.mark.xdist_group("servers")
REPORT = bundles.with_annex(LAYOUTS[1], 41)


def test_a_folder_is_one_document_once_it_is_complete(chain: Surroundings) -> None:
    batch = f"省厅/{uuid.uuid4().hex}"
    names = [f"林业局.report/{name}" for name in REPORT.files]
    random.Random(1).shuffle(names)
    for name in names:
        chain.upload(batch, {name: REPORT.files[name.removeprefix("林业局.report/")]})
    chain.upload(batch, {"甲局.report/表.txt": b"1"})
    time.sleep(1)
    engine = make_engine(chain.database)
    try:
        found = reconcile(chain.store, engine, chain.bus, chain.incoming, announce=False)
        waiting = [folder for folder in found.waiting if folder.startswith(batch)]
        assert waiting == [f"{batch}/林业局.report/", f"{batch}/甲局.report/"]
        assert not [key for key in found.announced if key.startswith(batch)]
        chain.upload(batch, {"林业局.report/_complete": b""})
        chain.announce(batch)
        ended = chain.ended(batch, 1)
        found = reconcile(chain.store, engine, chain.bus, chain.incoming, announce=False)
    finally:
        engine.dispose()
    assert list(ended) == ["林业局.report/_complete"]
    (standing,) = ended.values()
    assert standing.outcome == "indexed"
    alone = extract(SourceFile(name="a.zip", content=zipped.plain(REPORT.files)))
    assert standing.content_id == alone.document_id
    assert [folder for folder in found.waiting if folder.startswith(batch)] == [f"{batch}/甲局.report/"]
    assert not chain.letters("extractor", batch)

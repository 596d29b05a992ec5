from __future__ import annotations

import pytest

from shared.settings import BadSetting, Settings


def test_the_environment_changes_what_it_names() -> None:
    settings = Settings.from_environment({"JUESUAN_DOCUMENT_SECONDS": "2.5", "JUESUAN_WORKER_DOCUMENTS": "7", "X": "1"})
    assert settings == Settings(document_seconds=2.5, worker_documents=7)
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize("value", ["", "soon", "0", "-1", "inf", "nan", "1e999"])
def test_a_bad_value_is_refused_by_name(value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Settings.from_environment({"JUESUAN_DOCUMENT_SECONDS": value})
    assert "JUESUAN_DOCUMENT_SECONDS" in caught.value.text.zh


def test_whole_numbers_stay_whole() -> None:
    with pytest.raises(BadSetting):
        Settings.from_environment({"JUESUAN_WORKER_MEGABYTES": "1.5"})

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.intake import collect
from cli.remote import sending
from cli.remote.sending import Fate, Sent, keys_of, send_all
from shared.adapters.objects import FolderStore, ObjectInfo, open_store
from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, TransientFault
from shared.runtime.retry import RetryPolicy

BUCKET, PREFIX = "incoming", "default/2024/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "files"
    (place / "乡镇").mkdir(parents=True)
    (place / "甲 “一”.txt").write_text("one")
    (place / "乡镇" / "乙+100%.txt").write_text("two")
    (place / ".hidden").write_text("no")
    return place


def send(store: FolderStore, folder: Path) -> dict[str, Sent]:
    keyed = keys_of(collect([folder]), folder, PREFIX)
    return {item.key.removeprefix(PREFIX): item for item in send_all(store, BUCKET, PREFIX, keyed, 3)}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    made = open_store(str(tmp_path / "store"))
    assert isinstance(made, FolderStore)
    made.ensure_bucket(BUCKET)
    return made


def fates(sent: dict[str, Sent]) -> dict[str, Fate]:
    return {name: item.fate for name, item in sorted(sent.items())}


def test_a_folder_goes_up_once(store: FolderStore, folder: Path) -> None:
    assert fates(send(store, folder)) == {"乡镇/乙+100%.txt": Fate.UPLOADED, "甲 “一”.txt": Fate.UPLOADED}
    assert store.get(BUCKET, PREFIX + "乡镇/乙+100%.txt") == b"two"
    assert set(fates(send(store, folder)).values()) == {Fate.THERE}


def test_only_what_changed_goes_up_again(store: FolderStore, folder: Path) -> None:
    send(store, folder)
    (folder / "甲 “一”.txt").write_text("uno")
    assert fates(send(store, folder)) == {"乡镇/乙+100%.txt": Fate.THERE, "甲 “一”.txt": Fate.UPLOADED}


def test_one_file_is_a_folder_of_its_own(folder: Path) -> None:
    file = folder / "乡镇" / "乙+100%.txt"
    assert keys_of([file], file, PREFIX) == [(file, PREFIX + "乙+100%.txt")]


class Elsewhere(FolderStore):
    """A server whose etags are no MD5, as of an object that came in parts."""

    def list(self, bucket: str, prefix: str = "") -> list[ObjectInfo]:  # type: ignore[override]
        return [ObjectInfo(item.key, f"{item.etag}-2", item.size) for item in super().list(bucket, prefix)]


def test_an_etag_that_is_no_hash_is_settled_by_the_content(store: FolderStore, folder: Path) -> None:
    send(store, folder)
    (folder / "甲 “一”.txt").write_text("uno")
    elsewhere = Elsewhere(store._root)
    assert fates(send(elsewhere, folder)) == {"乡镇/乙+100%.txt": Fate.THERE, "甲 “一”.txt": Fate.UPLOADED}


class Moody(FolderStore):
    """Refuses the first `times` puts of each key."""

    times = 2

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._refused: dict[str, int] = {}

    def put(self, bucket: str, key: str, content: bytes) -> None:
        self._refused[key] = self._refused.get(key, 0) + 1
        if self._refused[key] <= self.times:
            raise TransientFault(Category.SERVER, Phase.INTAKE, Text(zh="不在", en="away"), "connection refused")
        super().put(bucket, key, content)


def test_a_server_that_is_away_for_a_moment_is_asked_again(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_TRIES", RetryPolicy(attempts=3, base=0.001, longest=0.001))
    assert set(fates(send(Moody(store._root), folder)).values()) == {Fate.UPLOADED}
    monkeypatch.setattr(sending, "_TRIES", RetryPolicy(attempts=2, base=0.001, longest=0.001))
    failed = send(Moody(store._root / "other"), folder)
    assert set(fates(failed).values()) == {Fate.FAILED}
    assert {item.reason for item in failed.values()} == {"connection refused"}


def test_a_file_that_cannot_be_sent_costs_only_itself(store: FolderStore, folder: Path) -> None:
    gone = folder / "gone.txt"
    keyed: Sequence[tuple[Path, str]] = [
        (gone, PREFIX + "gone.txt"),
        (folder / "甲 “一”.txt", PREFIX + os.fsdecode(b"\xff.txt")),
        (folder / "甲 “一”.txt", PREFIX + "a.txt"),
    ]
    sent = {item.key: item for item in send_all(store, BUCKET, PREFIX, keyed, 2)}
    assert [sent[key].fate for _, key in keyed] == [Fate.FAILED, Fate.FAILED, Fate.UPLOADED]
    assert all(sent[key].reason for _, key in keyed[:2])
    (found,) = store.list(BUCKET)
    assert found.etag == hashlib.md5(b"one", usedforsecurity=False).hexdigest()

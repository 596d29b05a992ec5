"""What every object store promises: the same tests on a folder and on a real S3 server."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from shared.adapters.objects import FolderStore, NoSuchObject, ObjectStore, S3Store, open_store
from shared.contracts.errors import TransientFault

pytestmark = pytest.mark.xdist_group("servers")

KEYS = (
    "plain.txt",
    "省财政厅/2024 年/部门决算 公开.pdf",
    "a+b c%20d%2Bé.txt",
    'it\'s "quoted" & (new) [1] {2} $HOME ~!@#^=,;.docx',
    "emoji 🎉.xlsx",
    "百分%.txt",
    ".hidden/.dot",
    "a/b/c/d/e.part",
)


@pytest.fixture(scope="module", params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ObjectStore:
    if request.param == "folder":
        return FolderStore(tmp_path_factory.mktemp("store"))
    url: str = request.getfixturevalue("installation").environment()["JUESUAN_STORE"]
    return open_store(url)


@pytest.fixture
def bucket(store: ObjectStore) -> str:
    name = f"test-{uuid.uuid4().hex}"
    store.ensure_bucket(name)
    return name


@pytest.mark.parametrize("key", KEYS)
def test_any_key_comes_back_with_its_content(store: ObjectStore, bucket: str, key: str) -> None:
    content = key.encode() * 3
    store.put(bucket, key, content)
    assert store.get(bucket, key) == content
    info = store.info(bucket, key)
    assert info is not None
    assert (info.key, info.size) == (key, len(content))
    assert list(store.list(bucket)) == [info]


def test_the_etag_is_the_md5_of_the_content_without_quotes(store: ObjectStore, bucket: str) -> None:
    store.put(bucket, "k", b"content")
    info = store.info(bucket, "k")
    assert info is not None
    assert info.etag == hashlib.md5(b"content", usedforsecurity=False).hexdigest()


def test_a_second_put_replaces_the_first(store: ObjectStore, bucket: str) -> None:
    store.put(bucket, "k", b"first, and longer")
    before = store.info(bucket, "k")
    store.put(bucket, "k", b"second")
    assert store.get(bucket, "k") == b"second"
    assert store.info(bucket, "k") != before
    assert len(list(store.list(bucket))) == 1


def test_what_is_not_there_is_said_so(store: ObjectStore, bucket: str) -> None:
    assert store.info(bucket, "nothing") is None
    for missing in ((bucket, "nothing"), (bucket, "no/thing"), (f"no-{bucket}", "k")):
        with pytest.raises(NoSuchObject):
            store.get(*missing)


def test_a_folder_is_no_object(store: ObjectStore, bucket: str) -> None:
    store.put(bucket, "folder/file", b"1")
    assert store.info(bucket, "folder") is None
    with pytest.raises(NoSuchObject):
        store.get(bucket, "folder")


def test_an_empty_object_is_an_object(store: ObjectStore, bucket: str) -> None:
    store.put(bucket, "empty", b"")
    assert store.get(bucket, "empty") == b""
    assert [info.size for info in store.list(bucket)] == [0]


def test_a_large_object_comes_back_whole(store: ObjectStore, bucket: str) -> None:
    content = bytes(range(256)) * (24 * 4096)
    store.put(bucket, "large", content)
    assert hashlib.sha256(store.get(bucket, "large")).digest() == hashlib.sha256(content).digest()


def test_listing_goes_by_prefix_and_order(store: ObjectStore, bucket: str) -> None:
    keys = ["b", "省/一/2.txt", "省/一/1.txt", "省/一二/1.txt", "a/z", "a", "省/二/1.txt", "a-b"]
    for key in keys:
        if key != "a":  # a folder cannot hold a file and a folder of one name
            store.put(bucket, key, key.encode())
    found = [info.key for info in store.list(bucket)]
    assert found == sorted(found, key=str.encode)
    assert set(found) == set(keys) - {"a"}
    assert [info.key for info in store.list(bucket, "省/一/")] == ["省/一/1.txt", "省/一/2.txt"]
    assert [info.key for info in store.list(bucket, "省/一")] == ["省/一/1.txt", "省/一/2.txt", "省/一二/1.txt"]
    assert list(store.list(bucket, "nothing/")) == []


def test_a_long_listing_is_complete(store: ObjectStore, bucket: str) -> None:
    names = [f"many/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: store.put(bucket, name, b"x"), names))
    assert [info.key for info in store.list(bucket, "many/")] == names


def test_readers_never_see_half_an_object(store: ObjectStore, bucket: str) -> None:
    contents = [bytes([number]) * 400_000 for number in range(8)]
    store.put(bucket, "k", contents[0])
    with ThreadPoolExecutor(4) as threads:
        writes = [threads.submit(store.put, bucket, "k", content) for content in contents]
        reads = [threads.submit(store.get, bucket, "k") for _ in range(16)]
        assert all(read.result() in contents for read in reads)
        for write in writes:
            write.result()
    assert len(list(store.list(bucket))) == 1


def test_making_a_bucket_twice_keeps_what_is_in_it(store: ObjectStore, bucket: str) -> None:
    store.put(bucket, "k", b"1")
    store.ensure_bucket(bucket)
    assert store.get(bucket, "k") == b"1"
    assert store.reachable(bucket)


@pytest.fixture(params=["s3", "folder"])
def away(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    if request.param == "s3":
        yield S3Store("http://nobody:nothing@127.0.0.1:9")
    else:
        yield FolderStore(tmp_path / "not" / "there")


def test_a_store_that_is_away_is_not_reachable(away: ObjectStore) -> None:
    assert not away.reachable("bucket")


def test_a_server_that_does_not_know_us_or_lacks_the_bucket_is_not_reachable(installation: Stack) -> None:
    url = installation.environment()["JUESUAN_STORE"]
    known, bucket = S3Store(url), f"test-{uuid.uuid4().hex}"
    assert not known.reachable(bucket)
    known.ensure_bucket(bucket)
    assert known.reachable(bucket)
    host = url.rpartition("@")[2]
    for user in ("juesuan:wrong", "nobody:juesuan-local-only", "juesuan:a%2Fb%2Bc%25d%40e"):
        assert not S3Store(f"http://{user}@{host}").reachable(bucket)


def test_every_call_to_a_server_that_is_away_is_a_passing_fault() -> None:
    server = S3Store("http://nobody:nothing@127.0.0.1:9")
    for call in (
        lambda: server.get("bucket", "k"),
        lambda: server.put("bucket", "k", b""),
        lambda: server.info("bucket", "k"),
        lambda: list(server.list("bucket")),
        lambda: server.ensure_bucket("bucket"),
    ):
        with pytest.raises(TransientFault):
            call()


def test_no_key_leads_out_of_its_folder(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "store")
    folder.ensure_bucket("bucket")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    with pytest.raises(NoSuchObject):
        folder.get("bucket", "../../secret")
    with pytest.raises(NoSuchObject):
        folder.put("bucket", "../other/k", b"")

"""Where files and stage outputs lie: an S3 bucket, or a folder in the one-machine mode."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from shared.contracts.base import Text
from shared.contracts.errors import Category, JuesuanError, Phase, TransientFault

if TYPE_CHECKING:
    from minio import Minio
    from minio.datatypes import Object

_PARTS = ".parts"
_AWAY = Text(
    zh="对象存储暂时无法访问，系统会自动重试。", en="The object store cannot be reached for now; this is tried again."
)


_SMALLEST_PART = 5 * 1024 * 1024


class UnusableStore(JuesuanError):
    """The URL names no S3 server: a person has to act. The URL itself is not told, since it holds a secret."""

    def __init__(self) -> None:
        text = Text(
            zh="对象存储地址（JUESUAN_STORE）无法识别：应为 https://用户:密钥@主机:端口，"
            "用户和密钥中的 / + % @ : ? # 等字符须按百分号编码（如 / 写作 %2F）。",
            en="JUESUAN_STORE is no address of an object store: it must be https://user:secret@host:port, "
            "with characters such as / + % @ : ? # in user and secret percent-encoded (/ is %2F).",
        )
        super().__init__(Category.SERVER, Phase.INTAKE, text)

    def __reduce__(self) -> tuple[type[UnusableStore], tuple[()]]:  # type: ignore[override]
        """Survive the trip from a worker process."""
        return type(self), ()


class NoSuchObject(Exception):
    """There is no object of this key."""


@dataclass(frozen=True)
class ObjectInfo:
    """What a listing or a look at one object tells; `etag` without quotes, `modified` by the store's clock."""

    key: str
    etag: str
    size: int
    modified: datetime | None = field(default=None, compare=False)


class ObjectStore(Protocol):
    """Objects by bucket and key. Every method raises `TransientFault` when the store is away."""

    def get(self, bucket: str, key: str) -> bytes:
        """The content. Raises `NoSuchObject`."""

    def put(self, bucket: str, key: str, content: bytes) -> None:
        """Store it; the same key again replaces the content as a whole."""

    def info(self, bucket: str, key: str) -> ObjectInfo | None:
        """What is known of one object, None if it is not there."""

    def list(self, bucket: str, prefix: str = "") -> Iterator[ObjectInfo]:
        """Every object under `prefix` in the order of the keys."""

    def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket unless it is there."""

    def reachable(self, bucket: str) -> bool:
        """Whether the store answers now and lets us work with `bucket`."""


class FolderStore:
    """A folder per bucket, a file per object."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, bucket: str, key: str) -> bytes:
        try:
            return self._path(bucket, key).read_bytes()
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NoSuchObject(f"{bucket}/{key}") from error

    def put(self, bucket: str, key: str, content: bytes) -> None:
        path = self._path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Beside the buckets, so that no listing shows what is half written and no two writers meet.
        parts = self._root / _PARTS
        parts.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=parts, delete=False) as part:
            part.write(content)
        Path(part.name).replace(path)

    def info(self, bucket: str, key: str) -> ObjectInfo | None:
        path = self._path(bucket, key)
        return _file_info(path, key) if path.is_file() else None

    def list(self, bucket: str, prefix: str = "") -> Iterator[ObjectInfo]:
        root = self._root / bucket
        keys = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        for key in keys:
            if key.startswith(prefix):
                yield _file_info(root / key, key)

    def ensure_bucket(self, bucket: str) -> None:
        (self._root / bucket).mkdir(parents=True, exist_ok=True)

    def reachable(self, bucket: str) -> bool:
        # The folder of a bucket is made with the first object.
        return self._root.is_dir() and not (self._root / bucket).is_file()

    def _path(self, bucket: str, key: str) -> Path:
        root = (self._root / bucket).resolve()
        path = (root / key).resolve()
        if not path.is_relative_to(root):
            raise NoSuchObject(f"{bucket}/{key} lies outside of the bucket")
        return path


def _file_info(path: Path, key: str) -> ObjectInfo:
    content = path.read_bytes()
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return ObjectInfo(key, hashlib.md5(content, usedforsecurity=False).hexdigest(), len(content), modified)


@dataclass(frozen=True)
class _Address:
    """Where an S3 server is, and who we are there."""

    host: str
    secure: bool
    user: str | None
    secret: str | None = field(repr=False)


class S3Store:
    """Any S3 server. `url` is http(s)://access:secret@host:port, access and secret percent-encoded.

    Raises `UnusableStore` for anything else.
    """

    def __init__(self, url: str) -> None:
        self._address = _address(url)
        self._made: Minio | None = None

    def get(self, bucket: str, key: str) -> bytes:
        from minio.error import S3Error  # noqa: PLC0415 - the SDK costs a second to import

        try:
            response = self._client.get_object(bucket, key)
            try:
                return bytes(response.read())
            finally:
                response.close()
                response.release_conn()
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchBucket", "NoSuchObject"}:
                raise NoSuchObject(f"{bucket}/{key}") from error
            raise _away(error) from error
        except _network_errors() as error:
            raise _away(error) from error

    def put(self, bucket: str, key: str, content: bytes) -> None:
        try:
            # In one part whatever the size: then the etag is the MD5 of the content, which uploads compare by.
            part = max(len(content), _SMALLEST_PART)
            self._client.put_object(bucket, key, io.BytesIO(content), len(content), part_size=part)
        except _network_errors() as error:
            raise _away(error) from error

    def info(self, bucket: str, key: str) -> ObjectInfo | None:
        from minio.error import S3Error  # noqa: PLC0415

        try:
            found = self._client.stat_object(bucket, key)
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchBucket", "NoSuchObject"}:
                return None
            raise _away(error) from error
        except _network_errors() as error:
            raise _away(error) from error
        return _s3_info(key, found)

    def list(self, bucket: str, prefix: str = "") -> Iterator[ObjectInfo]:
        try:
            for found in self._client.list_objects(bucket, prefix=prefix, recursive=True):
                if not found.is_dir:
                    yield _s3_info(found.object_name or "", found)
        except _network_errors() as error:
            raise _away(error) from error

    def ensure_bucket(self, bucket: str) -> None:
        try:
            if not self._client.bucket_exists(bucket):
                self._client.make_bucket(bucket)
        except _network_errors() as error:
            raise _away(error) from error

    def reachable(self, bucket: str) -> bool:
        try:
            return self._client.bucket_exists(bucket)
        except _network_errors():
            # Access denied too: a server that answers and lets us do nothing would cost every document its tries.
            return False

    @property
    def _client(self) -> Minio:
        if self._made is None:
            import urllib3  # noqa: PLC0415
            from minio import Minio  # noqa: PLC0415

            pool = urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=3, read=30), retries=urllib3.Retry(total=0), maxsize=16
            )
            self._made = Minio(
                self._address.host,
                access_key=self._address.user,
                secret_key=self._address.secret,
                secure=self._address.secure,
                http_client=pool,
            )
        return self._made


def _address(url: str) -> _Address:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnusableStore from error
    # What a / ? # of a secret cuts off is left over behind the host.
    if parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname:
        raise UnusableStore
    user, secret = (None if word is None else unquote(word) for word in (parts.username, parts.password))
    return _Address(f"{parts.hostname}:{port}" if port else parts.hostname, parts.scheme == "https", user, secret)


def _s3_info(key: str, found: Object) -> ObjectInfo:
    return ObjectInfo(key, (found.etag or "").strip('"'), found.size or 0, found.last_modified)


def _network_errors() -> tuple[type[Exception], ...]:
    import urllib3.exceptions  # noqa: PLC0415
    from minio.error import MinioException  # noqa: PLC0415

    return (MinioException, urllib3.exceptions.HTTPError, OSError)


def _away(error: Exception) -> TransientFault:
    return TransientFault(Category.SERVER, Phase.INTAKE, _AWAY, repr(error))


def open_store(url: str) -> ObjectStore:
    """The store of an http(s) URL (S3) or of a path (a folder)."""
    return S3Store(url) if url.startswith(("http://", "https://")) else FolderStore(Path(url))

"""The address of an S3 server with its credentials, and what its answers to a look at a bucket mean."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from minio.error import S3Error

from shared.adapters.objects import S3Store, UnusableStore, open_store

_LOCATION = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>'


@pytest.mark.parametrize(
    ("url", "host", "user", "secret"),
    [
        ("http://juesuan:local-only@127.0.0.1:7070", "127.0.0.1:7070", "juesuan", "local-only"),
        ("https://a%40b:%2Fx%2By%25z%3A@s3.example.org", "s3.example.org", "a@b", "/x+y%z:"),
        ("https://key:a+b@s3.example.org/", "s3.example.org", "key", "a+b"),
    ],
)
def test_credentials_may_hold_any_character(url: str, host: str, user: str, secret: str) -> None:
    client = S3Store(url)._client
    credentials = client._provider.retrieve()  # type: ignore[union-attr]
    assert (credentials.access_key, credentials.secret_key) == (user, secret)
    assert client._base_url.host == host


@pytest.mark.parametrize("secret", ["ab/secret", "12/secret", "a?secret", "a#secret", "[secret"])
def test_a_secret_that_is_not_encoded_is_refused_and_not_told(secret: str) -> None:
    with pytest.raises(UnusableStore) as refused:
        open_store(f"http://key:{secret}@127.0.0.1:7070")
    for text in (refused.value.text.zh, refused.value.text.en, refused.value.detail):
        assert "secret@127" not in text
        assert "JUESUAN_STORE" in refused.value.text.zh
    assert pickle.loads(pickle.dumps(refused.value)).text == refused.value.text


class Answers(ThreadingHTTPServer):
    """An S3 server for a user who may not list all buckets; it answers a look at one with `head`."""

    head, location = 200, 200


class _Handler(BaseHTTPRequestHandler):
    server: Answers

    def do_HEAD(self) -> None:
        self.send_response(self.server.head)
        self.end_headers()

    def do_GET(self) -> None:
        if "location" in self.path and self.server.location == HTTPStatus.OK:
            self._say(200, _LOCATION)
        else:
            self._say(403, "<Error><Code>AccessDenied</Code></Error>")

    def _say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[Answers]:
    with Answers(("127.0.0.1", 0), _Handler) as answers:
        thread = threading.Thread(target=answers.serve_forever)
        thread.start()
        yield answers
        answers.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("location", "head", "reachable"),
    [(200, 200, True), (200, 404, False), (200, 403, False), (403, 200, False), (200, 503, False)],
)
def test_a_user_of_our_buckets_alone_is_enough(server: Answers, location: int, head: int, reachable: bool) -> None:
    server.location, server.head = location, head
    store = S3Store(f"http://user:secret@127.0.0.1:{server.server_address[1]}")
    with pytest.raises(S3Error, match="AccessDenied"):
        store._client.list_buckets()
    assert store.reachable("juesuan-incoming") is reachable

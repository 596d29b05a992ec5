from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.notifications import CreatedObject, UnreadableNotification, parse_notification

KEY = "省厅/批次 1/部门+决算&100%.pdf"


def record(key: str, event: str = "ObjectCreated:Put", etag: str = "abc", bucket: str = "incoming") -> dict[str, Any]:
    """The parts that all servers have in common."""
    return {
        "eventVersion": "2.1",
        "eventName": event,
        "eventTime": "2026-01-02T03:04:05.678Z",
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 12, "eTag": etag}},
    }


def aws() -> dict[str, Any]:
    found = record(quote_plus(KEY, safe="/"))
    found |= {"eventSource": "aws:s3", "awsRegion": "cn-north-1", "userIdentity": {"principalId": "AIDA"}}
    found["s3"] |= {"s3SchemaVersion": "1.0", "configurationId": "juesuan"}
    found["s3"]["object"] |= {"versionId": "v1", "sequencer": "0055AED6DCD90281E5"}
    return {"Records": [found]}


def minio() -> dict[str, Any]:
    found = record(quote_plus(KEY, safe=""), "s3:ObjectCreated:Put")
    found["s3"]["object"] |= {"contentType": "application/pdf", "userMetadata": {}, "sequencer": "17"}
    return {"EventName": "s3:ObjectCreated:Put", "Key": f"incoming/{KEY}", "Records": [found]}


def versitygw() -> dict[str, Any]:
    found = record(KEY, "s3:ObjectCreated:Put", '"abc"')
    return {"Records": [found | {"eventSource": "aws:s3", "awsRegion": "us-east-1"}]}


def ceph() -> dict[str, Any]:
    found = record(quote(KEY), "ObjectCreated:Put", '"abc"')
    found |= {"eventSource": "ceph:s3", "opaqueData": "", "eventId": "1.2.3"}
    found["s3"]["object"] |= {"metadata": [], "tags": []}
    return {"Records": [found]}


@pytest.mark.parametrize("form", [aws, minio, versitygw, ceph])
def test_all_servers_say_the_same(form: Any) -> None:
    (created,) = parse_notification(json.dumps(form(), ensure_ascii=False).encode())
    assert (created.bucket, created.keys[0], created.etag, created.size) == ("incoming", KEY, "abc", 12)


@pytest.mark.parametrize(
    ("printed", "keys"),
    [
        ("plain.txt", ("plain.txt",)),
        ("a+b.txt", ("a b.txt", "a+b.txt")),
        ("a+b%20c.txt", ("a b c.txt", "a+b c.txt", "a+b%20c.txt")),
        ("a%2Bb.txt", ("a+b.txt", "a%2Bb.txt")),
        ("省/a+b.txt", ("省/a+b.txt",)),
        ("100%.txt", ("100%.txt",)),
    ],
)
def test_a_key_is_read_in_every_way_that_it_may_be_meant(printed: str, keys: tuple[str, ...]) -> None:
    (created,) = parse_notification(json.dumps({"Records": [record(printed)]}).encode())
    assert created.keys == keys


def test_a_percent_that_is_no_encoding_is_taken_as_it_is() -> None:
    (created,) = parse_notification(json.dumps({"Records": [record("%FF%FE.txt")]}).encode())
    assert created.keys == ("%FF%FE.txt",)


@pytest.mark.parametrize(
    "body",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "incoming"},
        {"Records": []},
        {"Records": [record("k", "ObjectRemoved:Delete")]},
        {"Records": [record("k", "s3:ObjectRemoved:DeleteMarkerCreated")]},
        {"Records": [record("k", "s3:ObjectAccessed:Get")]},
        {"Records": ["what?"]},
    ],
)
def test_other_events_say_nothing(body: dict[str, Any]) -> None:
    assert parse_notification(json.dumps(body).encode()) == ()


def test_one_notification_may_tell_of_many_objects() -> None:
    body = {
        "Records": [
            record("one", "s3:ObjectCreated:Post"),
            record("gone", "s3:ObjectRemoved:Delete"),
            record("two", "s3:ObjectCreated:CompleteMultipartUpload", bucket="other"),
            record("three", "ObjectCreated:Copy"),
        ]
    }
    found = parse_notification(json.dumps(body).encode())
    assert [(item.bucket, item.keys[0]) for item in found] == [
        ("incoming", "one"),
        ("other", "two"),
        ("incoming", "three"),
    ]


def test_size_and_etag_may_be_missing() -> None:
    body = {"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}}]}
    assert parse_notification(json.dumps(body).encode()) == (CreatedObject("b", ("k",), "", 0),)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'"text"',
        b'{"Records": {}}',
        b'{"Records": [{"eventName": "s3:ObjectCreated:Put"}]}',
        b'{"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {}, "object": {"key": "k"}}}]}',
        b'{"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"size": 1}}}]}',
    ],
)
def test_what_is_no_notification_is_said_so(value: bytes) -> None:
    with pytest.raises(UnreadableNotification):
        parse_notification(value)


@given(st.text(min_size=1))
def test_any_key_is_among_the_readings_however_it_is_printed(key: str) -> None:
    for printed in (key, quote_plus(key, errors="surrogatepass")):
        body = json.dumps({"Records": [record(printed)]}).encode()
        (created,) = parse_notification(body)
        assert key in created.keys or printed in created.keys


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), st.sampled_from([quote, quote_plus]))
def test_an_encoded_key_is_decoded(key: str, encoding: Any) -> None:
    (created,) = parse_notification(json.dumps({"Records": [record(encoding(key))]}).encode())
    assert key in created.keys


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_nothing_else_is_raised(body: Any) -> None:
    for value in (body, {"Records": body}, {"Records": [{"eventName": "ObjectCreated:", "s3": body}]}):
        try:
            found = parse_notification(json.dumps(value).encode())
        except UnreadableNotification:
            continue
        assert all(isinstance(item, CreatedObject) for item in found)

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigurationError, Reason, StoreError
from crawler.storage.store import Store, archive_of
from tests.storage.conftest import Bucket, S3Server


def test_files_come_back_as_they_were_sent(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One that Arrow would unpack by its name, one without a byte, one of more than a piece.
    monkeypatch.setattr("crawler.storage.store._PIECE", 1_000)
    contents = {"a/b.gz": b"\x1f\x8bplain", "a/empty": b"", "c": bytes(range(256)) * 10}
    for name, content in contents.items():
        (tmp_path / "here" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "here" / name).write_bytes(content)
    with Store.open(bucket.uri) as store:
        size = store.send((tmp_path / "here" / name, name) for name in contents)
        assert size == sum(map(len, contents.values()))
        assert {name: file.bytes for name, file in store.below("").items()} == {
            name: len(content) for name, content in contents.items()
        }
        assert store.folders("") == ["a"]
        store.fetch((tmp_path / "there" / name, name) for name in contents)
        assert store.read("a/b.gz") == contents["a/b.gz"]
        assert store.read("b") is None
    for name, content in contents.items():
        assert (tmp_path / "there" / name).read_bytes() == content


def test_the_endpoint_may_stand_in_the_uri(
    bucket: Bucket, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"endpoint_override=127.0.0.1:{s3_server.port}&scheme=http"
    with monkeypatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL")
        with Store.open(archive_of(f"{bucket.uri}/?{query}")) as store:
            assert store.uri == f"{bucket.uri}/archive"
            store.write("a", b"there")
    assert bucket.names() == ["archive/a"]


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("s3://me:secret@bucket/news", "a URI with credentials in it"),
        ("s4://bucket/news", '"s4://bucket/news" names no store that can be opened'),
        ("s3://bucket/news?speed=high", "names no store that can be opened"),
    ],
)
def test_a_uri_that_cannot_be_meant_is_told_of_without_its_secrets(uri: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as raised, Store.open(uri):
        pass
    assert "secret" not in str(raised.value)


def test_a_bucket_that_is_not_there_is_a_refusal(s3_server: S3Server) -> None:
    with Store.open("s3://nobodys/news") as store, pytest.raises(StoreError) as raised:
        store.write("a", b"1")
    assert raised.value.reason == Reason.STORE_REFUSED
    assert '"s3://nobodys/news" cannot be reached' in str(raised.value)

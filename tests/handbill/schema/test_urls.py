"""URLs that could not be opened are refused where they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.schema import urls
from handbill.schema.scalars import ScalarError


@pytest.mark.parametrize(
    "text",
    [
        "file://[",
        "sqlite://[",
        "https://x.example:99999/",
        "https://x.example:0/",
        "https://x.example:port/",
        "https://x.example/<b>",
        'https://x.example/"',
        "https:\\\\x.example",
        "https://x.example/a b",
        "localhost",
    ],
)
def test_what_cannot_be_parsed(text: str) -> None:
    with pytest.raises(ScalarError) as error:
        urls.parse_url(text)
    assert error.value.hint


@pytest.mark.parametrize(
    ("check", "text", "sound"),
    [
        (urls.check_store, "file:///store", True),
        (urls.check_store, "file://localhost/store", True),
        (urls.check_store, "file:/store", True),
        (urls.check_store, "file://store", False),
        (urls.check_store, "file:///", False),
        (urls.check_store, "file:///store?a", False),
        (urls.check_store, "s3://bucket/store", True),
        (urls.check_store, "gs://bucket/store", True),
        (urls.check_store, "az://container/store", True),
        (urls.check_store, "oci://registry.example:5000/store", True),
        (urls.check_store, "s3:/bucket/store", False),
        (urls.check_store, "s3://name:word@bucket/store", False),
        (urls.check_store, "s3://bucket/store?region=x", False),
        (urls.check_store, "https://bucket.example/store", False),
        (urls.check_ledger, "sqlite:///l.db", True),
        (urls.check_ledger, "sqlite://l.db", False),
        (urls.check_ledger, "sqlite://localhost/l.db", False),
        (urls.check_ledger, "postgres://db/handbill", False),
        (urls.check_ledger, "file:///l.db", False),
        (urls.check_data_root, "file:///data/{tenant}", True),
        (urls.check_data_root, "s3://bucket/{tenant}", False),
        (urls.check_provider, "smtps://user@mail.example:465", True),
        (urls.check_provider, "http://127.0.0.1:8025/x", True),
        (urls.check_provider, "http://[::1]:8025/x", True),
        (urls.check_provider, "https:///x", False),
        (urls.check_provider, "ftp://mail.example", False),
        (urls.check_web_host, "https://go.shop.example", True),
        (urls.check_web_host, "https:///u", False),
    ],
)
def test_what_this_version_opens(check: Callable[[str], None], text: str, sound: bool) -> None:
    if sound:
        check(text)
        return
    with pytest.raises(ScalarError):
        check(text)


def test_the_same_place() -> None:
    same = ("file:///a/b", "file:/a/b", "file:///a//b/", "file:///a/c/../b", "file:///a/%62")
    assert {urls.place_of(text) for text in same} == {"file:/a/b"}
    assert urls.place_of("file:///a/B") != urls.place_of("file:///a/b")


def test_each_bucket_is_a_place_of_its_own() -> None:
    assert urls.place_of("s3://a/store") != urls.place_of("s3://b/store")
    assert urls.place_of("s3://a/store") == urls.place_of("s3://a/store/")


def test_a_secret_in_a_store_is_told_where_it_belongs() -> None:
    with pytest.raises(ScalarError, match="a name and a prefix, nothing else") as error:
        urls.check_store("s3://name:word@bucket/store")
    assert error.value.hint == "s3://BUCKET/PREFIX"

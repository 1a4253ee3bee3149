from __future__ import annotations

from pathlib import Path

import pytest

from handbill.store.errors import StoreUnusable
from handbill.store.opening import open_store


def test_a_folder_has_a_url_or_a_path(tmp_path: Path) -> None:
    spaced = tmp_path / "a store"
    for url in (spaced.as_uri(), str(spaced), f"file://localhost{spaced.as_uri()[7:]}"):
        assert open_store(url).url == spaced.as_uri()
    assert open_store("a store").url == (Path.cwd() / "a store").as_uri()
    assert not spaced.exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "needs a URL"),
        ("a\0b", "needs a URL"),
        ("ftp://host/x", "`ftp://` cannot be opened"),
        ("s3://", "does not name a bucket"),
        ("oci://host", "does not name a repository"),
        ("oci://host/Upper", "does not name a repository"),
        ("oci://host:x/a", "does not name a repository"),
        ("s3:///prefix", "does not name a bucket"),
        ("s3://bucket/a/../b", "does not name a bucket"),
        ("gs://bucket/a%2f", "does not name a bucket"),
        ("s3://key:secret@bucket/x", "nothing else"),
        ("s3://bucket?endpoint=http://x", "nothing else"),
        ("file://[", "cannot be read"),
        ("file://host/path", "another machine"),
        ("file:///a?x", "another machine"),
    ],
)
def test_another_url_is_refused_with_what_to_write(url: str, message: str) -> None:
    with pytest.raises(StoreUnusable, match=message) as refusal:
        open_store(url)
    known = ("file:///", "oci://", "docs/stores.md")
    assert any(part in (refusal.value.hint or "") for part in known)
    assert "secret" not in refusal.value.message


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnusable, match="is a file"):
        open_store(str(tmp_path / "file"))

from __future__ import annotations

from pathlib import Path
from typing import Any

from handbill.cli.publisher_opener import PublisherOpener
from handbill.publish.keys import generate_key, load_key
from handbill.store.trust import NOBODY


def opener(published: Any, store: str | None = None) -> PublisherOpener:
    key, _ = load_key(str(published.key))
    return PublisherOpener("staging", published.folder, "", store, key, NOBODY, None)


def test_a_commit_is_compiled_and_its_environment_says_the_store(published: Any) -> None:
    at = opener(published)
    compiled = at.compile(published.folder, published.git("rev-parse", "HEAD"))
    assert compiled.release is not None and set(compiled.release.release.tenants) == {
        "fresh-fields"
    }
    publisher = at.publisher(compiled.environments["staging"])
    assert publisher.store.url == published.store.as_uri()
    again = at.publisher(compiled.environments["staging"])
    assert again.store is publisher.store, "its connections stay open"


def test_another_store_and_further_signatures(published: Any, tmp_path: Path) -> None:
    at = opener(published, str(tmp_path / "other"))
    at._cosigners = (generate_key(),)
    compiled = at.compile(published.folder, "main")
    publisher = at.publisher(compiled.environments["staging"])
    assert publisher.store.url == (tmp_path / "other").as_uri()
    assert len(publisher.keys) == 2 and publisher.keys[0] is at._key

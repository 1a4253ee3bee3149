"""Records on a real web server."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish import review_places
from handbill.publish.review_places import ReviewSite, open_reviews
from handbill.publish.reviewed import ReviewedPlans, ReviewFolder

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")


def write(folder: Path, name: str, release: str) -> None:
    record = ReviewedPlans(release=release, base="1", head="2", plans={})
    (folder / f"{name.removeprefix('sha256:')}.json").write_bytes(msgspec.json.encode(record))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_release_is_asked_for_by_its_digest(site: str, tmp_path: Path) -> None:
    write(tmp_path, A, A)
    write(tmp_path, B, C)
    reviews = open_reviews(site)
    assert isinstance(reviews, ReviewSite)
    assert reviews.shown(A) and reviews.shown(A)
    assert not reviews.shown(B), "its record is of another release"
    assert not reviews.shown(C)
    assert [each.release for each in reviews.records()] == [A]
    (tmp_path / f"{'c' * 64}.json").write_text("not json")
    assert not reviews.shown(C)


def test_what_is_kept_and_read_is_bounded(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews = ReviewSite(site)
    digests = [f"sha256:{number:064x}" for number in range(review_places._KEPT + 4)]
    for digest in digests:
        write(tmp_path, digest, digest)
        assert reviews.shown(digest)
    assert len(reviews.records()) == review_places._KEPT
    assert reviews.records()[0].release == digests[-1]
    monkeypatch.setattr(review_places, "MAX_RECORD", 10)
    assert not ReviewSite(site).shown(digests[0])


def test_a_site_that_is_away_shows_nothing() -> None:
    assert not ReviewSite("http://127.0.0.1:1").shown(A)


def test_places(tmp_path: Path) -> None:
    assert isinstance(open_reviews(str(tmp_path)), ReviewFolder)
    for place in ("ftp://host/x", "https://", "https://a:b@host", "http://[::1"):
        refused = open_reviews(place)
        assert isinstance(refused, Diagnostic) and refused.code == "HB893"

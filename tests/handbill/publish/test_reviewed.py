from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from sample_release import compiled, environment

from handbill.plan.model import Release
from handbill.plan.pointer import Reviewed
from handbill.publish import reviewed
from handbill.publish.origin import Origin
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.reviewed import (
    ReviewedPlans,
    ReviewFolder,
    compare,
    plans_of_changed,
    read_record,
)
from handbill.store.folder import FolderStore

A, B, C, D = (f"sha256:{letter * 64}" for letter in "abcd")
WHERE = {"base": "1" * 40, "head": "2" * 40}


def record(release: str = A, **plans: dict[str, str | None]) -> ReviewedPlans:
    return ReviewedPlans(release=release, plans=plans, **WHERE)


class Kept:
    def __init__(self, *records: ReviewedPlans) -> None:
        self._records = records

    def shown(self, release: str) -> bool:
        return any(each.release == release for each in self._records)

    def records(self) -> tuple[ReviewedPlans, ...]:
        return self._records


BEFORE = {"fresh": {"hello": A, "bye": B}, "valle": {"hello": A}}


@pytest.mark.parametrize(
    ("records", "changes", "state", "campaigns"),
    [
        ([record(D)], {"fresh": {"hello": C}}, "same", ()),  # the release itself was shown
        ([], {"fresh": {"hello": C, "bye": B}}, "unknown", ()),
        ([record(A, other={"hello": C})], {"fresh": {"hello": C}}, "unknown", ()),
        ([record(A, fresh={"hello": C})], {"fresh": {"hello": C, "bye": B}}, "same", ()),
        (
            [record(A, fresh={"hello": C}), record(B, valle={"hello": D})],
            {"fresh": {"hello": C, "bye": B}, "valle": {"hello": D}},
            "same",
            (),
        ),
        (
            [record(A, fresh={"hello": C})],
            {"fresh": {"hello": D, "bye": B}},
            "differs",
            ("fresh/hello",),
        ),
        ([record(A, fresh={"hello": C})], {"fresh": {"hello": C}}, "differs", ("fresh/bye",)),
        ([record(A, fresh={"hello": C, "bye": None})], {"fresh": {"hello": C}}, "same", ()),
        ([record(A, valle={"hello": None})], {"valle": {}}, "same", ()),
        ([record(A, valle={"hello": None})], {}, "unknown", ()),
    ],
)
def test_campaign_by_campaign(
    records: list[ReviewedPlans],
    changes: dict[str, dict[str, str]],
    state: str,
    campaigns: tuple[str, ...],
) -> None:
    found = compare(Kept(*records), (D,), lambda: (BEFORE, BEFORE | changes))
    assert (found.state, found.campaigns) == (state, campaigns)


def test_names_are_bounded() -> None:
    after = {"fresh": {f"c{number:03}": C for number in range(200)}}
    found = compare(Kept(record(A, fresh={"c000": D})), (D,), lambda: ({}, after))
    assert found.state == "differs" and len(found.campaigns) == reviewed.MAX_NAMED
    assert found.campaigns[0] == "fresh/c000"


def test_plans_are_those_of_tenants_that_change(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    one = compiled({"fresh": "A", "valle": "B"})
    two = compiled({"fresh": "A2", "valle": "B", "third": "C"})
    before, after = plans_of_changed(store, {**one.packs, **two.packs}, one.release, two.release)
    assert before.keys() == {"fresh"} and after.keys() == {"fresh", "third"}
    assert before["fresh"].keys() == {"hello"} and before["fresh"] != after["fresh"]
    assert plans_of_changed(store, two.packs, None, two.release)[0] == {}
    assert isinstance(one.release, Release)


def _write(folder: Path, name: str, value: ReviewedPlans) -> None:
    (folder / name).write_bytes(msgspec.json.encode(value))


def test_records_of_a_folder(tmp_path: Path) -> None:
    folder = ReviewFolder(tmp_path / "reviews")
    assert folder.records() == () and not folder.shown(A)
    folder.folder.mkdir()
    _write(folder.folder, "one.json", record(A))
    assert folder.shown(A) and not folder.shown(B)
    _write(folder.folder, "two.json", record(B))
    os.utime(folder.folder / "two.json", (1, 1))
    assert [each.release for each in folder.records()] == [A, B], "the newest first"
    _write(folder.folder, "one.json", record(C))
    assert folder.shown(C) and not folder.shown(A)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"not json",
        b"\xff",
        b"[" * 100_000,
        b'{"version":2,"release":"%s","base":"","head":"","plans":{}}' % A.encode(),
        b'{"version":1,"release":"x","base":"","head":"","plans":{}}',
        b'{"version":1,"release":"%s","base":"","head":"","plans":{},"more":1}' % A.encode(),
        b'{"version":1,"release":"%s","base":"","head":"","plans":{"a":{"b":1}}}' % A.encode(),
    ],
)
def test_what_is_no_record_is_not_there(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    assert read_record(tmp_path / "x.json") is None
    assert ReviewFolder(tmp_path).records() == ()


def test_links_and_large_files_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "x.json", record(A))
    (tmp_path / "link.json").symlink_to(tmp_path / "x.json")
    assert len(ReviewFolder(tmp_path).records()) == 1
    assert read_record(tmp_path / "link.json") is None
    monkeypatch.setattr(reviewed, "MAX_RECORD", 10)
    assert ReviewFolder(tmp_path).records() == ()


def test_the_pointer_says_how_it_compares(publisher: Publisher, tmp_path: Path) -> None:
    folder = ReviewFolder(tmp_path / "reviews")
    folder.folder.mkdir()
    origin = Origin(reviews=folder)

    def said(*texts: str) -> Reviewed | None:
        release = compiled(dict(zip(("fresh", "valle"), texts, strict=False)), commit=texts[0])
        pointer = publish(publisher, release, environment(), origin=origin).pointer
        assert pointer is not None
        return pointer.reviewed

    assert said("A", "B") == Reviewed(state="unknown")
    shown = compiled({"fresh": "A2", "valle": "B"})
    _write(folder.folder, "pr-1.json", record(shown.digest))
    assert said("A2", "B") == Reviewed(state="same", release=shown.digest)
    apart = compiled({"fresh": "A3", "valle": "B"})
    plans = plans_of_changed(publisher.store, apart.packs, None, apart.release)[1]
    _write(folder.folder, "pr-2.json", record(B, fresh=dict(plans["fresh"])))
    assert said("A3", "B2") == Reviewed(state="differs", release=B, campaigns=("valle/hello",)), (
        "the other retailer's change was pushed by itself"
    )
    back = compiled({"fresh": "A4", "valle": "B2"})
    plans = plans_of_changed(publisher.store, back.packs, None, back.release)[1]
    _write(folder.folder, "pr-3.json", record(C, fresh=dict(plans["fresh"])))
    assert said("A4", "B2") == Reviewed(state="same", release=C), "merged onto another base"

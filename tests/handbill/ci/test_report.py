"""What a review comes to, and its files."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from handbill.ci.report import (
    ARTIFACT,
    ReviewReport,
    conclude,
    encoded,
    remarks_of,
    reviewed_plans,
    write_artifact,
)
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.model import Entry, ReleaseDiff, Side, Subject
from handbill.diff.renderers.markdown import Remark
from handbill.policy.model import Demand, Judgement, Named, Reach, Review
from handbill.publish.reviewed import read_record

WINBACK = Named("fresh-fields", "winback", "tenants/fresh-fields/campaigns/winback.yaml")


def judgement(level: str, verdict: str = "applies", approved: bool = False, *by: str) -> Judgement:
    return Judgement("no-sundays", level, verdict, (WINBACK,), None, "not on Sundays", by, approved)  # type: ignore[arg-type]


def judged(*judgements: Judgement) -> tuple[Remark, ...]:
    return remarks_of(0, 0, 0, 0, Review(judgements, (), ()))


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (judgement("deny"), "blocks"),
        (judgement("deny", "undecided"), "blocks"),
        (judgement("deny", "undecided", False, "@a"), "asks"),
        (judgement("deny", "undecided", True, "@a"), "passes"),
        (judgement("warn"), "warns"),
        (judgement("approve", "applies", False, "@a"), "asks"),
        (judgement("approve", "applies", True, "@a"), "passes"),
        (judgement("approve"), "blocks"),
    ],
)
def test_a_judgements_weight(one: Judgement, level: str) -> None:
    (remark,) = judged(one)
    assert remark.level == level
    assert remark.subjects == ("fresh-fields/winback",)
    assert remark.says.startswith("no-sundays: not on Sundays")
    assert ("not known" in remark.says) == (one.verdict == "undecided")


def test_everything_in_the_order_of_its_weight() -> None:
    review = Review(
        (judgement("warn"),),
        (
            Demand("the platform", ("@lead",), ("it edits handbill.yaml",)),
            Demand("tenant valle", (), ("its campaigns change",)),
        ),
        (Diagnostic("HB706", "this change changes another"), Diagnostic("HB707", "an owner")),
        (Reach("blueprints/winback/blueprint.yaml", ("valle",)), Reach("x", ())),
    )
    remarks = remarks_of(2, 1, 5, 1, review)
    assert [(each.level, each.says) for each in remarks] == [
        ("blocks", "2 mistakes, shown at their lines under Files changed"),
        ("blocks", "1 of 5 tests of campaigns fail"),
        ("blocks", "tenant valle: its campaigns change"),
        ("blocks", "this change changes another"),
        ("asks", "the platform: it edits handbill.yaml"),
        ("warns", "1 warning, shown at their lines under Files changed"),
        ("warns", "no-sundays: not on Sundays"),
        ("warns", "blueprints/winback/blueprint.yaml is shared, and changes these"),
    ]
    assert conclude(remarks) == "failure"


def test_conclusions() -> None:
    assert conclude(remarks_of(0, 3, 4, 0, None)) == "success"
    assert conclude(judged(judgement("approve", "applies", False, "@a"))) == "held"
    assert conclude(remarks_of(1, 0, 0, 0, None)) == "failure"
    assert [each.says for each in remarks_of(0, 2, 1, 0, None)] == [
        "2 warnings, shown at their lines under Files changed",
        "1 test of campaigns",
    ]


def test_an_artifact_replaces_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    write_artifact(folder, dict.fromkeys(ARTIFACT, "old"))
    write_artifact(folder, {"review.json": "new \udce9"})
    assert [each.name for each in folder.iterdir()] == ["review.json"]
    assert (folder / "review.json").read_bytes() == b"new ?"


def test_a_report_comes_back() -> None:
    report = ReviewReport(
        conclusion="held",
        release=None,
        base="1" * 40,
        head="2" * 40,
        errors=0,
        warnings=0,
        tests=0,
        tests_failed=0,
        remarks=(Remark(level="asks", says="x", by=("@a",)),),
    )
    assert msgspec.json.decode(encoded(report), type=ReviewReport) == report


def test_the_record_of_a_review_names_what_changes(tmp_path: Path) -> None:
    subjects = (
        Subject(tenant="fresh", campaign="hello", before="sha256:a", after="sha256:b"),
        Subject(tenant="fresh", campaign="bye", before="sha256:c"),
    )
    side = Side(label="main", digest=None, commit="1")
    diff = ReleaseDiff(
        base=side,
        head=side,
        at="2026-12-05T10:00:00Z",
        entries=(Entry(kind="changed", subjects=subjects),),
        plans=2,
        changed=2,
        identical=0,
    )
    release = f"sha256:{'d' * 64}"
    report = ReviewReport(
        conclusion="success",
        release=release,
        base="1" * 40,
        head="2" * 40,
        errors=0,
        warnings=0,
        tests=0,
        tests_failed=0,
    )
    record = reviewed_plans(report, diff)
    assert record is not None
    assert record.plans == {"fresh": {"hello": "sha256:b", "bye": None}}
    (tmp_path / "reviewed.json").write_text(encoded(record))
    assert read_record(tmp_path / "reviewed.json") == record
    assert reviewed_plans(msgspec.structs.replace(report, release=None), diff) is None

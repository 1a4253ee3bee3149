"""What is kept comes back as it was, or not at all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.incremental.cache import Cache
from handbill.incremental.records import (
    CampaignRecord,
    TenantRecord,
    keep,
    keep_object,
    recall,
    recall_object,
)
from handbill.plan.canonical import digest_of

PLACE = SourceRange("tenants/a/campaigns/x.yaml", 1, 2, 3, 4)
FOUND = Diagnostic(
    "HB501", "may be missing", PLACE, Severity.WARNING, "say so", ("a note",),
    (Related("here", PLACE),), {"points": 3, "names": ["a"]}, "a",
)  # fmt: skip
RECORD = CampaignRecord(
    in_file=(FOUND,),
    in_layers=(FOUND,),
    in_plan=(),
    unreadable={"a.html": FOUND},
    identity=("x", PLACE, (("old", PLACE),)),
    plan="sha256:1",
    draft=True,
    assets={"a.png": "assets/a.png"},
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path)


def test_it_comes_back_as_it_was(cache: Cache) -> None:
    keep(cache, RECORD, "campaign", "x")
    assert recall(cache, CampaignRecord, "campaign", "x") == RECORD
    assert recall(cache, CampaignRecord, "campaign", "y") is None
    tenant = TenantRecord(
        in_files=(FOUND,), in_layers=(), in_plans=(FOUND,), digest="sha256:2", failed=False,
        objects=("sha256:1",), drafts={"x": "sha256:1"}, files={"x": "a.yaml"},
    )  # fmt: skip
    keep(cache, tenant, "tenant", "a")
    assert recall(cache, TenantRecord, "tenant", "a") == tenant


def test_what_would_come_back_changed_is_not_kept(cache: Cache) -> None:
    odd = msgspec.structs.replace(
        RECORD, in_plan=(Diagnostic("HB501", "m", witness={"amount": Decimal("1.5")}),)
    )
    keep(cache, odd, "campaign", "x")
    assert recall(cache, CampaignRecord, "campaign", "x") is None


@pytest.mark.parametrize("where", ["in_file", "in_plan", "in_layers"])
def test_what_a_supervisor_stopped_is_not_kept(cache: Cache, where: str) -> None:
    stopped = msgspec.structs.replace(RECORD, **{where: (Diagnostic("HB510", "took long"),)})
    keep(cache, stopped, "campaign", "x")
    assert recall(cache, CampaignRecord, "campaign", "x") is None


def test_what_is_no_record(cache: Cache) -> None:
    cache.put(b"\xc1 nothing", "campaign", "x")
    assert recall(cache, CampaignRecord, "campaign", "x") is None
    keep(cache, RECORD, "tenant", "a")
    assert recall(cache, TenantRecord, "tenant", "a") is None


def test_an_object_is_proved(cache: Cache) -> None:
    digest = digest_of(b"{}")
    assert recall_object(cache, digest) is None
    keep_object(cache, digest, b"{}")
    assert recall_object(cache, digest) == b"{}"
    cache.put(b"{1}", "object", digest)
    assert recall_object(cache, digest) is None

from __future__ import annotations

from pathlib import Path

from diff_world import CAMPAIGN, HELLO, SECOND, campaign, side

from handbill.diff.sides import open_folder

TENANT, NAME = "fresh-fields", "hello"
STORES = "tenants/fresh-fields/data/stores.csv"


def test_a_side_gives_what_it_released() -> None:
    opened = side({SECOND: campaign(("active", "paused"))}, "here")
    assert (opened.about.label, opened.about.commit, opened.about.failed) == ("here", "", ())
    tenant, plan = opened.tenant(TENANT), opened.plan(TENANT, NAME)
    assert tenant is not None and set(tenant.plans) == {"hello", "second"}
    assert plan is not None and plan.campaign == NAME
    assert opened.plan_bytes(TENANT, NAME) is not None
    (stores,) = (each.table for each in tenant.datasets.values() if each.table is not None)
    assert opened.table(TENANT, stores).columns[0] == "id"
    email = opened.channel("email")
    assert email is not None and "smtp" in email.vendors
    assert opened.file_of(TENANT, NAME) == HELLO


def test_what_a_side_does_not_have_is_none() -> None:
    opened = side()
    assert opened.tenant("nobody") is None
    assert opened.plan("nobody", NAME) is None
    assert opened.plan(TENANT, "never") is None
    assert opened.plan_bytes(TENANT, "never") is None
    assert opened.draft(TENANT, NAME) is None
    assert opened.channel("pigeon") is None
    assert opened.file_of(TENANT, "never") == ""


def test_a_draft_is_checked_and_not_released() -> None:
    opened = side({HELLO: campaign(("active", "draft"))})
    draft = opened.draft(TENANT, NAME)
    assert draft is not None and draft.campaign == NAME
    assert opened.plan(TENANT, NAME) is None


def test_an_object_is_decoded_once() -> None:
    opened = side()
    assert opened.plan(TENANT, NAME) is opened.plan(TENANT, NAME)


def test_a_retailer_with_errors_is_named_and_left_out() -> None:
    opened = side({HELLO: CAMPAIGN.replace("lifetime_orders", "lifetime_order")})
    assert opened.about.failed == (TENANT,)
    assert opened.tenant(TENANT) is None


def test_a_folder_of_which_nothing_compiles_is_a_side_without_a_digest(tmp_path: Path) -> None:
    opened = open_folder(tmp_path / "not-there", "there")
    assert (opened.about.label, opened.about.digest) == ("there", None)
    assert opened.release.tenants == {}
    assert opened.channel("email") is None
    assert opened.compiled is not None and opened.compiled.diagnostics

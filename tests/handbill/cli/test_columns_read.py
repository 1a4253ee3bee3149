"""Which columns active plans read, of customers, of their rows, and of what both lead to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tested_base import Base

from handbill.cli.columns_read import checkable, paths_read, relation_needs
from handbill.plan.canonical import decode_object
from handbill.plan.model import Column, Dataset, Plan, Tenant
from handbill.plan.types import StringType

TEXT = StringType(40)
GOLDEN = Path(__file__).parents[2] / "golden"


def compiled(base: Base, audience: str) -> tuple[Tenant, list[Plan]]:
    from handbill.pipeline import compile_tree
    from handbill.source.working_tree import open_working_tree

    base.campaign(f'audience: "{audience}"')
    tree, found = open_working_tree(base.folder)
    assert tree is not None
    release = compile_tree(tree, found).release
    assert release is not None and not release.failed
    digest = release.release.tenants["fresh-fields"]
    objects = [decode_object(data) for data in release.packs[digest].values()]
    tenant = next(each for each in objects if isinstance(each, Tenant))
    return tenant, [each for each in objects if isinstance(each, Plan)]


def test_what_rules_messages_and_roles_read(base: Base) -> None:
    tenant, plans = compiled(
        base,
        "customer.store is defined and customer.store.name == 'Main' and customer.lifetime_orders > 3",
    )
    read = paths_read(tenant, plans)
    assert {("store", "name"), ("lifetime_orders",), ("first_name",), ("email",)} <= read[
        "customers"
    ]
    assert ("spend_90d",) not in read["customers"]
    assert read["stores"] == {("name",), ("id",)}


def test_without_plans_only_the_roles_are_read(base: Base) -> None:
    tenant, _ = compiled(base, "customer.store is defined")
    read = paths_read(tenant, [])
    assert set(read) == {"customers"} and ("email",) in read["customers"]


def test_a_column_that_is_no_relation_needs_nothing(base: Base) -> None:
    tenant, plans = compiled(base, "everyone")
    assert all(relation_needs(each, plans) == () for each in tenant.datasets["customers"].columns)


def test_references_to_what_has_no_single_key_are_not_checked(base: Base) -> None:
    tenant, _ = compiled(base, "everyone")
    columns = (
        Column(name="store", type=TEXT, references="stores"),
        Column(name="region", type=TEXT, references="regions"),
    )
    known, unchecked = checkable(tenant, Dataset(name="x", key=("store",), columns=columns))
    assert unchecked == {"region": "regions"}
    assert [each.references for each in known.columns] == ["stores", None]


@pytest.fixture
def with_purchases(base: Base) -> Base:
    """Customers have purchases, and those a product."""
    bought = GOLDEN / "language/loop-over-a-relation-without-a-limit/input"
    for file in ("schemas", "tenants/fresh-fields/tenant.yaml"):
        for path in sorted((bought / file).rglob("*.json")) or [bought / file]:
            target = base.folder / path.relative_to(bought)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return base


def test_of_rows_what_places_them_and_the_members_that_are_read(with_purchases: Base) -> None:
    tenant, plans = compiled(
        with_purchases,
        "customer.purchases | selectattr('product.department', 'defined')"
        " | selectattr('total', '>', 5) | count > 1",
    )
    read = paths_read(tenant, plans)
    assert read["purchases"] >= {("customer_id",), ("id",), ("total",), ("product", "department")}
    assert ("coupon",) not in read["purchases"]
    assert read["products"] == {("department",), ("id",)}


def test_rows_that_nobody_reads_are_not_there(with_purchases: Base) -> None:
    tenant, plans = compiled(with_purchases, "customer.lifetime_orders > 3")
    assert "purchases" not in paths_read(tenant, plans)

"""Messages carry what they read; the rules' own fields stay in the database."""

from __future__ import annotations

from corner_shop import Shop

from handbill_runtime.stages.needs import content_fields, fields_in, needed_fields


def with_campaign(shop: Shop) -> None:
    shop.campaign(
        "points",
        """
        category: promotions
        status: active
        trigger: {at: 2026-12-05T12:00, timezone: tenant}
        audience: customer.orders > 2
        message:
          email:
            subject: "Hello {{ customer.first_name | default('you') }}"
            template: mail.html
        """,
    )


def test_messages_carry_the_fields_that_they_read(shop: Shop) -> None:
    with_campaign(shop)
    plan = shop.plan().plan
    assert [need.path for need in plan.fields] == [("first_name",), ("orders",)]
    assert [need.path for need in content_fields(plan)] == [("first_name",)]
    assert {field.path for field in fields_in(plan.audience)} == {("customer", "orders")}


def test_the_data_are_read_for_rules_messages_and_roles(shop: Shop) -> None:
    with_campaign(shop)
    needs = needed_fields(shop.compiled().tenant.tenant.datasets["customers"], [shop.plan().plan])
    paths = [need.path for need in needs]
    assert paths == sorted(paths)
    assert {("orders",), ("first_name",), ("email",), ("consent",), ("id",)} <= set(paths)

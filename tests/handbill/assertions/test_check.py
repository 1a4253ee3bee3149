"""`check` says what is wrong with tests without running any, each mistake once."""

from __future__ import annotations

from tested_shop import Shop

from handbill.assertions.check import check_tests


def test_a_mistake_of_a_persona_is_said_once(shop: Shop) -> None:
    shop.write("personas/gold.yaml", "customer: {tier: golden}")
    shop.test("a: {persona: gold}\nb: {persona: gold}")
    (finding,) = check_tests(shop.compiled())
    assert finding.code == "HB476"
    assert finding.range is not None and finding.range.file == "personas/gold.yaml"


def test_nothing_to_say(shop: Shop) -> None:
    assert check_tests(shop.compiled()) == ()
    shop.test("a: {lifetime_orders: 1}")
    assert check_tests(shop.compiled()) == ()


def test_tests_of_a_tenant_with_errors_are_not_looked_at(shop: Shop) -> None:
    shop.test("a: {lifetime_order: 1}")
    assert len(check_tests(shop.compiled())) == 1
    shop.write("tenants/fresh-fields/campaigns/bad.yaml", "category: nothing\n")
    assert check_tests(shop.compiled()) == ()
    (shop.folder / "handbill.yaml").write_text("categories: 3\n")
    assert check_tests(shop.compiled()) == ()

"""Which files are tests and personas, and which of them are sound."""

from __future__ import annotations

from tested_shop import Shop


def test_tests_and_personas_by_their_files(shop: Shop) -> None:
    shop.test("a: {lifetime_orders: 1}")
    shop.write("personas/gold.yaml", "customer: {tier: gold}")
    suite = shop.suite()
    (test,) = suite.tests
    assert (test.tenant, test.name, test.written.campaign) == ("fresh-fields", "hello", "hello")
    assert test.file == "tenants/fresh-fields/tests/hello.yaml"
    assert suite.personas["gold"].written.customer == {"tier": "gold"}


def test_a_broken_test_is_left_out_and_releases_go_on(shop: Shop) -> None:
    shop.test("a: {lifetime_orders: 1}", "a: {selectd: true}")
    shop.write("personas/gold.yaml", "customers: {}")
    compiled = shop.compiled()
    suite = shop.suite(compiled)
    assert (suite.tests, suite.personas) == ((), {})
    assert sorted({each.code for each in compiled.diagnostics}) == ["HB301"]
    assert compiled.release is not None
    assert compiled.release.failed == ()

"""Computed fields of a tenant: layered, checked where they stand, used like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Configuration

MESSAGE = '{sms: {body: "Dear {{ customer.display }}"}}'


def test_layers(configuration: Configuration) -> None:
    """The innermost file has the word, a null takes a name away, other names add up."""
    configuration.lay(
        {
            "fields.yaml": "customer.display: \"'platform'\"\ncustomer.big: customer.lifetime_orders > 9\n",
            "tenants/fresh-fields/fields.yaml": "customer.display: customer.first_name | default('you')\n",
        }
    )
    outcome = configuration.campaign(audience="customer.big", message=MESSAGE).compile()
    assert outcome.rendered("sms", {"first_name": "Ann"})["body"] == "Dear Ann"
    assert outcome.rendered("sms", {})["body"] == "Dear you"
    assert [need.path for need in outcome.plan().fields] == [("first_name",), ("lifetime_orders",)]
    configuration.lay({"tenants/fresh-fields/fields.yaml": "customer.display: null\n"})
    assert configuration.compile().codes == ["HB505"]


def test_every_field_is_checked_whether_used_or_not(configuration: Configuration) -> None:
    configuration.lay(
        {"tenants/fresh-fields/fields.yaml": "customer.display: customer.frist_name\n"}
    )
    found = configuration.campaign(message='{sms: {body: "Hi"}}').compile().only()
    assert (found.code, found.hint) == ("HB505", "did you mean `customer.first_name`?")
    assert found.range is not None and found.range.file == "tenants/fresh-fields/fields.yaml"
    assert configuration.campaign(message=MESSAGE).compile().codes == ["HB505"]


def test_a_declared_name_is_refused(configuration: Configuration) -> None:
    configuration.lay({"fields.yaml": "customer.tier: \"'gold'\"\n"})
    found = configuration.campaign(message='{sms: {body: "Hi"}}').compile().only()
    assert found.code == "HB529"
    assert found.related[0].range.file == "schemas/customer.schema.json"


def test_a_broken_file_fails_whom_it_reaches(configuration: Configuration) -> None:
    configuration.lay({"tenants/fresh-fields/fields.yaml": "customer.x: [\n"})
    outcome = configuration.compile()
    assert all(code.startswith("HB2") for code in outcome.codes) and outcome.codes
    assert outcome.compiled.release is None or "fresh-fields" in outcome.compiled.release.failed


def test_a_chain_that_is_too_long_is_told_once(configuration: Configuration) -> None:
    chain = "".join(f"customer.f{n}: customer.f{n + 1} + 1\n" for n in range(250))
    long = "customer.g: customer.lifetime_orders" + " + 1" * 50 + "\n"
    fields = f"{chain}customer.f250: customer.lifetime_orders\n{long}"
    configuration.lay({"tenants/fresh-fields/fields.yaml": fields})
    outcome = configuration.campaign(message='{sms: {body: "Hi"}}').compile()
    assert outcome.codes == ["HB502", "HB502"]

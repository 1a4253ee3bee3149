"""Every message against its channel's limits, per locale, variant and audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.diagnostics.diagnostic import Severity
from handbill.plan.row import compile_template
from handbill.plan.segments import sms_size

if TYPE_CHECKING:
    from conftest import Configuration

CONTRACT = """
address: phone
parts:
  body: {kind: text, max: 480, max_segments: SEGMENTS, required: true}
"""
TENANT = "tenants/fresh-fields/tenant.yaml"


def sms(configuration: Configuration, segments: int) -> Configuration:
    text = CONTRACT.replace("SEGMENTS", str(segments))
    return configuration.lay({"channels/sms/channel.yaml": text})


def body(text: str) -> str:
    return f'{{sms: {{body: "{text}"}}}}'


def test_what_fits_is_silent_and_what_is_one_too_long_is_not(configuration: Configuration) -> None:
    sms(configuration, 1)
    assert configuration.campaign(message=body("x" * 160)).compile().findings == ()
    finding = configuration.campaign(message=body("x" * 161)).compile().only()
    assert (finding.code, finding.severity) == ("HB621", Severity.ERROR)
    assert "can cost 2 segments; the channel takes 1" in finding.message


def test_the_customer_that_is_shown_gets_as_many(configuration: Configuration) -> None:
    text = "{{ customer.first_name | default('you') }}" + "x" * 40
    finding = sms(configuration, 1).campaign(message=body(text)).compile().only()
    assert finding.code == "HB621" and "can cost 2 segments" in finding.message
    assert finding.witness is not None
    plan = sms(configuration, 2).campaign(message=body(text)).compile().plan()
    ops = plan.variants[0].messages["main"]["sms"].locales["en-US"]["body"]
    row = tuple(finding.witness.get(".".join(need.path)) for need in plan.fields)
    assert sms_size(compile_template(ops, plan.fields)(row, {})).segments == 2  # type: ignore[arg-type]


def test_it_holds_for_the_audience(configuration: Configuration) -> None:
    text = "{{ customer.first_name }}" + "x" * 60
    short = "customer.first_name is defined and customer.first_name | length <= 5"
    sms(configuration, 1)
    assert configuration.campaign(message=body(text), audience=short).compile().findings == ()
    longer = short.replace("5", "6")
    finding = configuration.campaign(message=body(text), audience=longer).compile().only()
    assert finding.code == "HB621"
    excluded = "{include: customer.first_name is defined, exclude: {long: customer.first_name | length > 5}}"
    assert configuration.campaign(message=body(text), audience=excluded).compile().findings == ()


def test_each_locale_and_variant_by_itself(configuration: Configuration) -> None:
    sms(configuration, 1).replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")
    message = f'{{sms: {{body: {{en-US: "short", es-US: "{"x" * 170}"}}}}}}'
    finding = configuration.campaign(message=message).compile().only()
    assert finding.code == "HB621" and finding.range is not None and finding.range.column == 47
    experiment = (
        '{name: e, variants: {a: {weight: 50}, b: {weight: 50, message: {sms: {body: "'
        + "y" * 200
        + '"}}}}}'
    )
    finding = configuration.campaign(message=body("short"), experiment=experiment).compile().only()
    assert finding.code == "HB621" and finding.range is not None and finding.range.line == 6


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("It’s " + "x" * 100, ["HB620"]),
        ("It's " + "x" * 100, []),
        ("It’s fine", []),
        ("It’s " + "x" * 200, ["HB620", "HB621"]),
    ],
)
def test_one_character(configuration: Configuration, text: str, codes: list[str]) -> None:
    assert sms(configuration, 1).campaign(message=body(text)).compile().codes == codes

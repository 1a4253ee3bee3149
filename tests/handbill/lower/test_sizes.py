"""How large messages can become, read off a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.lower.sizes import Size, sizes_of
from handbill.plan.row import compile_template

if TYPE_CHECKING:
    from conftest import Configuration, Outcome

SMS = """
address: phone
parts:
  body: {kind: text, max: 480, max_segments: 4, required: true}
"""
TENANT = "tenants/fresh-fields/tenant.yaml"


def sizes(outcome: Outcome) -> dict[str, Size]:
    channels = {name: outcome.channel(name) for name in ("email", "sms")}
    return sizes_of(outcome.plan(), outcome.tenant(), channels)


def test_per_channel(configuration: Configuration) -> None:
    configuration.lay({"channels/sms/channel.yaml": SMS})
    name = "{{ customer.first_name | default('you') }}"
    message = (
        f'{{email: {{subject: "Hi", body: "<p>{name}</p>"}}, sms: {{body: "{name}{"x" * 60}"}}}}'
    )
    outcome = configuration.campaign(message=message).compile()
    found = sizes(outcome)
    assert list(found) == ["email", "sms"]
    assert found["sms"].segments == 3
    parts = outcome.plan().variants[0].messages["main"]["email"].locales["en-US"]
    worst = compile_template(parts["html"], outcome.plan().fields)(("&" * 40,), {})
    assert found["email"].html == len(worst.encode())
    assert found["email"].payload is None and found["sms"].payload is not None


def test_the_audience_counts(configuration: Configuration) -> None:
    configuration.lay({"channels/sms/channel.yaml": SMS})
    message = f'{{sms: {{body: "{{{{ customer.first_name }}}}{"x" * 60}"}}}}'
    asked = "customer.first_name is defined"
    long = configuration.campaign(message=message, audience=asked).compile()
    assert sizes(long)["sms"].segments == 3
    short = f"{{include: {asked}, exclude: {{long: customer.first_name | length > 5}}}}"
    assert sizes(configuration.campaign(message=message, audience=short).compile())["sms"].segments == 1  # fmt: skip


def test_over_variants_and_locales(configuration: Configuration) -> None:
    configuration.lay({"channels/sms/channel.yaml": SMS})
    configuration.replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")
    message = f'{{sms: {{body: {{en-US: "a", es-US: "{"x" * 200}"}}}}}}'
    experiment = f'{{variants: {{a: {{weight: 1}}, b: {{weight: 1, message: {{sms: {{body: "{"y" * 400}"}}}}}}}}}}'  # fmt: skip
    outcome = configuration.campaign(message=message).compile()
    assert sizes(outcome)["sms"].segments == 2
    outcome = configuration.campaign(message=message, experiment=experiment).compile()
    assert sizes(outcome)["sms"].segments == 3


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (Size(segments=1), "≤ 1 segment"),
        (Size(segments=2, payload=900), "≤ 2 segments"),
        (Size(html=1025), "≤ 2 KB"),
        (Size(payload=1234), "≤ 1,234 bytes"),
        (Size(), ""),
    ],
)
def test_in_words(size: Size, shown: str) -> None:
    assert str(size) == shown


def test_the_most_of_both() -> None:
    assert Size(1, None, 5).most(Size(2, 7, 3)) == Size(2, 7, 5)

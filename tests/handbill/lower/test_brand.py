"""The logo of a brand: one address in every template, one finding where it is wrong."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

FOOT = '<p>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Stop</a></p>'
TENANT = "tenants/fresh-fields/tenant.yaml"
TEMPLATE = "tenants/fresh-fields/templates/hello.html"


def with_logo(configuration: Any, logo: str) -> Any:
    configuration.replace(TENANT, "brand:\n", f"brand:\n  logo: {logo}\n")
    return configuration.lay({TEMPLATE: f'<img src="{{{{ brand.logo }}}}" alt="">{FOOT}'})


@pytest.mark.parametrize("logo", ["assets/logo.png", "logo.png"])
def test_the_logo_is_the_tenants_picture(configuration: Any, logo: str) -> None:
    outcome = with_logo(configuration, logo).compile()
    data = (configuration.folder / "tenants/fresh-fields/assets/logo.png").read_bytes()
    assert outcome.plan().assets == (f"{hashlib.sha256(data).hexdigest()}.png",)


def test_a_logo_that_is_not_there_is_said_once(configuration: Any) -> None:
    with_logo(configuration, "assets/logo.gif").campaign("second")
    finding = configuration.compile().only()
    assert (finding.code, finding.hint) == ("HB490", "did you mean assets/logo.png?")
    assert finding.range.file == TENANT


def test_without_a_logo_a_template_has_to_ask(configuration: Any) -> None:
    asked = '{% if brand.logo is defined %}<img src="{{ brand.logo }}" alt="">{% endif %}'
    outcome = configuration.lay({TEMPLATE: asked + FOOT}).compile()
    assert outcome.plan().assets == ()
    configuration.lay({TEMPLATE: f'<img src="{{{{ brand.logo }}}}" alt="">{FOOT}'})
    assert configuration.compile().codes == ["HB501"]


def test_a_push_shows_a_picture_too(configuration: Any) -> None:
    configuration.lay(
        {
            "channels/push/channel.yaml": """
                address: token
                parts: {title: {kind: text, max: 60, required: true}, image: {kind: image}}
                """,
            "channels/push/vendor.yaml": """
                driver: http
                request: {method: POST, body: {title: "{{ parts.title }}", image: "{{ parts.image }}"}}
                responses: {accepted: [2xx]}
                """,
        }
    )
    configuration.replace(TENANT, "channels:\n", "channels:\n  push: {provider: fcm}\n")
    configuration.replace(TENANT, "address: {", "address: {push: phone, ")
    configuration.campaign(message='{push: {title: "Hi", image: "assets/logo.png"}}')
    plan = configuration.compile().plan()
    ops = plan.variants[0].messages["main"]["push"].locales["en-US"]["image"]
    assert [type(op).__name__ for op in ops] == ["Put", "Text"]
    assert len(plan.assets) == 1

"""`links.utm` from every layer, in what customers get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.lower import utm

if TYPE_CHECKING:
    from conftest import Configuration

HELLO = "tenants/fresh-fields/templates/hello.html"
TENANT = "tenants/fresh-fields/tenant.yaml"


def test_values_of_the_message_and_of_every_layer(configuration: Configuration) -> None:
    configuration.lay({HELLO: '<a href="{{ brand.site }}/a">Shop</a>'})
    configuration.replace(
        "handbill.yaml", "limits:", 'links: {utm: {utm_source: "handbill"}}\nlimits:'
    )
    configuration.replace(TENANT, "data:", 'links: {utm: {utm_medium: "{{ channel }}"}}\ndata:')
    links = '{utm: {utm_campaign: "{{ campaign.name }} & {{ tenant.name }}", utm_term: "{{ variant }}"}}'
    outcome = configuration.campaign(links=links).compile()
    rendered = outcome.rendered()
    query = (
        "utm_campaign=hello%20%26%20Fresh%20Fields%20Market&utm_medium=email&utm_source=handbill"
        "&utm_term=only"
    )
    address = f"https://freshfields.example/a?{query}"
    assert rendered["html"] == f'<a href="{address.replace("&", "&amp;")}">Shop</a>'
    assert rendered["text"] == f"Shop ({address})"


def test_the_innermost_layer_decides_and_null_takes_out(configuration: Configuration) -> None:
    configuration.lay({HELLO: '<a href="{{ brand.site }}/a">Shop</a>'})
    configuration.replace(
        "handbill.yaml", "limits:", 'links: {utm: {utm_source: "a", utm_medium: "b"}}\nlimits:'
    )
    outcome = configuration.campaign(links='{utm: {utm_source: "c", utm_medium: null}}').compile()
    assert "https://freshfields.example/a?utm_source=c)" in outcome.rendered()["text"]


def test_a_text_part_of_ones_own_is_tagged_too(configuration: Configuration) -> None:
    contract = "channels/email/channel.yaml"
    configuration.replace(contract, "  html:", "  text: {kind: text, max: 9000}\n  html:")
    configuration.lay({HELLO: "<p>Hi</p>"})
    message = '{email: {subject: "https://freshfields.example/s", template: hello.html, text: "See {{ brand.site }}/a."}}'
    outcome = configuration.campaign(message=message, links='{utm: {utm_source: "c"}}').compile()
    rendered = outcome.rendered()
    assert rendered["text"] == "See https://freshfields.example/a?utm_source=c."
    assert rendered["subject"] == "https://freshfields.example/s"


def test_an_sms_keeps_its_characters(configuration: Configuration) -> None:
    message = '{sms: {body: "See https://freshfields.example/a"}}'
    outcome = configuration.campaign(message=message, links='{utm: {utm_source: "c"}}').compile()
    assert outcome.rendered("sms")["body"] == "See https://freshfields.example/a"


def test_by_language_and_empty(configuration: Configuration) -> None:
    configuration.replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")
    configuration.lay({HELLO: '<a href="{{ brand.site }}/a">Shop</a>'})
    links = '{utm: {utm_term: {en-US: "hi", es-US: "¡hola!"}, utm_content: " "}}'
    outcome = configuration.campaign(links=links).compile()
    assert outcome.rendered()["text"] == "Shop (https://freshfields.example/a?utm_term=hi)"
    spanish = outcome.rendered(locale="es-US")["text"]
    assert spanish == "Shop (https://freshfields.example/a?utm_term=%C2%A1hola%21)"


def test_a_value_that_differs_between_customers(configuration: Configuration) -> None:
    links = "{utm: {utm_term: \"{{ customer.first_name | default('x') }}\"}}"
    found = configuration.campaign(links=links).compile().only()
    assert (found.code, found.range.line) == ("HB594", 6)


def test_a_language_that_is_missing(configuration: Configuration) -> None:
    found = configuration.campaign(links='{utm: {utm_term: {fr-CA: "x"}}}').compile().only()
    assert found.code == "HB451"


def test_a_lock_keeps_campaigns_from_changing_it(configuration: Configuration) -> None:
    configuration.replace(
        "handbill.yaml", "limits:", 'links: {utm: {utm_source: "a"}}\nlock: [links.utm]\nlimits:'
    )
    found = configuration.campaign(links='{utm: {utm_source: "c"}}').compile().only()
    assert found.code == "HB411"


@pytest.mark.parametrize(
    "value",
    ["spring", "{{ channel }}", "{{ campaign.name }}", "{{ tenant.name }}", "{{ brand.site }}", "{{ campaign.nme }}", "{{ brand.colors }}",
     "{{ chanel }}", "{{ customer.id }}", "{{ campaign.tags }}", "a b", "a.example/x", "*|FNAME|*", "{{ true }}"],
)  # fmt: skip
def test_one_word_comes_to_what_compiling_it_comes_to(
    value: str, configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration.lay({HELLO: '<a href="{{ brand.site }}/a">Shop</a>'})
    configuration.campaign(links=f'{{utm: {{utm_term: "{value}"}}}}')

    def outcome() -> tuple[object, ...]:
        compiled = configuration.compile().compiled
        return compiled.diagnostics, compiled.release and compiled.release.digest

    soon = outcome()
    monkeypatch.setattr(utm, "_word", lambda written, compiling: None)
    assert outcome() == soon

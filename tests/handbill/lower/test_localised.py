"""A string serves every locale; a map must have each that the campaign sends in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Configuration

TENANT = "tenants/fresh-fields/tenant.yaml"


def bilingual(configuration: Configuration) -> Configuration:
    return configuration.replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")


def test_a_string_serves_every_locale(configuration: Configuration) -> None:
    outcome = bilingual(configuration).campaign(message='{sms: {body: "Hi"}}').compile()
    assert outcome.plan().locales == ("en-US", "es-US")
    assert outcome.rendered("sms", locale="es-US")["body"] == "Hi"


def test_each_locale_has_its_own(configuration: Configuration) -> None:
    message = '{sms: {body: {es-US: "Hola", en-US: "Hi"}}}'
    outcome = bilingual(configuration).campaign(message=message).compile()
    assert outcome.rendered("sms")["body"] == "Hi"
    assert outcome.rendered("sms", locale="es-US")["body"] == "Hola"


def test_a_missing_locale_is_said_at_the_field(configuration: Configuration) -> None:
    message = '{sms: {body: {en-US: "Hi"}}}'
    finding = bilingual(configuration).campaign(message=message).compile().only()
    message = "this text has no es-US version; this campaign sends in en-US, es-US"
    assert (finding.code, finding.message) == ("HB451", message)
    assert finding.range.column == 17
    assert finding.hint == 'add es-US: "…"'


def test_a_language_without_its_region_is_shown_where_it_stands(
    configuration: Configuration,
) -> None:
    message = '{sms: {body: {es: "Hola", en-US: "Hi"}}}'
    finding = bilingual(configuration).campaign(message=message).compile().only()
    assert (finding.code, finding.hint) == ("HB451", "es-US:")
    assert finding.message.endswith("this campaign sends in en-US, es-US, and not in `es`")


def test_a_campaigns_own_locales_are_what_counts(configuration: Configuration) -> None:
    message = '{sms: {body: {en-US: "Hi"}}}'
    outcome = bilingual(configuration).campaign(message=message, locales="[en-US]").compile()
    assert outcome.plan().locales == ("en-US",)


def test_a_locale_named_twice_counts_once(configuration: Configuration) -> None:
    outcome = configuration.campaign(locales="[en-US, fr-CA, en-US]").compile()
    assert outcome.plan().locales == ("en-US", "fr-CA")

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


FALLBACK = "locale_fallback: {es-MX: [es-US], ca-ES: [es-MX, es-US], de-DE: [fr-CA, en-US]}"


def with_fallback(configuration: Configuration, locales: str) -> Configuration:
    return configuration.replace(
        TENANT, "locale: en-US", f"locale: en-US\nlocales: {locales}\n{FALLBACK}"
    )


def test_a_declared_text_stands_in(configuration: Configuration) -> None:
    message = '{sms: {body: {en-US: "Hi {{ 5000 | number }}", es-US: "Hola {{ 5000 | number }}"}}}'
    here = with_fallback(configuration, "[en-US, es-US, es-MX]").campaign(message=message)
    outcome = here.compile()
    assert outcome.rendered("sms", locale="es-MX")["body"] == "Hola 5,000"
    assert outcome.plan().fallbacks == {"ca-ES": "es-MX", "de-DE": "en-US"}


def test_nothing_stands_in_undeclared(configuration: Configuration) -> None:
    message = '{sms: {body: {en-US: "Hi", es-MX: "Hola"}}}'
    here = with_fallback(configuration, "[en-US, es-US]").campaign(message=message)
    assert here.compile().codes == ["HB451"]


def test_files_stand_in_too(configuration: Configuration) -> None:
    here = with_fallback(configuration, "[en-US, es-US, es-MX]").lay(
        {"tenants/fresh-fields/templates/hello.es-US.html": "<p>Hola</p>"}
    )
    outcome = here.campaign(
        message='{email: {subject: "Hi", template: hello.html}}', category="alerts"
    ).compile()
    assert "HB645" not in outcome.codes


def test_a_file_for_one_locale_and_not_for_another(configuration: Configuration) -> None:
    here = configuration.replace(
        TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US, fr-CA]"
    ).lay({"tenants/fresh-fields/templates/hello.es-US.html": "<p>{{ unsubscribe_url }}</p>"})
    found = [each for each in here.compile().findings if each.code == "HB645"]
    assert [each.message for each in found] == [
        "hello.html has a version in es-US and none in fr-CA: who reads fr-CA gets hello.html itself"
    ]
    assert found[0].hint == "write tenants/fresh-fields/templates/hello.fr-CA.html"


def test_locales_that_nobody_knows(configuration: Configuration) -> None:
    here = configuration.replace(
        TENANT,
        "locale: en-US",
        "locale: en-US\nlocales: [en-US, es-UZ]\nlocale_fallback: {xx-YY: [en-US, es-UZ]}",
    )
    found = [each for each in here.compile().findings if each.code == "HB643"]
    assert [each.message.split(":")[0] for each in found] == [
        "there is no locale es-UZ",
        "there is no locale xx-YY",
        "there is no locale es-UZ",
    ]
    assert configuration.campaign(locales="[en-UU]").compile().codes[0] == "HB643"


def test_a_language_that_is_sent_in_may_take_its_texts_from_any_other(
    configuration: Configuration,
) -> None:
    configuration.replace(
        TENANT, "locale: en-US", "locale: en-US\nlocale_fallback: {en-US: [en-GB]}"
    )
    message = '{sms: {body: {en-GB: "Colour", es-US: "Color"}}}'
    outcome = configuration.campaign(message=message).compile()
    assert "HB644" not in outcome.codes
    assert outcome.rendered("sms")["body"] == "Colour"


def test_a_fallback_to_nothing(configuration: Configuration) -> None:
    here = configuration.replace(
        TENANT, "locale: en-US", "locale: en-US\nlocale_fallback: {ca-ES: [ca-ES, es-ES]}"
    )
    found = here.compile().only()
    assert (found.code, found.hint) == (
        "HB644",
        "ca-ES: [en-US], or add es-ES to `locales`",
    )


def test_a_locale_named_twice_counts_once(configuration: Configuration) -> None:
    outcome = configuration.campaign(locales="[en-US, fr-CA, en-US]").compile()
    assert outcome.plan().locales == ("en-US", "fr-CA")

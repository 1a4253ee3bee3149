"""One message in one locale, by its channel's contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Configuration

TENANT = "tenants/fresh-fields/tenant.yaml"
PAGER = {
    "channels/pager/channel.yaml": """\
        address: card
        parts:
          note: {kind: text, max: 20, required: true}
          target: {kind: url, max: 60}
          picture: {kind: image}
          count: {kind: int, max: 9}
          urgency: {kind: enum, values: [low, high]}
        """,
    "channels/pager/acme.yaml": """\
        driver: http
        request: {path: "/pages", body: {note: "{{ parts.note }}", urgency: "{{ parts.urgency }}"}}
        responses: {accepted: [2xx]}
        """,
}


def with_pager(configuration: Configuration) -> Configuration:
    configuration.lay(PAGER)
    configuration.replace(TENANT, "channel_order:", "  pager: {provider: text}\nchannel_order:")
    return configuration.replace(TENANT, "sms: phone", "sms: phone, pager: phone")


def test_every_kind_of_part_whatever_its_name(configuration: Configuration) -> None:
    message = (
        "{pager: {note: \"Hi {{ customer.first_name | default('you') | truncate(9) }}\", "
        'target: "https://www.freshfields.example/{{ tenant.id }}", picture: "https://www.freshfields.example/a b.png", '
        "count: 3, urgency: high}}"
    )
    outcome = with_pager(configuration).campaign(message=message).compile()
    assert outcome.codes == ["HB573"]  # a blank in an address
    configuration.replace("tenants/fresh-fields/campaigns/hello.yaml", "a b.png", "a.png")
    assert configuration.compile().rendered("pager", {"first_name": "Ann"}) == {
        "note": "Hi Ann",
        "target": "https://www.freshfields.example/fresh-fields",
        "picture": "https://www.freshfields.example/a.png",
        "count": "3",
        "urgency": "high",
    }


@pytest.mark.parametrize("part", ["target", "picture"])
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("javascript:alert(1)", "HB573"),
        ("/relative", "HB573"),
        ("https://{{ customer.id }}", "HB571"),
    ],
)
def test_an_address_is_one_whatever_the_part_is_called(
    configuration: Configuration, part: str, address: str, code: str
) -> None:
    message = f'{{pager: {{note: "Hi", {part}: "{address}"}}}}'
    finding = with_pager(configuration).campaign(message=message).compile().only()
    assert (finding.code, finding.range.line) == (code, 5)


def test_the_longest_text_is_held_against_the_contract(configuration: Configuration) -> None:
    note = "{{ customer.first_name | default('you') }}"
    outcome = with_pager(configuration).campaign(message=f'{{pager: {{note: "{note}"}}}}').compile()
    assert outcome.only().code == "HB610"
    assert "can become 40 characters long; the channel takes 20" in outcome.only().message
    address = "https://www.freshfields.example/" + "y" * 30
    message = f'{{pager: {{note: "Hi", target: "{address}"}}}}'
    assert configuration.campaign(message=message).compile().only().code == "HB610"


def test_the_bound_is_each_locales_own(configuration: Configuration) -> None:
    configuration.replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")
    message = '{pager: {note: {en-US: "Hi", es-US: "Hola a todos, y hasta pronto"}}}'
    finding = with_pager(configuration).campaign(message=message).compile().only()
    assert finding.code == "HB610"
    assert finding.range.column == 46


def test_a_subject_is_one_line(configuration: Configuration) -> None:
    message = '{email: {subject: "One\\nTwo", template: hello.html}}'
    assert configuration.campaign(message=message).compile().only().code == "HB572"


def test_mail_has_html_a_text_part_and_its_preheader(configuration: Configuration) -> None:
    configuration.lay(
        {
            "tenants/fresh-fields/templates/hello.html": "<div style='display:none'>x</div>"
            '<p>{{ preheader }}</p><p>To {{ customer.first_name | default("you") }} &amp; co</p>'
        }
    )
    message = (
        '{email: {subject: "S", preheader: "P & {{ customer.first_name | default(\'you\') }}", '
        "template: hello.html}}"
    )
    parts = (
        configuration.campaign(message=message).compile().rendered("email", {"first_name": "<b>"})
    )
    assert parts["preheader"] == "P & <b>"
    assert parts["html"].endswith("<p>P &amp; &lt;b&gt;</p><p>To &lt;b&gt; &amp; co</p>")
    assert parts["text"] == "P & <b>\n\nTo <b> & co"


def test_without_a_preheader_layouts_show_nothing(configuration: Configuration) -> None:
    configuration.lay({"tenants/fresh-fields/templates/hello.html": "<p>[{{ preheader }}]</p>"})
    assert configuration.campaign().compile().rendered()["html"] == "<p>[]</p>"


def test_a_preheader_that_failed_is_not_missed_in_the_layout(configuration: Configuration) -> None:
    configuration.lay({"tenants/fresh-fields/templates/hello.html": "<p>{{ preheader }}</p>"})
    message = '{email: {subject: "S", preheader: "{{ customer.nam }}", template: hello.html}}'
    assert configuration.campaign(message=message).compile().codes == ["HB505"]


@pytest.mark.parametrize(
    "hole",
    [
        "{% set n = customer.lifetime_orders + 1 %}{{ n }}",
        "{% for d in customer.departments | default([]) %}{{ d | truncate(9) }}{% endfor %}",
    ],
)
def test_a_preheader_holds_no_loop(configuration: Configuration, hole: str) -> None:
    configuration.lay({"tenants/fresh-fields/templates/hello.html": "<p>{{ preheader }}</p>"})
    message = f'{{email: {{subject: "S", preheader: "{hole}", template: hello.html}}}}'
    finding = configuration.campaign(message=message).compile().only()
    assert (finding.code, finding.range.line) == ("HB450", 5)


def test_html_that_a_channel_does_not_require_may_be_left_out(
    configuration: Configuration,
) -> None:
    configuration.replace(
        "channels/email/channel.yaml", "{kind: html, required: true}", "{kind: html}"
    )
    outcome = configuration.campaign(message='{email: {subject: "S"}}').compile()
    assert outcome.rendered() == {"subject": "S"}


def test_a_channels_own_text_part_is_used_and_derived_where_it_is_left_out(
    configuration: Configuration,
) -> None:
    configuration.replace(
        "channels/email/channel.yaml",
        "  html: {kind: html, required: true}",
        "  html: {kind: html, required: true}\n  text: {kind: text}",
    )
    message = '{email: {subject: "S", template: hello.html, text: "By hand"}}'
    assert configuration.campaign(message=message).compile().rendered()["text"] == "By hand"
    derived = configuration.campaign().compile().rendered()["text"]
    assert derived.startswith("Hello neighbor")


def test_a_body_in_place_of_a_file_in_every_locale(configuration: Configuration) -> None:
    configuration.replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")
    message = '{email: {subject: "S", body: {en-US: "<p>Hi</p>", es-US: "<p>Hola</p>"}}}'
    outcome = configuration.campaign(message=message).compile()
    assert outcome.rendered()["html"] == "<p>Hi</p>"
    assert outcome.rendered(locale="es-US")["text"] == "Hola"


def test_templates_layouts_includes_and_blocks_in_the_locales_own_words(
    configuration: Configuration,
) -> None:
    folder = "tenants/fresh-fields/templates"
    configuration.replace(TENANT, "locale: en-US", "locale: en-US\nlocales: [en-US, es-US]")
    configuration.lay(
        {
            f"{folder}/base.html": "<i>{% block top %}hi{% endblock %}</i>{% block body %}{% endblock %}",
            f"{folder}/hello.html": '{% extends "base.html" %}{% block body %}<p>One</p>'
            '{% include "foot.html" %}{% endblock %}',
            f"{folder}/hello.es-US.html": '{% extends "hello.html" %}{% block top %}hola{% endblock %}',
            f"{folder}/foot.html": "<p>bye</p>",
            f"{folder}/foot.es-US.html": "<p>adios</p>",
            f"{folder}/sale.html": "<b>sale</b>",
            f"{folder}/sale.es-US.html": "<b>rebaja</b>",
        }
    )
    plain = '{email: {subject: "S", template: hello.html}}'
    outcome = configuration.campaign(message=plain).compile()
    assert outcome.rendered()["html"] == "<i>hi</i><p>One</p><p>bye</p>"
    assert outcome.rendered(locale="es-US")["html"] == "<i>hola</i><p>One</p><p>adios</p>"
    blocks = '{email: {subject: "S", template: hello.html, blocks: {body: sale.html}}}'
    outcome = configuration.campaign(message=blocks).compile()
    assert outcome.rendered()["html"] == "<i>hi</i><b>sale</b>"
    assert outcome.rendered(locale="es-US")["html"] == "<i>hola</i><b>rebaja</b>"


@pytest.mark.parametrize(
    ("message", "template"),
    [
        ('{email: {subject: "S", template: helo.html}}', "helo.html"),
        ('{email: {subject: "S", template: hello.html, blocks: {x: helo.html}}}', "helo.html"),
    ],
)
def test_no_such_template(configuration: Configuration, message: str, template: str) -> None:
    finding = configuration.campaign(message=message).compile().findings[0]
    assert finding.code == "HB452"
    assert finding.message == f"there is no template tenants/fresh-fields/templates/{template}"
    assert finding.hint == "did you mean hello.html?"


def test_no_template_is_near(configuration: Configuration) -> None:
    message = '{email: {subject: "S", template: platform/legal.html}}'
    assert configuration.campaign(message=message).compile().only().hint == (
        "write templates/legal.html"
    )


def test_a_template_of_the_group_and_of_the_blueprint(configuration: Configuration) -> None:
    configuration.replace(TENANT, "locale: en-US", "locale: en-US\ngroup: harvest")
    configuration.lay(
        {
            "groups/harvest/group.yaml": "name: Harvest\n",
            "groups/harvest/templates/hello.html": "<p>group</p>",
            "blueprints/weekly/blueprint.yaml": """\
                category: promotions
                trigger: {at: 2026-12-05T10:00}
                audience: everyone
                message: {email: {subject: "W", template: hello.html}}
                """,
            "blueprints/weekly/templates/hello.html": "<p>blueprint</p>",
            "tenants/fresh-fields/campaigns/weekly.yaml": "uses: weekly\nstatus: active\n",
        }
    )
    message = '{email: {subject: "S", template: group/hello.html}}'
    outcome = configuration.campaign(message=message).compile()
    assert outcome.rendered()["html"] == "<p>group</p>"
    assert outcome.rendered(campaign="weekly")["html"] == "<p>blueprint</p>"


def test_a_template_that_is_not_utf_8(configuration: Configuration) -> None:
    configuration.lay({"tenants/fresh-fields/templates/hello.html": b"<p>\ncaf\xe9</p>"})
    finding = configuration.campaign().compile().only()
    assert (finding.code, str(finding.range)) == (
        "HB459",
        "tenants/fresh-fields/templates/hello.html:2:1",
    )

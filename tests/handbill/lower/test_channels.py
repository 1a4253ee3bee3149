"""A channel is data: its requests are compiled by the rules of messages, and judged by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.plan.model import BodyArray, BodyLiteral, BodyObject, BodyText, Responses
from handbill.plan.row import compile_template

if TYPE_CHECKING:
    from conftest import Configuration

TWILIO = "channels/sms/twilio.yaml"
JSON = """\
    driver: http
    request:
      method: PUT
      path: "/{{ message.tenant }}/{{ message.campaign }}"
      headers: {X-Id: "{{ message.id }}"}
      body:
        fixed: [1, true, null, "plain", []]
        deep: {to: "{{ message.address }}", more: {text: "{{ parts.body | upper }}!"}}
        when: "{% if parts.body == 'x' %}{{ sender.from }}{% endif %}"
    responses: {accepted: [200, 2xx], retry: [500-599], unreachable: [404], id: /a/b}
    idempotency: Idempotency-Key
    """


def test_a_json_request(configuration: Configuration) -> None:
    sms = configuration.lay({TWILIO: JSON}).compile().channel("sms")
    vendor = sms.vendors["twilio"]
    assert (sms.name, sms.batch, sms.max_bytes, vendor.driver) == ("sms", 50, None, "http")
    assert sms.parts["body"].maximum == 480 and sms.parts["body"].required
    assert vendor.idempotency_header == "Idempotency-Key"
    assert vendor.responses == Responses(
        accepted=("200", "2xx"), retry=("500-599",), unreachable=("404",), id_pointer="/a/b"
    )
    request = vendor.request
    assert request is not None
    assert (request.method, request.encoding) == ("PUT", "json")
    assert request.body.members["fixed"] == BodyArray(
        items=(BodyLiteral(value=1), BodyLiteral(value=True), BodyLiteral(value=None),
               BodyLiteral(value="plain"), BodyArray(items=()))
    )  # fmt: skip
    deep = request.body.members["deep"]
    assert isinstance(deep, BodyObject)
    more = deep.members["more"]
    assert isinstance(more, BodyObject)
    text = more.members["text"]
    assert isinstance(text, BodyText)
    assert text.needs == ("body",)
    assert compile_template(text.text, ())((), {("parts", "body"): "hi"}) == "HI!"
    assert compile_template(request.path, ())((), {("message", "tenant"): "a", ("message", "campaign"): "b"}) == "/a/b"  # fmt: skip


def test_a_part_in_a_condition_is_needed_too(configuration: Configuration) -> None:
    request = configuration.lay({TWILIO: JSON}).compile().channel("sms").vendors["twilio"].request
    assert request is not None
    when = request.body.members["when"]
    assert isinstance(when, BodyText)
    assert when.needs == ("body",)


def test_a_form_and_smtp(configuration: Configuration) -> None:
    outcome = configuration.compile()
    request = outcome.channel("sms").vendors["twilio"].request
    assert request is not None
    assert request.encoding == "form"
    assert list(request.body.members) == ["Body", "From", "To"]
    assert outcome.channel("email").vendors["smtp"].request is None


def test_a_comment_is_no_text(configuration: Configuration) -> None:
    configuration.replace(TWILIO, '"{{ parts.body }}"', '"{# why #}hello"')
    request = configuration.compile().channel("sms").vendors["twilio"].request
    assert request is not None
    body = request.body.members["Body"]
    assert isinstance(body, BodyText)
    assert compile_template(body.text, ())((), {}) == "hello"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("plain", "{{ parts.bdy }}", "HB505"),
        ("{{ message.id }}", "{{ message.ident }}", "HB505"),
        ("{{ message.tenant }}", "{{ customer.id }}", "HB504"),
        ("[1, true", "[1.5, true", "HB460"),
        ("[1, true", "[9007199254740993, true", "HB460"),
        ("deep: {to", 'deep: {"\U0001f600": 1, to', "HB460"),
    ],
)
def test_a_mistake_fails_who_sends_there_and_nobody_else(
    configuration: Configuration, old: str, new: str, code: str
) -> None:
    tenant = (configuration.folder / "tenants/fresh-fields/tenant.yaml").read_text("utf-8")
    for old_line, new_line in (
        ('  sms: {provider: text, from: "+15185550100", workspace: AC-fresh-fields}\n', ""),
        ("  stores: {key: id, file: data/stores.csv}\n", ""),
        (", sms: phone", ""),
        ("[email, sms]", "[email]"),
    ):
        assert old_line in tenant
        tenant = tenant.replace(old_line, new_line)
    configuration.lay({TWILIO: JSON, "tenants/mail-only/tenant.yaml": tenant})
    outcome = configuration.replace(TWILIO, old, new).compile()
    finding = outcome.only()
    assert (finding.code, finding.tenant) == (code, None)
    assert finding.range.file == TWILIO
    release = outcome.compiled.release
    assert release.failed == ("fresh-fields",)
    assert (list(release.release.tenants), list(release.release.channels)) == (
        ["mail-only"],
        ["email"],
    )

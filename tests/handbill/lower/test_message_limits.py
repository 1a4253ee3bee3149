"""Bytes of whole messages: mails by their parts, requests as the vendor's contract makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbill.plan.row import compile_template
from handbill_runtime.drivers.body import RequestContract
from handbill_runtime.drivers.driver import Endpoint, Envelope

if TYPE_CHECKING:
    from conftest import Configuration

TENANT = "tenants/fresh-fields/tenant.yaml"
PUSH = """
address: token
parts:
  title: {kind: text, max: 100, required: true}
  body: {kind: text, max: 240}
max_bytes: BYTES
defaults: {expires: 12 hours}
"""
FCM = """
driver: http
request:
  path: /send
  body:
    message:
      token: "{{ message.address }}"
      notification: {title: "{{ parts.title }}", body: "{{ parts.body }}"}
      data: {campaign: "{{ message.campaign }}", tenant: "{{ message.tenant }}", id: "{{ message.id }}"}
responses: {accepted: [200]}
"""


def push(configuration: Configuration, most: int) -> Configuration:
    configuration.lay(
        {
            "channels/push/channel.yaml": PUSH.replace("BYTES", str(most)),
            "channels/push/fcm.yaml": FCM,
            "channels/push/small.yaml": 'driver: http\nrequest: {body: {t: "{{ parts.title }}"}}\n'
            "responses: {accepted: [200]}\n",
        }
    )
    tenant = (configuration.folder / TENANT).read_text()
    if "push:" not in tenant:
        configuration.replace(TENANT, "channel_order", "  push: {provider: phones}\nchannel_order")
        configuration.replace(TENANT, "sms: phone}", "sms: phone, push: phone}")
    text = "{{ customer.first_name | default('neighbor') }}"
    return configuration.campaign(message=f'{{push: {{title: "Hello {text}"}}}}')


def test_a_request_is_counted_as_the_vendor_gets_it(configuration: Configuration) -> None:
    finding = push(configuration, 300).compile().only()
    assert finding.code == "HB622" and finding.witness is not None
    assert "as fcm counts them; the channel takes 300" in finding.message
    bound = int(finding.message.split()[4].replace(",", ""))
    outcome = push(configuration, bound).compile()
    plan, vendor = outcome.plan(), outcome.channel("push").vendors["fcm"]
    ops = plan.variants[0].messages["main"]["push"].locales["en-US"]["title"]
    row = tuple(finding.witness.get(".".join(need.path)) for need in plan.fields)
    title = compile_template(ops, plan.fields)(row, {})  # type: ignore[arg-type]
    envelope = Envelope(
        **dict.fromkeys(Envelope.__dataclass_fields__, "")  # type: ignore[arg-type]
        | {
            "id": "0" * 64,
            "tenant": "fresh-fields",
            "campaign": "hello",
            "address": "\x01" * 20,
            "parts": {"title": title},
        }
    )
    endpoint = Endpoint(
        **dict.fromkeys(Endpoint.__dataclass_fields__, "")  # type: ignore[arg-type]
        | {"url": "https://fcm.example", "vendor": vendor}
    )
    assert len(RequestContract(vendor).fill(endpoint, envelope).content) == bound
    assert push(configuration, bound - 1).compile().codes == ["HB622"]


def test_the_cut_that_fits_is_proposed(configuration: Configuration) -> None:
    bound = int(push(configuration, 300).compile().only().message.split()[4].replace(",", ""))
    finding = push(configuration, bound - 40).compile().only()
    assert finding.hint == "{{ customer.first_name | default('neighbor') | truncate(30) }}"
    assert "the address (`customer.phone`) makes up to 120 bytes of it" in finding.notes
    cut = (
        "{push: {title: \"Hello {{ customer.first_name | default('neighbor') | truncate(30) }}\"}}"
    )
    assert configuration.campaign(message=cut).compile().codes == []


def test_a_mail_is_the_bytes_of_its_parts(configuration: Configuration) -> None:
    contract = (configuration.folder / "channels/email/channel.yaml").read_text()
    message = '{email: {subject: "Hi", body: "<p>é{{ customer.first_name | default(\'x\') }}</p>"}}'
    size = len("Hi<p>é</p>".encode()) + 40 * len("&amp;")
    configuration.campaign(message=message)
    configuration.lay({"channels/email/channel.yaml": contract + f"max_bytes: {size}\n"})
    assert configuration.compile().codes == []
    configuration.lay({"channels/email/channel.yaml": contract + f"max_bytes: {size - 1}\n"})
    finding = configuration.compile().only()
    assert (finding.code, finding.witness) == ("HB623", {"first_name": "&" * 40})
    assert f"can become {size} bytes; the channel takes {size - 1}" in finding.message
    assert finding.hint == "{{ customer.first_name | default('x') | truncate(39) }}"


def test_where_nothing_can_be_cut(configuration: Configuration) -> None:
    contract = (configuration.folder / "channels/email/channel.yaml").read_text()
    configuration.lay({"channels/email/channel.yaml": contract + "max_bytes: 20\n"})
    finding = configuration.campaign().compile().only()
    assert finding.code == "HB623"
    assert finding.hint == "show fewer things in it, or link to a page that shows them"

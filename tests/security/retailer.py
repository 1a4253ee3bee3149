"""A campaign that writes one customer's field into every surrounding there is, really compiled.

The files are laid over tests/golden/base, compiled by the compiler as `handbill check` does it, and each
part is rendered by the row back end as the runtime does it, for a customer who is called anything.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import has_errors
from handbill.diagnostics.render_text import render_text
from handbill.pipeline import compile_tree
from handbill.plan.canonical import decode_object
from handbill.plan.ir import Op
from handbill.plan.model import Channel, Plan
from handbill.plan.row import compile_template
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[1] / "golden" / "base"
HOST = "freshfields.example"
UNSUBSCRIBE = f"https://mail.{HOST}/u?c=1&t=2"
Part = tuple[str, str, str]
"""Campaign, channel, part."""
TEMPLATES = "tenants/fresh-fields/templates"

FILES = {
    "schemas/customer.schema.json": """{
  "type": "object",
  "required": ["id", "consent", "lifetime_orders", "note", "notes"],
  "properties": {
    "id": {"type": "string", "maxLength": 40},
    "email": {"type": "string", "maxLength": 254},
    "phone": {"type": "string", "maxLength": 20},
    "consent": {"type": "array", "maxItems": 40, "items": {"type": "string", "maxLength": 60}},
    "lifetime_orders": {"type": "integer", "minimum": 0, "maximum": 100000},
    "note": {"type": "string", "maxLength": 160},
    "alias": {"type": "string", "maxLength": 160},
    "notes": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 160}}
  }
}""",
    "channels/email/channel.yaml": """
address: email
parts:
  subject: {kind: text, required: true}
  preheader: {kind: text}
  html: {kind: html, required: true}
""",
    "channels/sms/channel.yaml": """
address: phone
parts:
  body: {kind: text, required: true}
""",
    "channels/push/channel.yaml": """
address: device
parts:
  title: {kind: text, required: true}
  body: {kind: text, required: true}
  link: {kind: url}
  picture: {kind: image}
""",
    "channels/push/gateway.yaml": """
driver: http
request:
  method: POST
  path: "/send/{{ parts.title }}"
  headers: {Authorization: "Bearer {{ provider.secret }}"}
  body:
    to: "{{ message.address }}"
    data:
      title: "{{ parts.title }}"
      body: "{{ parts.body }}"
      link: "{{ parts.link }}"
      picture: "{{ parts.picture }}"
      label: "New: {{ parts.title }} ({{ message.tenant }})"
      both: ["{{ parts.title }}", "{{ parts.body }}"]
responses: {accepted: [2xx]}
""",
    f"{TEMPLATES}/hostile.html": """<!doctype html>
<html lang="en">
<head><title>For {{ customer.note }}</title></head>
<body>
{% include "card.html" %}
<p>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
</body>
</html>
""",
    f"{TEMPLATES}/card.html": """<div class="card" title="{{ customer.note }}" data-note="a {{ customer.note }} b">
<p id="text">Hi {{ customer.note }}, hi {{ customer.note | upper }}!</p>
<p id="alone">{{ customer.note }}</p>
<p id="optional">{{ customer.alias | default(customer.note) }}</p>
<ul>{% for each in customer.notes[:3] %}<li title="{{ each }}">{{ each }}</li>{% endfor %}</ul>
<p><a id="path" href="{{ brand.site }}/p/{{ customer.note }}">path</a>
<a id="middle" href="{{ brand.site }}/p/{{ customer.note }}/more/{{ customer.note }}.html">middle</a>
<a id="query" href="{{ brand.site }}/p?a={{ customer.note }}&amp;b=1">query</a>
<a id="fragment" href="{{ brand.site }}/p#a={{ customer.note }}">fragment</a>
<a id="joined" href="{{ brand.site ~ '/p-' ~ customer.note }}" title="{{ customer.note }}">joined</a>
<img id="picture" src="{{ brand.site }}/i/{{ customer.note }}.png" alt="{{ customer.note }}"></p>
<p id="written">See {{ brand.site }}/p/{{ customer.note }}?a={{ customer.note }} or {{ customer.note }}</p>
<table background="{{ brand.site }}/b/{{ customer.note }}"><tbody><tr><td align="left">{{ customer.note }}</td></tr></tbody></table>
<!--[if mso]><table><tr><td title="{{ customer.note }}">{{ customer.note }}<v:roundrect href="{{ brand.site }}/m/{{ customer.note }}" alt="{{ customer.note }}"></v:roundrect></td></tr></table><![endif]-->
</div>
""",
    f"{TEMPLATES}/hostile.mjml": """<mjml>
<mj-head><mj-title>For {{ customer.note }}</mj-title><mj-preview>Inside, {{ customer.note }}</mj-preview></mj-head>
<mj-body>
<mj-section background-url="{{ brand.site }}/b/bg.png"><mj-column>
<mj-text>Hi {{ customer.note }}, see {{ brand.site }}/p/{{ customer.note }} and {{ customer.note }}</mj-text>
{% if customer.lifetime_orders > 3 %}<mj-text><a href="{{ brand.site }}/p/{{ customer.note }}" title="{{ customer.note }}">{{ customer.note }}</a></mj-text>{% endif %}
<mj-image src="{{ brand.site }}/i/{{ customer.note }}.png" alt="{{ customer.note }}" href="{{ brand.site }}/p?a={{ customer.note }}" />
<mj-button href="{{ brand.site }}/p/{{ customer.note }}?a={{ customer.note }}#{{ customer.note }}">{{ customer.note }}</mj-button>
<mj-table><tr><td title="{{ customer.note }}">{{ customer.note }}</td></tr></mj-table>
<mj-text>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
</mj-column></mj-section>
</mj-body>
</mjml>
""",
    "tenants/fresh-fields/campaigns/mjml.yaml": """
category: promotions
status: active
trigger: {at: 2026-12-05T10:00}
audience: customer.lifetime_orders >= 1
message:
  email: {subject: "Hi", template: hostile.mjml}
""",
    "tenants/fresh-fields/campaigns/hello.yaml": """
category: promotions
status: active
trigger: {at: 2026-12-05T10:00}
audience: customer.lifetime_orders >= 1
message:
  email:
    subject: "For {{ customer.note }}"
    preheader: "Inside, {{ customer.note }}"
    template: hostile.html
  sms:
    body: "Hi {{ customer.note }}: {{ brand.site }}/p/{{ customer.note }}?a={{ customer.note }} or {{ customer.note }}\\nBye"
  push:
    title: "For {{ customer.note }}"
    body: "Hi {{ customer.note }}"
    link: "{{ brand.site }}/p/{{ customer.note }}?a={{ customer.note }}"
    picture: "{{ brand.site }}/i/{{ customer.note }}.png"
""",
}
TENANT_CHANGES = {
    "  sms: {provider": "  push: {provider: gate}\n  sms: {provider",
    "sms: phone}": "sms: phone, push: id}",
}


@dataclass(frozen=True, slots=True)
class Retailer:
    """`parts` by campaign, channel and part; `push` is the push channel with its vendor's request."""

    parts: Mapping[Part, Callable[[str], str]]
    push: Channel

    def render(self, note: str) -> dict[Part, str]:
        """What a customer gets whose every field is `note`."""
        return {name: render(note) for name, render in self.parts.items()}


@pytest.fixture(scope="session")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Retailer:
    folder = tmp_path_factory.mktemp("hostile")
    lay_out(folder)
    tree, found = open_working_tree(folder)
    assert tree is not None
    compiled = compile_tree(tree, found)
    shown = render_text(compiled.diagnostics, lambda file: None)
    assert not has_errors(compiled.diagnostics), shown
    assert compiled.release is not None
    objects = {
        digest: decode_object(data)
        for pack in compiled.release.packs.values()
        for digest, data in pack.items()
    }
    push = objects[compiled.release.release.channels["push"]]
    assert isinstance(push, Channel)
    parts: dict[Part, Callable[[str], str]] = {}
    for plan in objects.values():
        if isinstance(plan, Plan):
            for channel, content in plan.variants[0].messages["main"].items():
                for part, ops in content.locales["en-US"].items():
                    parts[plan.campaign, channel, part] = renderer(ops, plan)
    return Retailer(parts, push)


def renderer(ops: tuple[Op, ...], plan: Plan) -> Callable[[str], str]:
    function = compile_template(ops, plan.fields)

    def render(note: str) -> str:
        values = {"note": note, "alias": None, "notes": (note, note), "lifetime_orders": 9}
        row = tuple(values[".".join(need.path)] for need in plan.fields)
        return function(row, {("unsubscribe_url",): UNSUBSCRIBE, ("message", "id"): "0" * 64})

    return render


def lay_out(folder: Path) -> None:
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for path, text in FILES.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.lstrip("\n"), encoding="utf-8")
    tenant = folder / "tenants" / "fresh-fields" / "tenant.yaml"
    text = tenant.read_text(encoding="utf-8")
    for old, new in TENANT_CHANGES.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    tenant.write_text(text, encoding="utf-8")

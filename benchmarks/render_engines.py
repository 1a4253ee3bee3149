"""The engines of the rendering benchmark: each is given customers in the shape it is fastest with."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.render_customers import FIELDS, Customer

BRAND: dict[str, Any] = {
    "site": "https://freshfields.example",
    "postal_address": "12 Orchard Way, Albany NY 12207",
    "colors": {"primary": "#0b6b3a", "accent": "#f2b33d", "tint": "#f0f6ee", "text": "#22301f"},
}
TENANT = {"name": "Fresh Fields Market"}
HANDBILL, SANDBOX, JINJA, MINIJINJA, FOLDED = (
    "Handbill",
    "Jinja2 sandbox",
    "Jinja2",
    "minijinja",
    "Jinja2 sandbox, constants written out",
)
Renderer: TypeAlias = Callable[[], list[str]]
"""Renders the mail of every customer."""


def make_renderers(text: str, customers: Sequence[Customer], sample: Path) -> dict[str, Renderer]:
    from jinja2 import Environment
    from jinja2.sandbox import SandboxedEnvironment

    plain, sandbox = Environment(autoescape=True), SandboxedEnvironment(autoescape=True)
    return {
        HANDBILL: _handbill(text, customers, sample),
        SANDBOX: _jinja(sandbox, text, customers),
        JINJA: _jinja(plain, text, customers),
        MINIJINJA: _minijinja(text, customers),
        FOLDED: _jinja(sandbox, write_constants_out(text), customers),
    }


def _handbill(text: str, customers: Sequence[Customer], sample: Path) -> Renderer:
    from handbill.plan.row import compile_template

    ops, needs = compile_mail(text, sample)
    render = compile_template(ops, needs)
    prepared = [
        (
            tuple(_imported(customer.get(need.path[0])) for need in needs),
            {("unsubscribe_url",): customer["unsubscribe_url"]},
        )
        for customer in customers
    ]
    return lambda: [render(row, context) for row, context in prepared]


def compile_mail(text: str, sample: Path) -> tuple[Any, Any]:
    """The plan's operations and the fields of its row, as the compiler makes them."""
    from handbill.language.scope import ConstantRoot, RecordRoot, Scope, ValueRoot
    from handbill.language.template import TemplateKind, compile_template
    from handbill.language.vocabulary import read_vocabulary
    from handbill.lower.names import generated_url
    from handbill.plan.model import FieldNeed
    from handbill.source.text import SourceText

    path = "schemas/customer.schema.json"
    vocabulary, found = read_vocabulary({path: _without_references(sample / path)})
    roots = {
        "customer": RecordRoot(vocabulary.customer),
        "tenant": ConstantRoot(TENANT),
        "brand": ConstantRoot(BRAND),
        "unsubscribe_url": ValueRoot(generated_url("unsubscribe_url")),
    }
    source = SourceText.of_file("mail.html", text)
    compiled = compile_template(source, Scope(roots), TemplateKind.HTML, _NoTemplates())
    if compiled.ops is None:
        raise ValueError([str(each) for each in (*found, *compiled.diagnostics)])
    fields = vocabulary.customer.fields
    needs = [
        FieldNeed(path=read[1:], type=fields[read[1]].type)
        for read in sorted(compiled.reads)
        if read[0] == "customer"
    ]
    return compiled.ops, needs


def _without_references(schema: Path) -> bytes:
    """The sample's vocabulary without the datasets that it refers to."""
    value = json.loads(schema.read_bytes())
    for member in value["properties"].values():
        member.pop("x-references", None)
    return json.dumps(value).encode()


class _NoTemplates:
    """The mail includes nothing."""

    def load(self, name: str, from_file: str) -> None:
        return None

    def suggest(self, name: str, from_file: str = "") -> None:
        return None


def _imported(value: Any) -> Any:
    """As the import view holds it: a decimal is a scaled integer."""
    return int(value.scaleb(2)) if isinstance(value, Decimal) else value


class _Object:
    """What Jinja2 reads fastest: slots; one that was not set is undefined."""

    __slots__ = FIELDS

    def __init__(self, customer: Customer) -> None:
        for name in FIELDS:
            if name in customer:
                setattr(self, name, customer[name])


class _Colors:
    __slots__ = ("accent", "primary", "text", "tint")


class _Brand:
    __slots__ = ("colors", "postal_address", "site")


class _Tenant:
    __slots__ = ("name",)


def _constants() -> dict[str, Any]:
    brand, colors, tenant = _Brand(), _Colors(), _Tenant()
    for name, value in BRAND["colors"].items():
        setattr(colors, name, value)
    brand.colors, brand.site = colors, BRAND["site"]  # type: ignore[attr-defined]
    brand.postal_address, tenant.name = BRAND["postal_address"], TENANT["name"]  # type: ignore[attr-defined]
    return {"brand": brand, "tenant": tenant}


def _jinja(environment: Any, text: str, customers: Sequence[Customer]) -> Renderer:
    render, constants = environment.from_string(text).render, _constants()
    prepared = [
        constants | {"customer": _Object(customer), "unsubscribe_url": customer["unsubscribe_url"]}
        for customer in customers
    ]
    return lambda: [render(context) for context in prepared]


def _minijinja(text: str, customers: Sequence[Customer]) -> Renderer:
    from minijinja import Environment

    environment = Environment(templates={"mail.html": text})
    prepared = [
        {
            "brand": BRAND,
            "tenant": TENANT,
            "customer": _for_minijinja(customer),
            "unsubscribe_url": customer["unsubscribe_url"],
        }
        for customer in customers
    ]
    return lambda: [environment.render_template("mail.html", **context) for context in prepared]


def _for_minijinja(customer: Customer) -> dict[str, Any]:
    """It would turn a Decimal into a float, and 3.50 into 3.5."""
    return {
        name: str(customer[name]) if isinstance(customer[name], Decimal) else customer[name]
        for name in FIELDS
        if name in customer
    }


def write_constants_out(text: str) -> str:
    """The template with every `{{ brand.… }}` and `{{ tenant.… }}` replaced by its value."""
    known: dict[str, Any] = {"brand": BRAND, "tenant": TENANT}

    def value(hole: re.Match[str]) -> str:
        found: Any = known
        for part in hole[1].split("."):
            found = found[part]
        return html.escape(found)

    return re.sub(r"\{\{ ((?:brand|tenant)\.[a-z_.]+) \}\}", value, text)

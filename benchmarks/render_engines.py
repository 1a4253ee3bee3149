"""The engines of the rendering benchmark: each is given customers in the shape it is fastest with."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

from benchmarks.render_customers import FIELDS, Customer
from benchmarks.shop import Shop

if TYPE_CHECKING:
    from handbill.plan.model import Plan
    from handbill.plan.values import Context, Row

HANDBILL, SANDBOX, JINJA, MINIJINJA, FOLDED = (
    "Handbill",
    "Jinja2 sandbox",
    "Jinja2",
    "minijinja",
    "Jinja2 sandbox, constants written out",
)
Renderer: TypeAlias = Callable[[], list[str]]
"""Renders the mail of every customer."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The template, the shop whose plan it became part of, and the constants of that shop."""

    text: str
    shop: Shop
    constants: Mapping[str, Any]


def make_renderers(mail: Mail, customers: Sequence[Customer]) -> dict[str, Renderer]:
    from jinja2 import Environment
    from jinja2.sandbox import SandboxedEnvironment

    plain, sandbox = Environment(autoescape=True), SandboxedEnvironment(autoescape=True)
    folded = write_constants_out(mail.text, mail.constants)
    return {
        HANDBILL: _handbill(mail.shop, customers),
        SANDBOX: _jinja(sandbox, mail.text, mail.constants, customers),
        JINJA: _jinja(plain, mail.text, mail.constants, customers),
        MINIJINJA: _minijinja(mail, customers),
        FOLDED: _jinja(sandbox, folded, {}, customers),
    }


def load_mail(shop: Shop, template: Path) -> Mail:
    """The constants as they stand in the shop's own tenant.yaml."""
    import yaml

    document = yaml.safe_load(shop.tenant_file.read_bytes())
    constants = {"brand": document["brand"], "tenant": {"name": document["name"]}}
    return Mail(template.read_text(encoding="utf-8"), shop, constants)


def _handbill(shop: Shop, customers: Sequence[Customer]) -> Renderer:
    from handbill.plan.row import compile_template

    plan = shop.plan.plan
    (content,) = plan.variants[0].messages["main"]["email"].locales.values()
    render = compile_template(content["html"], plan.fields)
    prepared = [_prepared(plan, customer) for customer in customers]
    return lambda: [render(row, context) for row, context in prepared]


def _prepared(plan: Plan, customer: Customer) -> tuple[Row, Context]:
    row = tuple(_imported(customer.get(need.path[0])) for need in plan.fields)
    return row, {("unsubscribe_url",): customer["unsubscribe_url"]}


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


def _objects(value: Any) -> Any:
    if isinstance(value, Mapping):
        return SimpleNamespace(**{name: _objects(each) for name, each in value.items()})
    return value


def _jinja(
    environment: Any, text: str, constants: Mapping[str, Any], customers: Sequence[Customer]
) -> Renderer:
    render = environment.from_string(text).render
    shared = {name: _objects(value) for name, value in constants.items()}
    prepared = [
        shared | {"customer": _Object(customer), "unsubscribe_url": customer["unsubscribe_url"]}
        for customer in customers
    ]
    return lambda: [render(context) for context in prepared]


def _minijinja(mail: Mail, customers: Sequence[Customer]) -> Renderer:
    from minijinja import Environment

    environment = Environment(templates={"mail.html": mail.text})
    prepared = [
        {
            **mail.constants,
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


def write_constants_out(text: str, constants: Mapping[str, Any]) -> str:
    """The template with every `{{ brand.… }}` and `{{ tenant.… }}` replaced by its value."""

    def value(hole: re.Match[str]) -> str:
        found: Any = constants
        for part in hole[1].split("."):
            found = found[part]
        return html.escape(found)

    return re.sub(r"\{\{ ((?:brand|tenant)\.[a-z_.]+) \}\}", value, text)

"""Configuration as its authors write it: YAML text → located documents → a resolved repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import dedent

import pytest

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.model import ResolvedRepository
from handbill.resolve.resolve import resolve_repository
from handbill.schema.check import check_document
from handbill.schema.contracts import read_contracts
from handbill.source.layout import classify
from handbill.source.located import LocatedDocument
from handbill.source.yaml import load_document

TENANT = """\
    name: Green Market
    group: harvest
    locale: en-US
    timezone: America/New_York
    currency: USD
    brand: {postal_address: "1 Orchard Way, Albany NY 12207", link_domains: [green.example]}
    channels:
      email: {provider: mail, from: "Green <hello@green.example>"}
      sms: {provider: text, from: "+15185550100"}
    data:
      customers: {key: id, address: {email: email, sms: phone}}
    """
BASE = {
    "handbill.yaml": """\
        categories:
          promotions: {class: marketing}
          safety: {class: safety, quiet_hours: {sms: "23:00-06:00"}}
          service: {class: transactional}
        limits: {per_customer: 4 per 7 days, quiet_hours: {sms: "21:00-08:00", email: "01:00-04:00"}}
        holdout: 2%
        """,
    "channels/email/channel.yaml": """\
        address: email
        parts:
          subject: {kind: text, required: true}
          html: {kind: html, required: true}
        """,
    "channels/email/smtp.yaml": "driver: smtp",
    "channels/sms/channel.yaml": """\
        address: phone
        parts:
          body: {kind: text, required: true}
        defaults:
          window: "08:00-21:00"
          expires: 6 hours
          limits: {per_customer: 2 per 7 days, quiet_hours: {sms: "12:00-13:00"}}
        """,
    "channels/sms/smtp-gateway.yaml": "driver: smtp",
    "groups/harvest/group.yaml": """\
        name: Harvest
        limits: {per_customer: 3 per 7 days}
        blueprints:
          winback: {with: {discount: 10}, audience: {exclude: {minors: customer.age < 18}}}
        """,
    "blueprints/winback/blueprint.yaml": """\
        params:
          discount: {type: integer, minimum: 5, maximum: 25, default: 5}
          pause: {type: string, maxLength: 20, default: 60 days}
        open: [with, message, trigger, audience.include, experiment]
        category: promotions
        trigger: {cron: "0 10 * * TUE"}
        audience:
          include: audiences.lapsed
          exclude: {staff: customer.is_employee}
        reentry: {after: {param: pause}}
        offer: comeback
        message:
          email: {subject: "We miss you", body: "<p>Come back</p>"}
          sms: {body: "We miss you"}
        """,
    "blueprints/winback/offers/comeback.yaml": """\
        reward: {percent: {param: discount}}
        valid: {for: 7 days}
        summary: "{{ offer.reward.percent }}% off"
        terms: "One order."
        """,
    "audiences/lapsed.yaml": "include: customer.orders == 0 and not audiences.new",
    "audiences/new.yaml": "include: customer.days <= 7",
    "tenants/green/tenant.yaml": TENANT,
    "tenants/green/campaigns/winback.yaml": """\
        uses: winback
        status: active
        with: {discount: 15}
        """,
}
SALE = """\
    category: promotions
    status: active
    trigger: {at: 2026-12-05T10:00}
    audience: everyone
    message:
      email: {subject: "Sale", body: "<p>Sale</p>"}
    """

Parse = Callable[[str, str], LocatedDocument]
Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]


def parse_text(file: str, text: str) -> LocatedDocument:
    document, diagnostics = load_document(file, dedent(text).encode())
    assert document is not None, diagnostics
    return document


@pytest.fixture(scope="session")
def parse() -> Parse:
    """`parse(file, text)`: the document of a YAML text without mistakes."""
    return parse_text


@pytest.fixture(scope="session")
def resolve() -> Resolve:
    """`resolve(files, broken=(), base=…)`: the base with `files` over it, resolved. A file of None
    is left out; a `broken` one is there, and no stage before could read it."""

    def resolve_texts(
        files: Mapping[str, str | None] | None = None,
        broken: tuple[str, ...] = (),
        base: Mapping[str, str] | None = None,
    ) -> Outcome:
        texts = {**(BASE if base is None else base), **(files or {})}
        documents = {
            file: parse_text(file, text)
            for file, text in texts.items()
            if text is not None and file not in broken
        }
        places = {file: classify(file) for file in (*documents, *broken)}
        known = {file: place for file, place in places.items() if place is not None}
        contracts = read_contracts(documents, known)
        for file, document in documents.items():
            assert not check_document(document, known[file], contracts)
        return resolve_repository(documents, known)

    return resolve_texts


@pytest.fixture(scope="session")
def resolve_sound() -> Callable[[Mapping[str, str]], Outcome]:
    """As `resolve`, but a file that breaks its schema is broken, as in the pipeline."""

    def resolve_texts(files: Mapping[str, str]) -> Outcome:
        documents = {file: parse_text(file, text) for file, text in {**BASE, **files}.items()}
        places = {file: place for file in documents if (place := classify(file))}
        contracts = read_contracts(documents, places)
        sound = {
            file: document
            for file, document in documents.items()
            if not has_errors(check_document(document, places[file], contracts))
        }
        return resolve_repository(sound, places)

    return resolve_texts


@pytest.fixture(scope="session")
def sale() -> str:
    """A campaign without a blueprint."""
    return dedent(SALE)


@pytest.fixture(scope="session")
def tenant() -> str:
    """The base's tenant.yaml."""
    return dedent(TENANT)

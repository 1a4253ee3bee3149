"""A small retailer on disk, compiled by the real compiler and run by the real stages.

Tests write campaigns as YAML and customers as CSV; everything between them and the receivers is the
product. Also used by the process that the crash tests kill.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from handbill.plan.canonical import decode_object
from handbill.plan.model import Channel, Environment, Plan, Release, Table, Tenant
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant, compile_plan
from handbill_runtime.stages.customers import open_customers
from handbill_runtime.stages.pace import Pace
from handbill_runtime.stages.report import RunReport
from handbill_runtime.stages.run import EVERYONE, deliver_pending, run_occurrence
from handbill_runtime.stages.work import Work

CHANNELS = Path(__file__).parents[3] / "channels"
NOON = datetime(2026, 12, 5, 17, 0, tzinfo=UTC)
"""12:00 in New York, where the shop is."""

FILES: dict[str, str] = {
    "handbill.yaml": """
        categories:
          promotions: {class: marketing}
          news: {class: marketing, consent: opt_out}
          service: {class: transactional}
        """,
    "schemas/customer.schema.json": """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "customer", "description": "test", "type": "object",
          "required": ["id", "orders"],
          "properties": {
            "id": {"type": "string", "maxLength": 40},
            "first_name": {"type": "string", "maxLength": 40},
            "email": {"type": "string", "maxLength": 254},
            "phone": {"type": "string", "maxLength": 16},
            "push_token": {"type": "string", "maxLength": 180},
            "locale": {"type": "string", "maxLength": 10},
            "timezone": {"type": "string", "maxLength": 40},
            "consent": {
              "type": "array", "maxItems": 9, "items": {"type": "string", "maxLength": 40}
            },
            "declined": {
              "type": "array", "maxItems": 9, "items": {"type": "string", "maxLength": 40}
            },
            "orders": {"type": "integer", "minimum": 0, "maximum": 1000},
            "spend": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 100000},
            "joined_on": {"type": "string", "format": "date"},
            "staff": {"type": "boolean"},
            "likes": {
              "type": "array", "maxItems": 5, "items": {"enum": ["bakery", "dairy", "wine"]}
            },
            "store": {"type": "string", "maxLength": 40, "x-references": "stores"}
          }
        }
        """,
    "schemas/data/stores.schema.json": """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "stores", "description": "test", "type": "object",
          "required": ["id", "name"],
          "properties": {
            "id": {"type": "string", "maxLength": 40},
            "name": {"type": "string", "maxLength": 40}
          }
        }
        """,
    "tenants/corner/tenant.yaml": """
        name: Corner Shop
        locale: en-US
        locales: [en-US, es-US]
        timezone: America/New_York
        currency: USD
        brand:
          site: https://corner.example
          postal_address: 1 Main Street, Albany NY 12207
          link_domains: [corner.example]
        channels:
          email: {provider: mail, from: "Corner Shop <hello@corner.example>"}
          sms: {provider: text, from: "+15185550100", workspace: AC1}
          push: {provider: fcm, workspace: corner}
        channel_order: [email, sms, push]
        data:
          customers: {key: id, address: {email: email, sms: phone, push: push_token}}
          stores: {key: id, file: data/stores.csv}
        seeds: ["email:qa@corner.example"]
        """,
    "tenants/corner/data/stores.csv": """
        id,name
        main,Main Street
        """,
    "tenants/corner/templates/mail.html": """
        <html><body><p>{% block text %}Hello {{ customer.first_name | default('neighbor') }}{% endblock %}</p>
        <p><a href="{{ unsubscribe_url }}">Stop</a> {{ brand.postal_address }}</p></body></html>
        """,
}
CAMPAIGN = """
    category: promotions
    status: active
    trigger: {at: 2026-12-05T12:00, timezone: tenant}
    audience: everyone
    message:
      email: {subject: "Double points", template: mail.html}
    """
CUSTOMERS = """
    id,first_name,email,consent,orders
    ann,Ann,ann@shop.example,email.promotions,3
    bob,,bob@shop.example,email.promotions,0
    """


class VirtualClock:
    """Stands still until somebody sleeps."""

    def __init__(self, now: datetime = NOON) -> None:
        self.at = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


def unindent(text: str) -> str:
    """The text without the indentation of its first line."""
    lines = text.strip("\n").rstrip().splitlines()
    width = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[width:] for line in lines) + "\n"


@dataclass
class Shop:
    """The repository, its data and its state, below `root`."""

    root: Path
    mail_url: str = "smtp://127.0.0.1:1"
    http_url: str = "http://127.0.0.1:1"
    recipients: str = "everyone"
    rates: Mapping[str, str] = field(default_factory=dict)
    loaded: Loaded | None = None

    def __post_init__(self) -> None:
        if not (self.root / "repository").exists():
            for path, text in FILES.items():
                self.write(path, text)
            shutil.copytree(CHANNELS, self.root / "repository" / "channels")
            self.customers(CUSTOMERS)
            (self.root / "secret").write_text("s3cret")
            self.campaign("points", CAMPAIGN)
        self.write("environments/test.yaml", self._environment())

    def _environment(self) -> str:
        rates = {name: f", rate: {rate}" for name, rate in self.rates.items()}
        return f"""
            recipients: {self.recipients}
            data: {{root: "file://{self.root}/data/{{tenant}}"}}
            store: "file://{self.root}/store"
            ledger: "sqlite://{self.root}/ledger.db"
            public_url: https://go.corner.example
            assets_url: https://assets.corner.example
            providers:
              mail: {{contract: smtp, url: "{self.mail_url}"{rates.get("mail", "")}}}
              spare: {{contract: smtp, url: "{self.mail_url}"}}
              fcm: {{contract: fcm, url: "{self.http_url}/fcm", secret: "file:{self.root}/secret"}}
              text:
                contract: twilio
                url: "{self.http_url}/twilio"
                secret: "file:{self.root}/secret"
            """

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def write(self, path: str, text: str) -> None:
        target = self.root / "repository" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.read_text(encoding="utf-8") == unindent(text):
            return
        target.write_text(unindent(text), encoding="utf-8")
        self._frozen.unlink(missing_ok=True)
        self.loaded = None

    def remove(self, path: str) -> None:
        (self.root / "repository" / path).unlink()
        self._frozen.unlink(missing_ok=True)
        self.loaded = None

    def campaign(self, name: str, text: str) -> None:
        self.write(f"tenants/corner/campaigns/{name}.yaml", text)

    def customers(self, csv: str) -> None:
        target = self.root / "data" / "corner" / "customers.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(unindent(csv), encoding="utf-8")

    def compiled(self) -> Loaded:
        if self.loaded is None:
            if not self._frozen.exists():
                self._frozen.write_bytes(msgspec.json.encode(freeze(self.root / "repository")))
            self.loaded = thaw(msgspec.json.decode(self._frozen.read_bytes(), type=Frozen))
        return self.loaded

    @property
    def _frozen(self) -> Path:
        return self.root / "frozen.json"

    def plan(self, name: str = "points") -> CompiledPlan:
        return self.compiled().tenant.plans[name]

    def work(self, ledger: Ledger, drivers: Drivers, clock: VirtualClock) -> Work:
        loaded = self.compiled()
        return Work(
            tenant=loaded.tenant,
            environment=loaded.environment,
            channels=loaded.channels,
            ledger=ledger,
            drivers=drivers,
            clock=clock,
            pace=Pace(),
            links=UnsubscribeLinks(loaded.environment.public_url, ledger.secret()),
            open_customers=lambda plans=None: open_customers(
                loaded.tenant, loaded.environment.data_root, clock.now(), plans
            ),
        )

    async def run(
        self,
        work: Work,
        name: str = "points",
        occurrence: str = "",
        due: Mapping[str, datetime] | None = None,
        patience: timedelta = timedelta(0),
    ) -> RunReport:
        with work.open_customers() as customers:
            report = await run_occurrence(
                work,
                self.compiled().tenant.plans[name],
                occurrence,
                due or {EVERYONE: work.clock.now()},
                customers,
                patience,
            )
        assert report is not None
        return report

    def go(
        self,
        ledger: Ledger,
        clock: VirtualClock,
        name: str = "points",
        occurrence: str = "",
        due: Mapping[str, datetime] | None = None,
        patience: timedelta = timedelta(0),
    ) -> RunReport:
        """One occurrence, from audience to delivery."""

        async def run() -> RunReport:
            async with Drivers() as drivers:
                work = self.work(ledger, drivers, clock)
                return await self.run(work, name, occurrence, due, patience)

        return asyncio.run(run())

    def pending(
        self, ledger: Ledger, clock: VirtualClock, patience: timedelta = timedelta(0)
    ) -> None:
        """Whatever is waiting and due."""

        async def run() -> None:
            async with Drivers() as drivers:
                await deliver_pending(self.work(ledger, drivers, clock), patience=patience)

        asyncio.run(run())


@dataclass(frozen=True)
class Loaded:
    tenant: CompiledTenant
    environment: Environment
    channels: Mapping[str, Channel]


class Frozen(msgspec.Struct):
    """A compiled repository in one file, so that a child process need not compile it again."""

    release: Release
    environment: Environment
    objects: dict[str, bytes]


def freeze(repository: Path) -> Frozen:
    from handbill.diagnostics.render_text import render_text
    from handbill.pipeline import compile_tree
    from handbill.source.working_tree import open_working_tree

    tree, found = open_working_tree(repository)
    assert tree is not None
    compiled = compile_tree(tree, found)
    errors = [one for one in compiled.diagnostics if str(one.severity).endswith("error")]
    if errors or compiled.release is None:
        raise AssertionError(render_text(errors, lambda path: None, color=False))
    packs = compiled.release.packs.values()
    objects = {digest: data for pack in packs for digest, data in pack.items()}
    return Frozen(compiled.release.release, compiled.environments["test"], objects)


def thaw(frozen: Frozen) -> Loaded:
    decoded = {digest: decode_object(data) for digest, data in frozen.objects.items()}
    tenant = decoded[frozen.release.tenants["corner"]]
    assert isinstance(tenant, Tenant)
    plans: dict[str, CompiledPlan] = {}
    for name, digest in tenant.plans.items():
        plan = decoded[digest]
        assert isinstance(plan, Plan)
        plans[name] = compile_plan(plan, digest)
    tables = {digest: one for digest, one in decoded.items() if isinstance(one, Table)}
    channels: dict[str, Channel] = {}
    for name, digest in frozen.release.channels.items():
        channel = decoded[digest]
        assert isinstance(channel, Channel)
        channels[name] = channel
    return Loaded(CompiledTenant(tenant, plans, tables), frozen.environment, channels)

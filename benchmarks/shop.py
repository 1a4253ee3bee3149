"""A configuration of one generated retailer with one campaign, compiled and made ready to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generate import generate

if TYPE_CHECKING:
    from handbill.plan.model import Channel, Environment
    from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant

TENANT = "shop-0000"
ENVIRONMENT = "bench"


class DoesNotCompile(Exception):
    """The benchmark's own configuration has errors: the language moved on without it."""


@dataclass(frozen=True, slots=True)
class Shop:
    """The retailer as a runtime holds it."""

    tenant: CompiledTenant
    environment: Environment
    channels: Mapping[str, Channel]
    tenant_file: Path

    @property
    def plan(self) -> CompiledPlan:
        (plan,) = self.tenant.plans.values()
        return plan


def compile_shop(
    sample: Path,
    folder: Path,
    campaigns: Sequence[Path],
    template: Path | None = None,
    mail_port: int = 1,
    datasets: Sequence[str] = (),
) -> Shop:
    """Writes the configuration below `folder` and compiles it; its data belong in folder/data.

    `datasets`: further lines of the tenant's `data`.
    """
    from handbill.diagnostics.diagnostic import has_errors
    from handbill.diagnostics.render_text import render_text
    from handbill.pipeline import compile_tree
    from handbill.source.working_tree import open_working_tree

    root = folder / "configuration"
    root.mkdir()
    generate(sample, root, tenants=1, campaigns=0)
    for campaign in campaigns:
        _copy(campaign, root / "tenants" / TENANT / "campaigns")
    if template is not None:
        _copy(template, root / "tenants" / TENANT / "templates")
    tenant_file = root / "tenants" / TENANT / "tenant.yaml"
    with tenant_file.open("a", encoding="utf-8") as tail:
        tail.writelines(f"{line}\n" for line in datasets)
    environment = root / "environments" / f"{ENVIRONMENT}.yaml"
    environment.write_text(_environment(folder, mail_port), encoding="utf-8")
    tree, found = open_working_tree(root)
    assert tree is not None
    compiled = compile_tree(tree, found)
    if compiled.release is None or has_errors(compiled.diagnostics):
        raise DoesNotCompile(render_text(compiled.diagnostics, lambda _: None, color=False))
    packs = {d: data for pack in compiled.release.packs.values() for d, data in pack.items()}
    return _ready(compiled.release.digest, packs, compiled.environments[ENVIRONMENT], tenant_file)


def _copy(file: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / file.name).write_bytes(file.read_bytes())


def _ready(
    release_digest: str, objects: Mapping[str, bytes], environment: Environment, tenant_file: Path
) -> Shop:
    from handbill.plan.canonical import decode_object
    from handbill.plan.model import Channel, Plan, Release, Table, Tenant
    from handbill_runtime.stages.compiled import CompiledTenant, compile_plan

    decoded = {digest: decode_object(data) for digest, data in objects.items()}
    release = decoded[release_digest]
    assert isinstance(release, Release)
    tenant = decoded[release.tenants[TENANT]]
    assert isinstance(tenant, Tenant)
    plans = {}
    for name, digest in tenant.plans.items():
        plan = decoded[digest]
        assert isinstance(plan, Plan)
        plans[name] = compile_plan(plan, digest)
    channels = {}
    for name, digest in release.channels.items():
        channel = decoded[digest]
        assert isinstance(channel, Channel)
        channels[name] = channel
    tables = {digest: one for digest, one in decoded.items() if isinstance(one, Table)}
    return Shop(CompiledTenant(tenant, plans, tables), environment, channels, tenant_file)


def _environment(folder: Path, mail_port: int) -> str:
    return f"""\
recipients: everyone
data: {{root: "{(folder / "data").as_uri()}/{{tenant}}"}}
store: {(folder / "store").as_uri()}
ledger: sqlite://{folder / "ledger.db"}
public_url: https://go.handbill.example
assets_url: https://assets.handbill.example
providers:
  mail: {{contract: smtp, url: "smtp://127.0.0.1:{mail_port}"}}
  text: {{contract: twilio, url: "http://127.0.0.1:1", secret: "env:HANDBILL_BENCH"}}
"""

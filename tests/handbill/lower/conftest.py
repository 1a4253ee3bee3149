"""Small configurations in the product's own language: files laid over tests/golden/base."""

from __future__ import annotations

import datetime
import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.order import in_order
from handbill.pipeline import Compiled, compile_tree
from handbill.plan.canonical import decode_object
from handbill.plan.model import Channel, Object, Plan, Table, Tenant
from handbill.plan.row import compile_template
from handbill.plan.values import Context, Value
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
TENANT = "tenants/fresh-fields/tenant.yaml"
RUN = {("run", "date"): datetime.date(2026, 12, 1), ("unsubscribe_url",): "https://u.example/x"}


@dataclass(frozen=True)
class Outcome:
    """What a configuration compiled to."""

    compiled: Compiled

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return in_order(self.compiled.diagnostics)

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.findings]

    def only(self) -> Diagnostic:
        (finding,) = self.findings
        return finding

    @property
    def objects(self) -> dict[str, Object]:
        assert self.compiled.release is not None, self.codes
        packs = self.compiled.release.packs.values()
        return {digest: decode_object(data) for pack in packs for digest, data in pack.items()}

    def tenant(self, name: str = "fresh-fields") -> Tenant:
        assert self.compiled.release is not None, self.codes
        found = self.objects[self.compiled.release.release.tenants[name]]
        assert isinstance(found, Tenant)
        return found

    def plan(self, campaign: str = "hello", tenant: str = "fresh-fields") -> Plan:
        assert not self.findings, self.findings
        found = self.objects[self.tenant(tenant).plans[campaign]]
        assert isinstance(found, Plan)
        return found

    def table(self, name: str = "stores") -> Table:
        digest = self.tenant().datasets[name].table
        assert digest is not None
        found = self.objects[digest]
        assert isinstance(found, Table)
        return found

    def channel(self, name: str) -> Channel:
        assert self.compiled.release is not None, self.codes
        found = self.objects[self.compiled.release.release.channels[name]]
        assert isinstance(found, Channel)
        return found

    def rendered(
        self,
        channel: str = "email",
        customer: Mapping[str, Value] | None = None,
        *,
        locale: str = "en-US",
        variant: str = "only",
        offer: int | None = None,
        campaign: str = "hello",
    ) -> dict[str, str]:
        """Every part of the main message; fields are given by dotted name, missing where not."""
        plan = self.plan(campaign)
        row = tuple((customer or {}).get(".".join(need.path)) for need in plan.fields)
        context: Context = RUN if offer is None else {**RUN, ("offer", "index"): offer}
        (chosen,) = [each for each in plan.variants if each.name == variant]
        parts = chosen.messages["main"][channel].locales[locale]
        return {
            name: compile_template(ops, plan.fields)(row, context) for name, ops in parts.items()
        }


@dataclass(frozen=True)
class Configuration:
    """A folder that starts as the base repository."""

    folder: Path

    def lay(self, files: Mapping[str, str | bytes | None]) -> Configuration:
        """Writes files; None deletes one."""
        for path, text in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            match text:
                case None:
                    target.unlink()
                case str():
                    target.write_text(textwrap.dedent(text), encoding="utf-8")
                case bytes():
                    target.write_bytes(text)
        return self

    def replace(self, path: str, old: str, new: str) -> Configuration:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        (self.folder / path).write_text(text.replace(old, new), encoding="utf-8")
        return self

    def campaign(self, name: str = "hello", **fields: str) -> Configuration:
        """A campaign file with YAML values by field; `with_` is `with`, an empty one is left out."""
        known = {
            "category": "promotions",
            "status": "active",
            "trigger": "{at: 2026-12-05T10:00}",
            "audience": "everyone",
            "message": '{email: {subject: "Hi", template: hello.html}}',
        }
        known |= {field.rstrip("_"): value for field, value in fields.items()}
        lines = [f"{field}: {value}\n" for field, value in known.items() if value]
        return self.lay({f"tenants/fresh-fields/campaigns/{name}.yaml": "".join(lines)})

    def compile(self) -> Outcome:
        tree, found = open_working_tree(self.folder)
        assert tree is not None
        return Outcome(compile_tree(tree, found))


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return Configuration(tmp_path)

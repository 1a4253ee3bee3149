"""A small retailer with customers of its own, whose periods are simulated by the real command."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import msgspec
from click.testing import CliRunner, Result

from handbill.cli.simulate.command import simulate
from handbill.cli.simulate.model import CampaignOutcome, Finding, Simulation

BASE = Path(__file__).parents[3] / "golden" / "base"
TENANT = "tenants/fresh-fields"
WEEK = ("--from", "2026-12-01T05:00Z", "--to", "2026-12-08T05:00Z")
"""From midnight to midnight in New York."""
AGREED = "email.promotions|sms.promotions"


class Period:
    """The golden base, with `customers` of whom every one has an address and agreed."""

    def __init__(self, folder: Path, customers: int = 12) -> None:
        self.config, self.data = folder / "config", folder / "data"
        shutil.copytree(BASE, self.config)
        self.put(self.rows(customers))

    @staticmethod
    def rows(count: int, **columns: str) -> str:
        names = ["id", "email", "phone", "consent", "lifetime_orders", *columns]
        lines = [",".join(names)]
        for number in range(count):
            row = [f"c{number:03}", f"c{number}@shop.example", f"+1518555{number:04}", AGREED, "3"]
            lines.append(",".join([*row, *columns.values()]))
        return "\n".join(lines) + "\n"

    def put(self, text: str) -> None:
        (self.data / "fresh-fields").mkdir(parents=True, exist_ok=True)
        (self.data / "fresh-fields" / "customers.csv").write_text(text, encoding="utf-8")

    def write(self, campaign: str, text: str) -> None:
        path = self.config / TENANT / "campaigns" / f"{campaign}.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.config / path).read_text(encoding="utf-8")
        assert old in text
        (self.config / path).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        given = ["--root", str(self.config), "--customers", str(self.data), *WEEK, *arguments]
        return CliRunner().invoke(simulate, given)

    def simulated(self, *arguments: str) -> Simulation:
        result = self.run("--output", "json", *arguments)
        assert result.stdout, result.stderr
        return msgspec.json.decode(result.stdout, type=Simulation)


def outcome(found: Simulation, campaign: str) -> CampaignOutcome:
    (one,) = (each for each in found.campaigns if each.campaign == campaign)
    return one


def findings(found: Simulation, kind: str) -> list[Finding]:
    return [each for each in found.findings if each.kind == kind]


SECOND = """
    category: promotions
    status: active
    trigger: {at: 2026-12-05T12:00}
    audience: everyone
    message:
      sms: {body: "{{ tenant.name }}: cider is here. Reply STOP to end"}
"""

"""`handbill audience`: who can be in a campaign's audience, and how it lies to another."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from handbill.cli import names
from handbill.cli.audience_report import NamedAudience, show_audience, show_relation
from handbill.cli.output import output_option, show
from handbill.cli.why import find_campaign
from handbill.cli.workspace import find_root, open_tree, revision_option, root_option

if TYPE_CHECKING:
    from handbill.pipeline import Compiled
    from handbill.plan.model import Audience, Plan, Tenant
    from handbill.resolve.model import ResolvedRepository

RULE_FILE = "RULE"
LONGEST_NAME = 60
"""Characters of a rule that stands for itself in sentences."""
_CAMPAIGN = re.compile(r"(?:[\w.-]+/)*[\w-]+(?:\.yaml)?\Z")


class _Seconds(click.FloatRange):
    """A number within the range: `nan` is below and above none, and so it passes any other check."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return seconds


@click.command()
@click.argument("first", metavar="CAMPAIGN", shell_complete=names.campaigns)
@click.argument("second", metavar="[OTHER]", required=False, shell_complete=names.campaigns)
@click.option(
    "--since",
    metavar="REV",
    shell_complete=names.revisions,
    help="Compare with the same campaign at a git revision.",
)
@click.option(
    "--seconds",
    type=_Seconds(0.1, 600),
    default=5.0,
    show_default=True,
    help="How long one question may take.",
)
@root_option
@revision_option
@output_option
def audience(
    first: str,
    second: str | None,
    since: str | None,
    seconds: float,
    root: Path,
    revision: str | None,
    output: str,
) -> None:
    """Say who can be in the audience of CAMPAIGN, or how it lies to OTHER.

    OTHER is another campaign of the same retailer, or a rule such as "customer.points > 500" or
    "audiences.lapsed". Every answer is proved or has an example; what neither can be had for is
    unknown.
    """
    from handbill.language.reasoning.reasoner import Reasoner

    if second is not None and since is not None:
        raise click.UsageError("say OTHER or --since, not both")
    folder, milliseconds = find_root(root), int(seconds * 1000)
    compiled = _compiled(folder, revision)
    one = _campaign(compiled, first)
    with Reasoner() as reasoner:
        if second is None and since is None:
            show_audience(one, reasoner, milliseconds, output)
            return
        if since is not None:
            other = _campaign(_compiled(folder, since), one.name, at=since)
            pair = (other, one)
        else:
            assert second is not None
            pair = (one, _second(compiled, one, second))
        show_relation(*pair, reasoner, milliseconds, output)


# ── which audiences ──────────────────────────────────────────────────────────────────────────────


def _compiled(root: Path, revision: str | None) -> Compiled:
    from handbill.pipeline import compile_tree

    tree, _ = open_tree(root, revision)
    if tree is None:
        raise click.ClickException("no configuration can be read here; see handbill check")
    return compile_tree(tree)


def _campaign(compiled: Compiled, asked: str, at: str | None = None) -> NamedAudience:
    from handbill.language.reasoning.declared import declared_in

    assert compiled.repository is not None
    tenant, name = find_campaign(compiled.repository, asked)
    found = _plan(compiled, tenant.name, name)
    if found is None:
        where = f" at {at}" if at else ""
        raise click.ClickException(
            f"`{tenant.name}` has errors{where}, so nothing can be said of its audiences; "
            "see handbill check"
        )
    plan, owner = found
    called = f"{tenant.name}/{name}" + (f"@{at}" if at else "")
    return NamedAudience(called, plan.audience, declared_in(owner.datasets))


def _plan(compiled: Compiled, tenant: str, campaign: str) -> tuple[Plan, Tenant] | None:
    """The plan, of a draft too, and its tenant; None where the tenant has errors."""
    from handbill.plan.canonical import decode_object
    from handbill.plan.model import Plan, Tenant

    release = compiled.release
    digest = release.release.tenants.get(tenant) if release is not None else None
    if release is None or digest is None:
        return None
    pack = release.packs[digest]
    owner = decode_object(pack[digest])
    assert isinstance(owner, Tenant)
    plan = decode_object(
        release.drafts.get(tenant, {}).get(campaign) or pack[owner.plans[campaign]]
    )
    assert isinstance(plan, Plan)
    return plan, owner


def _second(compiled: Compiled, one: NamedAudience, asked: str) -> NamedAudience:
    if _CAMPAIGN.match(asked):
        other = _campaign(compiled, asked)
        if other.name.split("/")[0] != one.name.split("/")[0]:
            raise click.ClickException(
                "audiences of two retailers have no customer in common: say two of one retailer"
            )
        return other
    assert compiled.repository is not None
    called = f"`{asked}`" if len(asked) <= LONGEST_NAME else "the rule"
    return NamedAudience(called, _rule(compiled.repository, compiled, one, asked), one.declarations)


def _rule(
    repository: ResolvedRepository, compiled: Compiled, beside: NamedAudience, text: str
) -> Audience:
    """A rule of the command line, with the names that the campaign's rules may use."""
    from handbill.language.expression import compile_expression
    from handbill.lower.names import campaign_scope
    from handbill.plan.model import Audience
    from handbill.plan.types import BoolType
    from handbill.source.text import SourceText

    tenant, _, campaign = beside.name.partition("/")
    owner = repository.tenants[tenant]
    assert compiled.release is not None
    vocabulary = next(c.vocabulary for c in compiled.release.claims if c.tenant == tenant)
    scope = campaign_scope(owner.campaigns[campaign], owner, vocabulary)
    result = compile_expression(SourceText.of_file(RULE_FILE, text), scope, BoolType())
    if result.expression is None:
        show(
            result.diagnostics, lambda file: text.split("\n") if file == RULE_FILE else None, "text"
        )
        sys.exit(1)
    return Audience(include=result.expression)

"""A campaign's audience: who is in, who is left out and why, who comes first."""

from __future__ import annotations

from handbill.language.expression import compile_expression
from handbill.language.scope import RecordRoot
from handbill.lower.compiling import Compiling
from handbill.plan.ir import Const, Expression
from handbill.plan.model import Audience
from handbill.plan.types import BoolType, DateType, DecimalType, IntType
from handbill.resolve.model import ResolvedCampaign
from handbill.source.text import SourceText

RANKS = (IntType, DecimalType, DateType)
EVERYONE = Const(BoolType(), True)


def lower_audience(
    campaign: ResolvedCampaign, compiling: Compiling
) -> tuple[Audience | None, Compiling]:
    """The audience, and the compiling in which what it establishes is known.

    Each exclusion is judged for customers who are included, so it may rely on the include.
    """
    written, traced = campaign.effective.audience, campaign.traced
    included: Expression | None = EVERYONE
    if written.include != "everyone":
        rule = compiling.rule(traced.text(("audience", "include")))
        included, compiling = rule.expression, compiling.assuming(rule, True)
    exclude: dict[str, Expression] = {}
    selected = compiling
    for name in sorted(written.exclude):
        rule = compiling.rule(traced.text(("audience", "exclude", name)))
        selected = selected.assuming(rule, False)
        if rule.expression is not None:
            exclude[name] = rule.expression
    rank = None
    if written.rank is not None:
        rank = _rank(traced.text(("audience", "rank")), selected)
    if included is None:
        return None, selected
    audience = Audience(include=included, exclude=exclude, limit=written.limit, rank=rank)
    return audience, selected


def _number_field(compiling: Compiling) -> str:
    """Some field that could be a rank, as an example."""
    customer = compiling.scope.roots.get("customer")
    fields = customer.record.fields if isinstance(customer, RecordRoot) else {}
    numbers = (name for name, member in fields.items() if isinstance(member.type, RANKS))
    return f"rank: customer.{next(numbers, 'points')}"


def _rank(source: SourceText, compiling: Compiling) -> Expression | None:
    """Anything with an order by size; highest first."""
    compiled = compile_expression(source, compiling.scope, None)
    compiling.add(compiled.diagnostics)
    if compiled.expression is None:
        return None
    if not isinstance(compiled.type, RANKS):
        compiling.report(
            "HB453",
            "a rank is a number or a date: the highest come first",
            source.whole,
            _number_field(compiling),
        )
    return compiled.expression

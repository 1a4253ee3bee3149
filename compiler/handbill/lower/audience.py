"""A campaign's audience: who is in, who is left out and why, who comes first."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.expression import CompiledExpression, compile_expression
from handbill.language.reasoning.claims import ClaimKind
from handbill.language.reasoning.question import negation
from handbill.language.scope import RecordRoot
from handbill.lower.compiling import Compiling
from handbill.plan.ir import Const, Expression
from handbill.plan.model import Audience
from handbill.plan.types import BoolType, DateType, DecimalType, IntType
from handbill.resolve.model import ResolvedCampaign
from handbill.resolve.traced import Traced
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
        source = traced.text(("audience", "include"))
        rule = compiling.rule(source)
        _claim_include(rule, source, compiling)
        included, compiling = rule.expression, compiling.assuming(rule, True)
    exclude: dict[str, Expression] = {}
    selected = compiling
    for name in sorted(written.exclude):
        source = traced.text(("audience", "exclude", name))
        rule = compiling.rule(source)
        if rule.expression is not None and _written_beside_include(name, traced):
            selected.claim(ClaimKind.EXCLUDED, rule.expression, source.whole, name)
        selected = selected.assuming(rule, False)
        if rule.expression is not None:
            exclude[name] = rule.expression
    rank = None
    if written.rank is not None:
        rank = _rank(traced.text(("audience", "rank")), selected)
    if included is None:
        return None, selected
    if exclude:
        where = _place_of_include(traced)
        selected.claim(ClaimKind.LEFT, EVERYONE, where)
    audience = Audience(include=included, exclude=exclude, limit=written.limit, rank=rank)
    return audience, selected


def _claim_include(rule: CompiledExpression, source: SourceText, compiling: Compiling) -> None:
    """That somebody meets it; and that not everybody does, where it is no constant."""
    if rule.expression is None:
        return
    compiling.claim(ClaimKind.INCLUDED, rule.expression, source.whole)
    if not isinstance(rule.expression, Const):
        compiling.claim(ClaimKind.NOT_EVERYONE, negation(rule.expression), source.whole)


def _written_beside_include(name: str, traced: Traced) -> bool:
    """Whether one file says both. An exclusion from elsewhere is kept for what others include."""
    exclusion = traced.origin(("audience", "exclude", name))
    return exclusion.file == _place_of_include(traced).file


def _place_of_include(traced: Traced) -> SourceRange:
    return traced.range(("audience", "include"))


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

"""A campaign's offer: which one a customer gets, and `offer.…` as typed expressions.

The alternatives are known at compile time, so no offer exists at run time: `offer.summary` becomes
the alternatives' texts chosen by ("offer", "index"), the place of the first `when` that held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.language.expressions.build import literal, rescaled
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.constants import constant_list
from handbill.language.expressions.witness import failing_customer
from handbill.language.reasoning.claims import ClaimKind
from handbill.language.scope import Computed, ComputedRoot, RecordRoot
from handbill.language.template import TemplateKind
from handbill.lower.compiling import Compiling
from handbill.lower.length import longest_string
from handbill.lower.localised import localised_text
from handbill.lower.text_value import text_value
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.model import OfferChoice
from handbill.plan.types import BoolType, DateType, DecimalType, IntType, StringType, Type
from handbill.resolve.layers import Layer
from handbill.resolve.model import ResolvedOffer, ResolvedVariant
from handbill.schema.models.offer import Condition, ValidDates, ValidFor
from handbill.schema.scalars import parse_duration
from handbill.source.located import Path
from handbill.source.text import SourceText

Members = dict[tuple[str, ...], Checked]
RUN_DATE = Field(("run", "date"), DateType())
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way the campaign's offer can turn out."""

    when: SourceText | None
    offer: ResolvedOffer
    where: SourceRange | None = None
    """Its place in a list of several that the campaign itself writes."""


def offer_alternatives(variant: ResolvedVariant) -> tuple[Alternative, ...]:
    """The variant's offers in order; none where it has no offer."""
    match variant.effective.offer:
        case None:
            return ()
        case str(name):
            return (Alternative(None, variant.offers[name]),)
        case cases:
            return tuple(
                Alternative(
                    None if case.when is None else variant.traced.text(("offer", place, "when")),
                    variant.offers[case.use],
                    _own_place(variant, ("offer", place, "use" if case.when is None else "when")),
                )
                for place, case in enumerate(cases)
            )


def _own_place(variant: ResolvedVariant, path: Path) -> SourceRange | None:
    """What a blueprint writes is for all who use it: there a choice that one leaves out is no mistake."""
    origin = variant.traced.origin(path)
    return origin.range if origin.layer >= Layer.CAMPAIGN else None


def lower_choices(
    alternatives: tuple[Alternative, ...], compiling: Compiling
) -> tuple[OfferChoice, ...]:
    """The choices in order; conditions see the customer as the audience left them."""
    choices = []
    here = compiling
    for alternative in alternatives:
        when = None
        if alternative.when is not None:
            rule = compiling.rule(alternative.when)
            when = rule.expression
            fixed = isinstance(when, Const) and alternative.where is None
            if when is not None and not fixed:
                here.claim(ClaimKind.OFFERED, when, alternative.when.whole, alternative.offer.name)
            here = here.assuming(rule, False)
        elif len(alternatives) > 1 and alternative.where is not None:
            anybody = Const(BoolType(), True)
            here.claim(ClaimKind.OFFERED, anybody, alternative.where, alternative.offer.name)
        valid = alternative.offer.document.valid
        choices.append(
            OfferChoice(
                offer=alternative.offer.name,
                when=when,
                not_after=valid.to if isinstance(valid, ValidDates) else None,
            )
        )
    _refuse_gap(alternatives, here)
    return tuple(choices)


def _refuse_gap(alternatives: tuple[Alternative, ...], nobody: Compiling) -> None:
    """Customers whom the audience lets in and no offer is for: one of them is shown.

    `nobody` is where no `when` holds. Where no such customer is found the choices may be exhaustive,
    and a customer for whom none is all the same gets no message (`no_offer`).
    """
    last = alternatives[-1].when if alternatives else None
    customer = nobody.scope.roots.get("customer")
    if last is None or not isinstance(customer, RecordRoot) or has_errors(nobody.found):
        return
    found = failing_customer(customer.record, None, nobody.scope.assumptions, ())
    if found is None:
        return
    nobody.add(
        [
            Diagnostic(
                "HB530",
                "there are customers in the audience for whom none of these offers is",
                last.whole,
                notes=("they would get no message",),
                hint=f"end with {{use: {alternatives[-1].offer.name}}}, or ask for it in the audience",
                witness=found,
            )
        ]
    )


def offer_root(
    alternatives: tuple[Alternative, ...], compiling: Compiling, locales: tuple[str, ...]
) -> ComputedRoot:
    """`offer.…` in the compiling's locale: what every alternative has, chosen by its index."""
    each = [_members(alternative.offer, compiling, locales) for alternative in alternatives]
    shared = [path for path in each[0] if all(path in members for members in each)]
    chosen = {path: _chosen([members[path] for members in each]) for path in shared}
    return ComputedRoot(_nested({path: value for path, value in chosen.items() if value}))


def _members(offer: ResolvedOffer, compiling: Compiling, locales: tuple[str, ...]) -> Members:
    members = _constants(offer)
    within = compiling.binding("offer", ComputedRoot(_nested(members)))
    for name in ("summary", "terms"):
        members[(name,)] = _text(offer, name, within, locales)
    return members


def _constants(offer: ResolvedOffer) -> Members:
    document = offer.document
    values: dict[tuple[str, ...], str | int | Decimal | list[str]] = {("name",): offer.name}
    for name, value in document.reward.model_dump(exclude_none=True).items():
        values[("reward", name)] = value
    for name, value in (document.condition or Condition()).model_dump(exclude_none=True).items():
        values[("condition", name)] = value
    constants = {
        path: constant_list(value) if isinstance(value, list) else literal(value)
        for path, value in values.items()
    }
    members = {path: checked for path, checked in constants.items() if checked is not None}
    return members | {
        ("starts",): _first_day(document.valid),
        ("expires",): _last_day(document.valid),
    }


def _first_day(valid: ValidFor | ValidDates) -> Checked:
    """The first local date on which the offer can be used."""
    type_ = DateType()
    return value_of(Const(type_, valid.from_) if isinstance(valid, ValidDates) else RUN_DATE, type_)


def _last_day(valid: ValidFor | ValidDates) -> Checked:
    """The last local date on which the offer can be used."""
    type_ = DateType()
    match valid:
        case ValidDates(to=to):
            return value_of(Const(type_, to), type_)
        case ValidFor(for_=duration):
            days = parse_duration(duration) // SECONDS_PER_DAY
            shift = Const(IntType(days, days), days)
            return value_of(Call(Operation.PLUS_DAYS, (RUN_DATE, shift), type_), type_)


def _text(
    offer: ResolvedOffer, name: str, compiling: Compiling, locales: tuple[str, ...]
) -> Checked:
    """FAILED, with the reason kept, where it has none: then what quotes it is silent."""
    written = getattr(offer.document, name)
    source = localised_text(written, offer.traced, (name,), compiling, locales)
    ops = None if source is None else compiling.template(source, TemplateKind.TEXT)
    if ops is None or source is None:
        return FAILED
    value = text_value(ops)
    if value is None:
        compiling.report(
            "HB450",
            f"an offer's {name} cannot hold a loop",
            source.whole,
            "write it without {% for %} and {% set %}",
        )
        return FAILED
    return value_of(value, StringType(longest_string(value)))


def _chosen(alternatives: list[Checked]) -> Checked | None:
    """One value by the offer's index; None where the alternatives have no type in common."""
    aligned = _on_one_scale(alternatives)
    expressions = [each.expression for each in aligned if each.expression is not None]
    if len(expressions) < len(alternatives):
        return FAILED
    if all(each == expressions[0] for each in expressions):
        return aligned[0]
    type_ = _common_type([each.type for each in expressions])
    if type_ is None:
        return None
    value = expressions[-1]
    index = Field(("offer", "index"), IntType(1, len(expressions)))
    for place in range(len(expressions) - 1, 0, -1):
        here = Call(Operation.EQ, (index, Const(IntType(place, place), place)), BoolType())
        value = Call(Operation.IF, (here, expressions[place - 1], value), type_)
    return value_of(value, type_)


def _on_one_scale(alternatives: list[Checked]) -> list[Checked]:
    """10 and 12.5 become 10.0 and 12.5: one of them decides how all are written."""
    scales = [each.type.scale for each in alternatives if isinstance(each.type, DecimalType)]
    numbers = all(isinstance(each.type, DecimalType | IntType) for each in alternatives)
    if not scales or not numbers:
        return alternatives
    return [rescaled(each, max(scales)) for each in alternatives]


def _common_type(types: list[Type]) -> Type | None:
    """The narrowest type that holds all of them; decimals are on one scale."""
    match types[0]:
        case StringType():
            texts = [each.maximum for each in types if isinstance(each, StringType)]
            return StringType(max(texts)) if len(texts) == len(types) else None
        case IntType():
            ints = [each for each in types if isinstance(each, IntType)]
            low, high = min(each.minimum for each in ints), max(each.maximum for each in ints)
            return IntType(low, high) if len(ints) == len(types) else None
        case DecimalType(scale=scale):
            decimals = [each for each in types if isinstance(each, DecimalType)]
            low = min(each.minimum for each in decimals)
            high = max(each.maximum for each in decimals)
            return DecimalType(scale, low, high) if len(decimals) == len(types) else None
        case first:
            return first if all(each == first for each in types) else None


def _nested(members: Mapping[tuple[str, ...], Checked]) -> Mapping[str, Computed]:
    nested: dict[str, Computed] = {}
    for path, value in members.items():
        level = nested
        for name in path[:-1]:
            level = level.setdefault(name, {})  # type: ignore[assignment]
        level[path[-1]] = value
    return nested

"""Plans as functions: locales, offers, snapshots, and the canary that refuses what cannot run."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec
import pytest
from corner_shop import Shop

from handbill.plan.ir import Call, Const, Escape, Field, Operation, Put
from handbill.plan.model import FieldNeed, OfferChoice, Plan, Variant
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
    Type,
)
from handbill_runtime.errors import PlanFault
from handbill_runtime.stages.compiled import CompiledPlan, compile_plan, made_up_row


def changed(plan: Plan, **changes: object) -> CompiledPlan:
    return compile_plan(msgspec.structs.replace(plan, **changes), "sha256:changed")


def test_rendering(shop: Shop) -> None:
    compiled = shop.plan()
    row = made_up_row(compiled.fields)
    parts = compiled.render(
        "only", "email", "en-US", row, {("unsubscribe_url",): "https://go.example/u/1"}
    )
    assert parts["subject"] == "Double points"
    assert "Hello Ann&lt;&amp;" in parts["html"]
    assert 'href="https://go.example/u/1"' in parts["html"]


def test_locales(shop: Shop) -> None:
    compiled = changed(shop.plan().plan, locales=("en-US", "es-US", "fr-CA"))
    assert compiled.locale(None) == "en-US"
    assert compiled.locale("es-US") == "es-US"
    assert compiled.locale("es-MX") == "es-US"
    assert compiled.locale("fr_FR") == "fr-CA"
    assert compiled.locale("de-DE") == "en-US"
    assert compiled.locale("ES_us") == "es-US"
    assert compiled.locale("") == "en-US"


def test_declared_fallbacks(shop: Shop) -> None:
    compiled = changed(
        shop.plan().plan,
        locales=("en-US", "es-US", "es-MX"),
        fallbacks={"ca-ES": "es-MX", "es": "es-MX"},
    )
    assert compiled.locale("ca-ES") == "es-MX"
    assert compiled.locale("CA_es") == "es-MX"
    assert compiled.locale("ca-AD") == "en-US"
    assert compiled.locale("es-AR") == "es-MX"
    assert compiled.locale("es-US") == "es-US"


def test_the_first_offer_that_matches(shop: Shop) -> None:
    plan = shop.plan().plan
    is_gold = Field(("customer", "gold"), BoolType())
    offers = (OfferChoice(offer="gold", when=is_gold), OfferChoice(offer="all"))
    variant = msgspec.structs.replace(plan.variants[0], offers=offers)
    fields = (FieldNeed(path=("gold",), type=BoolType()),)
    compiled = changed(plan, variants=(variant,), fields=fields)
    assert compiled.offer_index("only", (True,), {}) == 1
    assert compiled.offer_index("only", (False,), {}) == 2
    assert compiled.offer_index("only", (None,), {}) == 2
    without = msgspec.structs.replace(variant, offers=offers[:1])
    assert (
        changed(plan, variants=(without,), fields=fields).offer_index("only", (False,), {}) is None
    )


def test_contents_and_variants(shop: Shop) -> None:
    compiled = shop.plan()
    assert compiled.has_content("only", "email")
    assert not compiled.has_content("only", "sms")
    assert not compiled.has_content("gone", "email")
    assert compiled.variant("gone") is None
    assert shop.compiled().tenant.by_identity("points") is compiled
    assert shop.compiled().tenant.by_identity("nothing") is None


KINDS: list[Type] = [
    BoolType(),
    IntType(minimum=10, maximum=20),
    DecimalType(scale=2, minimum=-500, maximum=-100),
    StringType(maximum=3),
    EnumType(values=("a", "b")),
    DateType(),
    DatetimeType(),
    ListType(item=DateType(), maximum=5),
    ListType(item=StringType(maximum=9), maximum=1),
    ListType(
        item=ObjectType((MemberType("at", DatetimeType(), True), MemberType("n", IntType()))),
        maximum=5,
    ),
]


def reading(fields: Sequence[FieldNeed]) -> tuple[Variant, ...]:
    """An offer that asks for every field."""
    asked = [Field(("customer", *need.path), need.type) for need in fields]
    some = Call(
        Operation.OR,
        tuple(Call(Operation.IS_DEFINED, (one,), BoolType()) for one in asked),
        BoolType(),
    )
    offers = (OfferChoice(offer="any", when=some),)
    return (Variant(name="only", weight=1, offers=offers, messages={}),)


def test_a_snapshot_is_the_row_again(shop: Shop) -> None:
    fields = tuple(FieldNeed(path=(f"f{n}",), type=kind) for n, kind in enumerate(KINDS))
    compiled = changed(shop.plan().plan, fields=fields, variants=reading(fields))
    row = made_up_row(fields)
    assert row[1:3] == (10, -100)
    assert row[3] == "Ann"
    assert row[7] == (datetime.date(2026, 1, 15),) * 2
    assert compiled.row(compiled.snapshot(row)) == row
    missing = (None,) * len(fields)
    assert compiled.row(compiled.snapshot(missing)) == missing
    empty = changed(shop.plan().plan, fields=(), variants=())
    assert empty.row(empty.snapshot(())) == ()


def test_the_canary_sings_for_a_good_plan(shop: Shop) -> None:
    shop.plan().canary()


@pytest.mark.parametrize(
    "expression",
    [
        Field(("customer", "undeclared"), StringType(maximum=9)),
        Field(("weather", "today"), StringType(maximum=9)),
    ],
)
def test_the_canary_refuses_a_content_that_cannot_render(shop: Shop, expression: Field) -> None:
    plan = shop.plan().plan
    content = plan.variants[0].messages["main"]["email"]
    parts = {**content.locales["en-US"], "subject": (Put(expression, Escape.HEADER),)}
    email = msgspec.structs.replace(content, locales={**content.locales, "en-US": parts})
    variant = msgspec.structs.replace(plan.variants[0], messages={"main": {"email": email}})
    with pytest.raises(PlanFault, match="corner/points") as caught:
        changed(plan, variants=(variant,)).canary()
    assert caught.value.code == "HB931"


def test_the_canary_refuses_a_rule_that_cannot_run(shop: Shop) -> None:
    plan = shop.plan().plan
    rank = Field(("customer", "undeclared"), IntType())
    with pytest.raises(PlanFault):
        changed(plan, audience=msgspec.structs.replace(plan.audience, rank=rank)).canary()
    always = Const(BoolType(), True)
    changed(plan, audience=msgspec.structs.replace(plan.audience, include=always)).canary()


def test_another_format_or_operation_set_is_refused(shop: Shop) -> None:
    for change in ({"format": 99}, {"operations": 99}):
        with pytest.raises(PlanFault) as caught:
            changed(shop.plan().plan, **change)
        assert caught.value.code == "HB930"

import pytest
from purchases_world import (
    BOOL,
    INT,
    LIST,
    PURCHASE,
    PURCHASES,
    TEXT,
    call,
    cut,
    each,
    first,
    mapped,
    member,
    unique,
)

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Const, Field, Local, Member, Step
from handbill.plan.ir import Operation as O
from handbill.plan.row_types import RowTypes, place_of
from handbill.plan.types import ListType, MemberType, ObjectType

NARROW = ListType(ObjectType((MemberType("sku", TEXT, required=True),)), 1_000)
TYPES = RowTypes({("customer", "purchases"): NARROW})


@pytest.mark.parametrize(
    ("expression", "type"),
    [
        (PURCHASES, NARROW),
        (Field(("customer", "other"), LIST), LIST),
        (first(PURCHASES), NARROW.item),
        (cut(PURCHASES, 2), NARROW),
        (unique(PURCHASES, member("sku")), NARROW),
        (call(O.DEFAULT, LIST, PURCHASES, PURCHASES), NARROW),
        (call(O.IF, LIST, Const(BOOL, True), PURCHASES, PURCHASES), NARROW),
        (call(O.DEFAULT, LIST, PURCHASES, Const(ListType(TEXT, 0), ())), NARROW),
        (member("sku", first(PURCHASES)), TEXT),
        (each(Step.MAP, PURCHASES, Const(INT, 1)), ListType(INT, 1_000)),
        (call(O.LENGTH, INT, Const(TEXT, "a")), INT),
        (Local("x", TEXT), TEXT),
    ],
)
def test_the_type_of_the_value(expression, type):
    assert TYPES.of(expression) == type


def test_alternatives_must_have_the_same_members():
    other = Field(("customer", "other"), LIST)
    with pytest.raises(PlanCodeError, match="different members"):
        TYPES.of(call(O.DEFAULT, LIST, PURCHASES, other))


def test_a_list_of_lists_is_refused():
    with pytest.raises(PlanCodeError, match="list of lists"):
        TYPES.of(each(Step.MAP, PURCHASES, Field(("customer", "tags"), ListType(TEXT, 3))))


def test_a_member_of_what_is_no_object_is_refused():
    with pytest.raises(PlanCodeError, match="no object"):
        TYPES.of(Member(Local("x", TEXT), "sku", TEXT))
    with pytest.raises(PlanCodeError, match="does not carry"):
        place_of(PURCHASE, "colour")


def test_what_can_be_missing():
    types = RowTypes({})
    types.locals, types.present = {"item": PURCHASE}, frozenset({"item"})
    assert not types.may_miss(Const(INT, 1))
    assert not types.may_miss(member("sku"))
    assert types.may_miss(member("note"))
    assert types.may_miss(member("sku", first(PURCHASES)))
    assert types.may_miss(Local("other", TEXT))
    assert types.may_miss(Field(("customer", "x"), TEXT))
    assert not types.may_miss(mapped(PURCHASES, "note"))
    assert not types.may_miss(call(O.DEFAULT, TEXT, member("note"), Const(TEXT, "a")))
    assert types.may_miss(call(O.IF, TEXT, Const(BOOL, True), member("note"), Const(TEXT, "a")))
    assert not types.may_miss(call(O.UPPER, TEXT, member("note")))

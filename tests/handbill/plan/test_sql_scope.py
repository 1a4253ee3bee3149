import pytest
from purchases_world import PURCHASE, TEXT

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Field, Local
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_scope import Scope, packed
from handbill.plan.types import ObjectType


def field(field):
    return Operand("column", field)


def test_a_bound_name_is_found_and_another_is_refused():
    scope = Scope(field)
    bound = scope.binding("item", Operand("_item0", Local("item", TEXT)))
    assert bound.local(Local("item", TEXT)).sql == "_item0"
    with pytest.raises(PlanCodeError, match="no local name other"):
        bound.local(Local("other", TEXT))
    with pytest.raises(PlanCodeError, match="no local name item"):
        scope.local(Local("item", TEXT))


def test_names_of_lambdas_within_one_another_differ():
    scope = Scope(field)
    inner = scope.binding("a", Operand("x", Local("a", TEXT)))
    assert scope.fresh("_item") != inner.fresh("_item")


def test_a_row_used_as_a_whole_is_packed():
    def member(name):
        return Operand(f"_rows.{name}", Field((name,), TEXT))

    scope = Scope(field).binding("item", member)
    expected = '{"amount": _rows.amount, "at": _rows.at, "note": _rows.note, "sku": _rows.sku}'
    assert scope.local(Local("item", PURCHASE)).sql == expected
    assert packed(ObjectType(()), member) == "{_: TRUE}"
    with pytest.raises(PlanCodeError, match="is an object"):
        packed(TEXT, member)

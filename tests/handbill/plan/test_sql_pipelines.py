from purchases_world import (
    BOOL,
    LIST,
    PURCHASE,
    PURCHASES,
    STORE,
    TEXT,
    call,
    count,
    cut,
    first,
    is_sku,
    mapped,
    member,
    select,
    sort,
)

from handbill.plan.ir import Const, Field, Local, Member
from handbill.plan.ir import Operation as O
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_pipelines import Stream, conjuncts, free_locals, root_of


def row(name):
    return Operand(f"_rows.{name}", Field((name,), TEXT))


def test_the_root_of_a_pipeline():
    assert root_of(cut(sort(select(PURCHASES, is_sku("tea")), "sku"), 3)) == PURCHASES
    assert root_of(mapped(PURCHASES, "sku")) == PURCHASES
    assert root_of(call(O.DEFAULT, LIST, PURCHASES, PURCHASES)) is None
    assert root_of(Const(TEXT, "a")) is None


def test_the_names_that_an_expression_needs():
    assert list(free_locals(select(PURCHASES, is_sku("tea")))) == []
    outer = call(O.EQ, BOOL, member("sku"), Member(Local("outer", PURCHASE), "sku", TEXT))
    assert set(free_locals(select(PURCHASES, outer))) == {"outer"}
    assert list(free_locals(member("sku"))) == ["item"]
    assert list(free_locals(count(select(Local("all", LIST), is_sku("tea"))))) == ["all"]
    assert list(free_locals(call(O.UPPER, TEXT, STORE))) == []
    assert list(free_locals(first(PURCHASES))) == []


def test_what_is_joined_by_and_is_taken_apart():
    a, b, c = (is_sku(name) for name in "abc")
    assert list(conjuncts(call(O.AND, BOOL, a, call(O.AND, BOOL, b, c)))) == [a, b, c]
    both = call(O.OR, BOOL, a, b)
    assert list(conjuncts(both)) == [both]


def test_a_stream_keeps_each_condition_once():
    stream = Stream(PURCHASE, row).filtered("a", "b").filtered("b", "c")
    assert stream.conditions == ("a", "b", "c")
    assert stream.item() is row
    assert stream.packed().startswith('{"amount": _rows.amount, ')


def test_what_may_miss_is_left_out_once_that_is_settled():
    stream = Stream(TEXT, row, value=row("note"), may_miss=True)
    settled = stream.settled()
    assert settled.conditions == ("_rows.note IS NOT NULL",)
    assert settled.settled() is settled
    assert settled.item() == settled.value
    assert settled.packed() == "_rows.note"

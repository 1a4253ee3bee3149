"""Pipelines over the rows of one customer."""

import datetime

import pytest
from purchases_world import (
    BOOL,
    FIELDS,
    INT,
    LIST,
    PURCHASE,
    PURCHASES,
    ROWS,
    TEXT,
    call,
    count,
    cut,
    each,
    first,
    is_sku,
    item,
    last,
    mapped,
    member,
    nth,
    select,
    sort,
    text,
    unique,
)

from handbill.plan import operations
from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Const, Each, Escape, Field, For, Local, Member, Put, Set, Step
from handbill.plan.ir import Operation as O
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_expression, compile_template
from handbill.plan.types import DatetimeType, DateType, ListType, MemberType, ObjectType, StringType

ROW = (ROWS["7"], "tea")
A, B, C = ROWS["7"]


def value(expression, row=ROW):
    return compile_expression(expression, FIELDS)(row, {})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (select(PURCHASES, is_sku("tea")), (A, C)),
        (mapped(PURCHASES, "sku"), ("tea", "milk", "tea")),
        (mapped(PURCHASES, "note"), ("x", "y")),
        (mapped(select(PURCHASES, is_sku("tea")), "amount"), (500, 250)),
        (mapped(select(select(PURCHASES, is_sku("tea")), is_sku("tea")), "note"), ("x", "y")),
        (sort(PURCHASES, "amount"), (C, B, A)),
        (sort(PURCHASES, "sku"), (B, A, C)),
        (sort(PURCHASES, "sku", descending=True), (A, C, B)),
        (sort(PURCHASES, "note"), (A, C, B)),
        (sort(PURCHASES, "note", descending=True), (C, A, B)),
        (unique(PURCHASES, member("sku")), (A, B)),
        (unique(PURCHASES, member("note")), (A, B, C)),
        (unique(mapped(PURCHASES, "sku"), item(TEXT)), ("tea", "milk")),
        (each(Step.SORT, mapped(PURCHASES, "sku"), item(TEXT)), ("milk", "tea", "tea")),
        (unique(PURCHASES, call(O.UPPER, TEXT, member("sku"))), (A, B)),
        (cut(sort(PURCHASES, "amount"), 1), (C,)),
        (count(select(PURCHASES, is_sku("eggs"))), 0),
        (first(select(PURCHASES, is_sku("eggs"))), None),
        (last(PURCHASES), C),
        (nth(PURCHASES, 1), B),
        (nth(PURCHASES, 3), None),
        (member("note", nth(PURCHASES, 1)), None),
        (member("sku", nth(PURCHASES, 5)), None),
        (member("sku", last(sort(PURCHASES, "amount"))), "tea"),
        (call(O.SUM, INT, mapped(PURCHASES, "amount")), 1050),
        (call(O.AVERAGE, INT, mapped(PURCHASES, "amount"), Const(INT, 1)), 350),
        (call(O.AVERAGE, INT, mapped(cut(PURCHASES, 0), "amount"), Const(INT, 1)), None),
        (call(O.MINIMUM, TEXT, mapped(PURCHASES, "sku")), "milk"),
        (call(O.MAXIMUM, TEXT, mapped(cut(PURCHASES, 0), "sku")), None),
    ],
)
def test_pipelines(expression, expected):
    assert value(expression) == expected


def test_a_source_that_names_a_value_on_the_way():
    """A comprehension's own source may not; the list is then passed to a function."""
    absent = Field(("customer", "store"), ListType(TEXT, 3))
    items = call(
        O.DEFAULT, LIST, call(O.IF, LIST, Const(BOOL, True), PURCHASES, PURCHASES), PURCHASES
    )
    assert value(select(items, is_sku("tea"))) == (A, C)
    assert value(mapped(call(O.DEFAULT, LIST, absent, PURCHASES), "sku"), (ROWS["7"], None)) == (
        "tea", "milk", "tea",
    )  # fmt: skip


def test_steps_within_a_step_read_both_items():
    cheaper = call(O.LT, BOOL, Member(Local("other", PURCHASE), "amount", INT), member("amount"))
    others = Each(Step.SELECT, PURCHASES, "other", cheaper, LIST)
    assert value(select(PURCHASES, call(O.GE, BOOL, count(others), Const(INT, 2)))) == (A,)


def test_members_are_read_where_the_row_has_them():
    """The plan's need may have fewer members than the type that a rule was checked with."""
    narrow = ListType(ObjectType((MemberType("sku", TEXT, required=True),)), 1_000)
    fields = [FieldNeed(path=("purchases",), type=narrow)]
    rows = (("tea",), ("milk",))
    rule = select(PURCHASES, is_sku("tea"))
    assert compile_expression(count(rule), fields)((rows,), {}) == 1
    with pytest.raises(PlanCodeError, match="does not carry the member amount"):
        compile_expression(mapped(PURCHASES, "amount"), fields)


def test_a_step_over_what_is_no_list_is_refused():
    with pytest.raises(PlanCodeError, match="no list"):
        value(
            Each(Step.SELECT, Field(("customer", "store"), TEXT), "item", Const(BOOL, True), LIST)
        )


def test_loops_over_objects():
    line = [
        Put(member("sku"), Escape.HTML_TEXT),
        Set("note", member("note")),
        Put(call(O.DEFAULT, TEXT, Local("note", TEXT), text("-")), Escape.NONE),
    ]
    template = [For("item", sort(PURCHASES, "sku"), 2, tuple(line))]
    assert compile_template(template, FIELDS)(ROW, {}) == "milk-teax"


def test_a_loop_over_a_pipeline_that_was_set():
    template = [
        Set("found", select(PURCHASES, is_sku("tea"))),
        For("item", Local("found", LIST), 5, (Put(member("sku"), Escape.NONE),)),
    ]
    assert compile_template(template, FIELDS)(ROW, {}) == "teatea"


def test_an_object_in_a_column():
    address = ObjectType((MemberType("city", StringType(9), required=True),))
    field = Field(("customer", "address"), address)
    fields = [FieldNeed(path=("address",), type=address)]
    city = compile_expression(Member(field, "city", TEXT), fields)
    assert city((("Troy",),), {}) == "Troy"
    assert city((None,), {}) is None


def test_where_a_window_begins_is_computed_once_for_all_rows(monkeypatch):
    asked = []

    def day_start(*arguments):
        asked.append(arguments)
        return operations.day_start(*arguments)

    monkeypatch.setitem(operations.BODIES, O.DAY_START, day_start)
    zone = Const(TEXT, "America/New_York")
    day = call(O.DAY_START, DatetimeType(), Field(("run", "date"), DateType()), zone)
    same = select(PURCHASES, call(O.EQ, BOOL, day, day))
    run = {("run", "date"): datetime.date(2026, 12, 1)}
    nested = select(same, call(O.EQ, BOOL, count(same), Const(INT, 3)))
    assert compile_expression(nested, FIELDS)(ROW, run) == (A, B, C)
    assert len(asked) == 2 + 2 * 3  # of the outer pipeline, and of the one inside at each row
    assert set(asked) == {(datetime.date(2026, 12, 1), "America/New_York")}


def test_the_first_day_of_a_window_is_computed_once_for_all_rows(monkeypatch):
    asked = []

    def plus_days(*arguments):
        asked.append(arguments)
        return operations.plus_days(*arguments)

    monkeypatch.setitem(operations.BODIES, O.PLUS_DAYS, plus_days)
    first = call(O.PLUS_DAYS, DateType(), Field(("run", "date"), DateType()), Const(INT, -60))
    run = {("run", "date"): datetime.date(2026, 12, 1)}
    assert compile_expression(select(PURCHASES, call(O.EQ, BOOL, first, first)), FIELDS)(
        ROW, run
    ) == (A, B, C)
    assert len(asked) == 2


def test_what_a_guard_keeps_from_being_missing_is_computed_behind_it():
    joined = Field(("customer", "joined"), DateType())
    first = call(O.PLUS_DAYS, DateType(), joined, Const(INT, -60))
    guarded = call(O.AND, BOOL, call(O.IS_DEFINED, BOOL, joined), call(O.EQ, BOOL, first, first))
    fields = [*FIELDS, FieldNeed(path=("joined",), type=DateType())]
    kept = compile_expression(select(PURCHASES, guarded), fields)
    assert kept((*ROW, None), {}) == ()
    assert kept((*ROW, datetime.date(2026, 12, 1)), {}) == (A, B, C)

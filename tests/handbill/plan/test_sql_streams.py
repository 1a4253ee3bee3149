"""What a pipeline says of one row."""

import pytest
from purchases_world import (
    BOOL,
    INT,
    PURCHASE,
    PURCHASES,
    SOURCE,
    STORE,
    TEXT,
    call,
    count,
    cut,
    each,
    is_sku,
    item,
    mapped,
    member,
    select,
    sort,
    unique,
)

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Field, Step
from handbill.plan.ir import Operation as O
from handbill.plan.sql_pipelines import SortKey
from handbill.plan.sql_relations import GroupedRows
from handbill.plan.sql_rules import CustomerRules, RuleWorld
from handbill.plan.sql_streams import RowStreams
from handbill.plan.types import ListType

WORLD = RuleWorld(
    columns=lambda path: path[-1], customers="customers", key=("id",), relations={}, context={}
)


@pytest.fixture
def streams():
    return RowStreams(SOURCE, GroupedRows(0, SOURCE, ("id",)), CustomerRules(WORLD))


def test_a_filter_is_taken_apart(streams):
    both = call(O.AND, BOOL, is_sku("tea"), call(O.IS_DEFINED, BOOL, member("note")))
    found = streams.stream(select(PURCHASES, both))
    assert found.conditions == ("(_rows.\"sku\" = 'tea')", '(_rows."note" IS NOT NULL)')


def test_a_member_that_every_row_has_never_misses(streams):
    assert not streams.stream(mapped(PURCHASES, "sku")).may_miss
    assert streams.stream(mapped(PURCHASES, "note")).may_miss
    upper = each(Step.MAP, PURCHASES, call(O.UPPER, TEXT, member("sku")))
    assert streams.stream(upper).may_miss


def test_later_steps_read_the_mapped_value(streams):
    skus = mapped(PURCHASES, "note")
    short = select(
        skus, call(O.LT, BOOL, call(O.LENGTH, INT, item(TEXT)), call(O.LENGTH, INT, STORE))
    )
    assert streams.stream(short).conditions == (
        '_rows."note" IS NOT NULL',
        '(length(_rows."note") < length(_customer._value0))',
    )


def test_the_last_sort_comes_first(streams):
    found = streams.stream(sort(sort(PURCHASES, "sku"), "amount", descending=True))
    assert found.order == (SortKey('_rows."amount"', True), SortKey('_rows."sku"'))


def test_what_a_list_must_see(streams):
    assert streams.stream(cut(PURCHASES, 3)) is None
    assert streams.stream(sort(cut(PURCHASES, 3), "sku")) is None
    distinct = unique(PURCHASES, member("note"))
    assert streams.stream(distinct).unique_may_miss
    assert streams.stream(select(distinct, is_sku("tea"))) is None
    assert not streams.stream(unique(PURCHASES, item())).unique_may_miss


def test_a_value_of_the_customer_is_carried(streams):
    assert streams.carried(call(O.UPPER, TEXT, STORE)).sql == "upper(_customer._value0)"


def test_rows_are_objects_with_members_that_are_held(streams):
    with pytest.raises(PlanCodeError, match="no list of objects"):
        streams.stream(Field(("customer", "purchases"), ListType(TEXT, 3)))
    assert streams.stream(PURCHASES).type == PURCHASE
    assert count(PURCHASES)

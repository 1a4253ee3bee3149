"""Searching the source's list gives the answer that the proved list gives, or is not done."""

from __future__ import annotations

import sys
import unicodedata

import duckdb
import pytest

from handbill.plan.as_written import AS_WRITTEN, COMPOSED, search_as_written
from handbill.plan.import_view import describe_source, import_view
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.model import Column, Dataset, FieldNeed
from handbill.plan.sql import lower_expression
from handbill.plan.types import BoolType, EnumType, ListType, StringType

DEPARTMENTS = ListType(EnumType(("bakery", "wine")), maximum=3)
STORES = ListType(StringType(4), maximum=3)
LISTS = {"departments": DEPARTMENTS, "stores": STORES}
LONG = "['wine', 'wine', 'wine', 'wine']"
ROWS = f"""
    ('a', ['bakery'], ['s1', 'K9']), ('b', ['wine', NULL], ['\u212a9']), ('c', [], NULL),
    ('d', ['cheese', 'bakery'], ['s1', 'much too long']), ('e', NULL, []),
    ('f', {LONG}, {LONG}), ('g', ['cafe\u0301'], ['s1' || chr(0)])
"""


def contains(name: str, item: str) -> Call:
    kind = LISTS[name]
    listed = Field(("customer", name), kind)
    return Call(Operation.LIST_CONTAINS, (listed, Const(kind.item, item)), BoolType())


def answers(
    expression: Expression, required: bool, search: bool = True
) -> tuple[dict[str, bool | None], str]:
    """Each good row's answer, and the SQL that gave it."""
    columns = [Column(name="id", type=StringType(9), required=True)]
    columns += [Column(name=name, type=kind, required=required) for name, kind in LISTS.items()]
    dataset = Dataset(name="customers", key=("id",), columns=tuple(columns))
    needs = [FieldNeed(path=(name,), type=kind) for name, kind in LISTS.items()]
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE people AS FROM (VALUES {ROWS}) AS t(id, departments, stores)"
        )
        view = import_view(dataset, needs, describe_source(connection, "people"), {})
        assert view.searchable == set(LISTS)
        if search:
            expression = search_as_written(expression, view.searchable)
        sql = lower_expression(expression, lambda path: f'"{".".join(path[1:])}"')
        rows = connection.execute(f"SELECT id, {sql} FROM ({view.select})").fetchall()
    return dict(rows), sql


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("name", "item"), [("departments", "bakery"), ("departments", "wine"), ("stores", "s1")]
)
def test_the_source_is_searched_with_the_same_answers(name: str, item: str, required: bool) -> None:
    found, sql = answers(contains(name, item), required)
    expected, _ = answers(contains(name, item), required, search=False)
    assert AS_WRITTEN in sql
    assert found == expected
    assert {True, False} <= set(found.values())
    assert "f" not in found if required else found["f"] is None


@pytest.mark.parametrize(
    ("name", "item"),
    [("stores", "K9"), ("stores", "é"), ("stores", "s1234"), ("departments", "cheese")],
)
def test_an_item_that_normalising_may_make_or_drop_is_not_searched_as_written(
    name: str, item: str
) -> None:
    found, sql = answers(contains(name, item), required=False)
    assert AS_WRITTEN not in sql
    assert found == answers(contains(name, item), required=False, search=False)[0]


def test_a_rule_is_searched_wherever_in_it_the_list_stands() -> None:
    both = Call(
        Operation.OR, (contains("departments", "wine"), contains("stores", "s1")), BoolType()
    )
    found, sql = answers(both, required=True)
    assert sql.count(AS_WRITTEN) == 2
    assert found == answers(both, required=True, search=False)[0]


def test_a_default_and_a_guard_are_asked_of_the_list_as_written_too() -> None:
    listed = Field(("customer", "departments"), DEPARTMENTS)
    default = Call(Operation.DEFAULT, (listed, Const(DEPARTMENTS, ("wine",))), DEPARTMENTS)
    item = Const(DEPARTMENTS.item, "wine")
    guard = Call(Operation.IS_DEFINED, (listed,), BoolType())
    either = Call(
        Operation.AND,
        (guard, Call(Operation.LIST_CONTAINS, (default, item), BoolType())), BoolType(),
    )  # fmt: skip
    for rule in (either, either.arguments[1], guard):
        found, sql = answers(rule, required=False)
        assert '"departments"' not in sql and AS_WRITTEN in sql
        assert found == answers(rule, required=False, search=False)[0]
        assert len(set(found.values())) == 2


def test_other_roots_and_other_lists_stay_as_they_are() -> None:
    rule = contains("departments", "wine")
    assert search_as_written(rule, {"stores"}) is rule
    event = Call(
        Operation.LIST_CONTAINS, (Field(("event", "departments"), DEPARTMENTS), rule.arguments[1]),
        BoolType(),
    )  # fmt: skip
    assert search_as_written(event, {"departments"}) is event


def test_nothing_else_becomes_ascii_by_normalising() -> None:
    made = {
        normal
        for point in range(128, sys.maxunicode + 1)
        if (normal := unicodedata.normalize("NFC", chr(point))).isascii()
    }
    assert made == COMPOSED

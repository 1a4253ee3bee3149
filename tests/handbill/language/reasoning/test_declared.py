"""What a question may assume of the fields that it reads."""

from __future__ import annotations

from asking import DECLARATIONS, VOCABULARY, question, rule

from handbill.language.reasoning.declared import (
    Declared,
    declared_by,
    declared_in,
    declared_in_both,
    fields_of,
    hull,
    known_fields,
    question_about,
)
from handbill.plan.ir import Field
from handbill.plan.model import Column, Dataset
from handbill.plan.types import (
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)


def test_fields_on_the_way_are_known_too() -> None:
    known = {
        ".".join(each.path): each.required
        for each in question("customer.store.city | default('') == 'Troy'").known
    }
    assert known == {"customer.store": False, "customer.store.city": True}


def test_the_day_of_the_run_is_there() -> None:
    known = question("customer.joined_on < run.date").known
    assert [(each.path, each.required) for each in known] == [
        (("customer", "joined_on"), True),
        (("run", "date"), True),
    ]


def test_an_unknown_field_may_be_missing() -> None:
    condition = rule("customer.orders > 3")
    (known,) = known_fields(condition, {})
    assert (known.path, known.required) == (("customer", "orders"), False)


def test_published_datasets_declare_the_same() -> None:
    columns = tuple(
        Column(name=name, type=each.type, required=each.required, references=each.references)
        for name, each in VOCABULARY.customer.fields.items()
    )
    stores = tuple(
        Column(name=name, type=each.type, required=each.required)
        for name, each in VOCABULARY.datasets["stores"].fields.items()
    )
    datasets = {
        "customers": Dataset(name="customers", key=("id",), columns=columns),
        "stores": Dataset(name="stores", key=("id",), columns=stores),
    }
    assert declared_in(datasets) == declared_by(VOCABULARY) == DECLARATIONS


def test_two_revisions_have_in_common_what_holds_in_both() -> None:
    one = {"customer": {"a": Declared(IntType(0, 5), True), "b": Declared(DateType(), True)}}
    other = {"customer": {"a": Declared(IntType(3, 9), False), "c": Declared(DateType(), True)}}
    assert declared_in_both(one, other) == {
        "customer": {
            "a": Declared(IntType(0, 9), False),
            "b": Declared(DateType(), False),
            "c": Declared(DateType(), False),
        }
    }


def test_a_hull_holds_both() -> None:
    assert hull(DecimalType(2, 0, 5), DecimalType(2, -1, 4)) == DecimalType(2, -1, 5)
    assert hull(StringType(3), StringType(9)) == StringType(9)
    assert hull(EnumType(("a", "b")), EnumType(("b", "c"))) == EnumType(("a", "b", "c"))
    assert hull(EnumType(("abcd",)), StringType(2)) == StringType(4)
    assert hull(StringType(2), EnumType(("abcd",))) == StringType(4)
    assert hull(ListType(IntType(0, 1), 3), ListType(IntType(0, 9), 2)) == ListType(
        IntType(0, 9), 3
    )
    assert hull(IntType(0, 1), DateType()) == IntType(0, 1)


def test_a_hull_of_lists_of_objects_has_the_members_of_both() -> None:
    one = ObjectType((MemberType("total", IntType(0, 5), True),))
    other = ObjectType(
        (MemberType("day", DateType(), True), MemberType("total", IntType(0, 9), False))
    )
    both = ObjectType(
        (MemberType("day", DateType(), True), MemberType("total", IntType(0, 9), False))
    )
    assert hull(ListType(one, 3), ListType(other, 7)) == ListType(both, 7)
    assert hull(ListType(other, 3), ListType(one, 7)) == ListType(both, 7)


def test_a_field_with_two_bounds_has_both() -> None:
    narrow = Field(("customer", "orders"), IntType(0, 5))
    wide = rule("customer.orders > 3")
    both = wide.__class__(wide.operation, (narrow, wide.arguments[0]), wide.type)  # type: ignore[union-attr]
    (known,) = question_about(both, DECLARATIONS).known
    assert known.type == IntType(0, 1_000)


def test_fields_in_the_bodies_of_steps_are_found() -> None:
    condition = rule("customer.purchases | selectattr('total', '>', customer.spend) | count > 1")
    assert {field.path[1] for field in fields_of(condition)} == {"purchases", "spend"}

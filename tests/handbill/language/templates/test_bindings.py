"""Names that a template binds: unique locals, loop values, and what branches leave behind."""

from __future__ import annotations

from handbill.language.expressions.build import literal
from handbill.language.expressions.checked import Checked
from handbill.language.expressions.facts import Facts, Interval
from handbill.language.scope import Root, Scope, ValueRoot
from handbill.language.templates.bindings import (
    Locals,
    State,
    Way,
    constant_loop_values,
    join,
    local_value,
    loop_values,
)
from handbill.language.templates.draft import DraftSet, Place
from handbill.plan.ir import Const, Expression, Local
from handbill.plan.row import evaluate
from handbill.plan.types import BoolType, DecimalType, IntType, StringType
from handbill.source.text import SourceText

PLACE = Place(SourceText.of_file("t/a.html", "{% if x %}"), 0, 10)
BEFORE = State(Scope({}))


def constant(value: object) -> Checked:
    found = literal(value)
    assert found is not None
    return found


def way(**names: Checked) -> Way:
    state = BEFORE
    for name, value in names.items():
        state = state.binding(name, ValueRoot(value))
    return Way([], state)


def value_of_root(root: Root | None) -> Checked:
    assert isinstance(root, ValueRoot)
    return root.value


def test_locals_are_given_once() -> None:
    names = Locals()
    assert [names.fresh("x") for _ in range(3)] == ["x", "x_2", "x_3"]
    assert names.fresh("x_2") == "x_2_2"


def test_loop_values_are_bounded() -> None:
    members = loop_values("f", 5).members
    types = {name: each.type for name, each in members.items() if isinstance(each, Checked)}
    assert types == {
        "index0": IntType(0, 4),
        "index": IntType(1, 5),
        "length": IntType(1, 5),
        "first": BoolType(),
        "last": BoolType(),
    }


def test_constant_loop_values_agree_with_the_others() -> None:
    for place in range(3):
        values = constant_loop_values(place, 3).values
        assert values == {
            "index0": place,
            "index": place + 1,
            "length": 3,
            "first": place == 0,
            "last": place == 2,
        }


def test_the_same_value_in_every_way_stays() -> None:
    one = constant(1)
    ways = [way(n=one), way(n=one)]
    after = join(BEFORE, ways, Locals(), PLACE)
    assert isinstance(after, State)
    assert value_of_root(after.scope.roots["n"]).expression == one.expression
    assert [each.drafts for each in ways] == [[], []]


def test_different_values_become_a_local() -> None:
    ways = [way(n=constant(1)), way(n=local_value("x", DecimalType(2, 0, 500)))]
    after = join(BEFORE, ways, Locals(), PLACE)
    assert isinstance(after, State)
    joined = value_of_root(after.scope.roots["n"])
    assert joined.expression == Local("n", DecimalType(2, 0, 500))
    assert joined.interval == Interval(0, 500)
    first, second = (each.drafts[0] for each in ways)
    assert isinstance(first, DraftSet) and isinstance(second, DraftSet)
    assert number(first.expression) == 100, "1 at scale 2"
    assert second.expression == Local("x", DecimalType(2, 0, 500))


def number(expression: Expression) -> object:
    return evaluate(expression, (), {})


def test_three_numbers_of_three_kinds() -> None:
    ways = [
        way(n=constant(1)),
        way(n=local_value("x", DecimalType(1, 0, 50))),
        way(n=local_value("y", DecimalType(2, 0, 500))),
    ]
    after = join(BEFORE, ways, Locals(), PLACE)
    assert isinstance(after, State)
    assert value_of_root(after.scope.roots["n"]).type == DecimalType(2, 0, 500)
    drafts = [each.drafts[0] for each in ways]
    types = [each.expression.type for each in drafts if isinstance(each, DraftSet)]
    assert all(isinstance(type_, DecimalType) and type_.scale == 2 for type_ in types)


def test_texts_of_different_lengths() -> None:
    ways = [way(n=constant("a")), way(n=local_value("x", StringType(9)))]
    after = join(BEFORE, ways, Locals(), PLACE)
    assert isinstance(after, State)
    assert value_of_root(after.scope.roots["n"]).type == StringType(9)


def test_values_that_do_not_mix() -> None:
    assert join(BEFORE, [way(n=constant(1)), way(n=constant("a"))], Locals(), PLACE) == "n"


def test_a_name_that_one_way_lacks() -> None:
    after = join(BEFORE, [way(n=constant(1)), way()], Locals(), PLACE)
    assert isinstance(after, State)
    assert "n" not in after.scope.roots
    assert after.partly == {"n": PLACE}
    assert after.binding("n", ValueRoot(constant(2))).partly == {}


def test_after_an_error_the_name_is_silent() -> None:
    after = join(BEFORE, [way(n=Checked()), way(n=constant(1))], Locals(), PLACE)
    assert isinstance(after, State)
    assert value_of_root(after.scope.roots["n"]).failed


def test_a_branch_knows_its_condition() -> None:
    condition = Checked(
        expression=Local("b", BoolType()),
        type=BoolType(),
        when_true=Facts.of(("customer", "store")),
    )
    inside = BEFORE.assuming(condition, True)
    assert ("customer", "store") in inside.scope.facts.defined
    assert [(each.condition, each.holds) for each in inside.assumptions] == [
        (condition.expression, True)
    ]
    constant_condition = Checked(expression=Const(BoolType(), True), type=BoolType())
    assert BEFORE.assuming(constant_condition, True).assumptions == ()


def test_a_body_of_its_own_sets_nothing_outside() -> None:
    state = BEFORE.binding("x", ValueRoot(constant(1)))
    assert state.own == {"x"}
    assert state.inner().own == frozenset()
    assert "x" in state.inner().scope.roots

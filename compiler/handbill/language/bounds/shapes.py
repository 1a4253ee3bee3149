"""How many characters a text has and which, for operations that do not go character by character."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from handbill.language.bounds.finite import NUMBERS, Finite
from handbill.language.bounds.measure import Extent, extent_of_text
from handbill.language.bounds.spelling import (
    Letters,
    Spelling,
    Step,
    Swap,
    extent_of_letter,
    letters_of,
    spelled_letters,
    union,
)
from handbill.language.bounds.world import Bound, World, is_empty, meet
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.ir import Step as ListStep
from handbill.plan.operations import ELLIPSIS
from handbill.plan.types import EnumType, ListType, StringType

CHOSEN = frozenset(
    {Operation.FIRST, Operation.LAST, Operation.ITEM, Operation.MINIMUM, Operation.MAXIMUM}
)
"""What these give is an item of a list, so its type says all."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many characters a text has, and which."""

    low: int
    high: int
    letters: Letters

    def extent(self, spelling: Spelling) -> Extent:
        if self.letters is not None and not self.letters:
            return extent_of_text("")
        return extent_of_letter(self.letters, spelling).repeated(self.low, self.high)

    def hull(self, other: Shape) -> Shape:
        letters = union(self.letters, other.letters)
        return Shape(min(self.low, other.low), max(self.high, other.high), letters)

    def plus(self, other: Shape) -> Shape:
        return Shape(
            self.low + other.low, self.high + other.high, union(self.letters, other.letters)
        )


class Shapes(Finite):
    any_letters: Letters = None
    """What a text without an alphabet consists of: anything, unless a question is about less."""
    written_only: bool = False
    """Whether the question is what is written around values: each is then one letter at least."""

    @abstractmethod
    def text(self, expression: Expression, spelling: Spelling, world: World) -> Extent:
        """The extent of all texts that the expression can write."""

    def shape(self, expression: Expression, world: World) -> Shape:
        """The lengths and characters of a text, before it is spelled."""
        return self.once("shape", expression, world, lambda: self._shape(expression, world))

    def _shape(self, expression: Expression, world: World) -> Shape:
        texts = self.finite(expression, world)
        if texts is not None:
            lengths = [len(text) for text in texts] or [0]
            return Shape(min(lengths), max(lengths), frozenset("".join(texts)))
        match expression:
            case Field() | Local() | Member():
                return self._shape_read(expression, world)
            case Call():
                return self._shape_call(expression, world)
            case _:
                raise TypeError(f"no text: {expression!r}")

    def _shape_read(self, value: Field | Local | Member, world: World) -> Shape:
        bounds = self.bounds(value, world)
        if bounds:
            shapes = [self.bound_shape(bound) for bound in bounds]
            found = shapes[0]
            for each in shapes[1:]:
                found = found.hull(each)
            return found
        match value.type:
            case StringType(maximum=maximum, alphabet=alphabet):
                least = 1 if self.written_only or alphabet == "link" else 0
                within = meet((least, maximum), world.of(value).size)
                low, high = (0, maximum) if within is None or is_empty(within) else within
                return Shape(low, high, self._letters(alphabet))
            case EnumType(values=values):
                lengths = [len(each) for each in values] or [0]
                return Shape(min(lengths), max(lengths), frozenset("".join(values)))
            case _:
                raise TypeError(f"no text: {value!r}")

    def bound_shape(self, bound: Bound) -> Shape:
        assert not isinstance(bound.value, tuple)
        return self.shape(bound.value, bound.world)

    def _shape_call(self, call: Call, world: World) -> Shape:
        step = step_of(call)
        if step is not None:
            return self._shape_spelled(call.arguments[0], step, world)
        match call.operation, call.arguments:
            case Operation.IF, (condition, then, otherwise):
                return self._shape_any(self.ways(condition, then, otherwise, world))
            case Operation.DEFAULT, (value, fallback):
                parts = self.alternatives(value, fallback, world)
                return self._shape_any([(part, world) for part in parts])
            case Operation.CHOOSE, (place, *choices):
                chosen = self.chosen(place, tuple(choices), world)
                return self._shape_any([(choice, world) for choice in chosen])
            case Operation.CONCAT, parts:
                shape = Shape(0, 0, frozenset())
                for part in parts:
                    shape = shape.plus(self.shape(part, world))
                return shape
            case operation, _ if operation in NUMBERS:
                texts = self.number_texts(call, world)
                marks = "".join(str(c.value) for c in call.arguments[2:] if isinstance(c, Const))
                letters = frozenset("-.0123456789" + marks)
                return Shape(min(map(len, texts)), max(map(len, texts)), letters)
            case Operation.TRUNCATE, (text, Const(value=int(most))):
                shape = self.shape(text, world)
                if shape.high <= most:
                    return shape
                letters_ = union(shape.letters, frozenset(ELLIPSIS))
                return Shape(min(shape.low, most), most, letters_)
            case Operation.TRIM, (text,):
                shape = self.shape(text, world)
                return Shape(int(self.written_only and shape.low > 0), shape.high, shape.letters)
            case Operation.TITLE, (text,):
                shape = self.shape(text, world)
                lowered = spelled_letters(shape.letters, ("lower",))
                raised = spelled_letters(shape.letters, ("upper",))
                return Shape(shape.low, shape.high, union(lowered, raised))
            case Operation.REPLACE, (text, Const(value=str(old)), Const(value=str(new))):
                return _replaced(self.shape(text, world), old, new)
            case Operation.JOIN, (items, Const(value=str(between))):
                return self._joined(items, between, world)
            case operation, (items, *_) if operation in CHOSEN:
                return self.item(items, world)
            case _:
                return self._shape_of_type(call)

    def _shape_spelled(self, text: Expression, step: Step, world: World) -> Shape:
        inner = self.shape(text, world)
        extent = self.text(text, (step,), world)
        letters = spelled_letters(inner.letters, (step,))
        return Shape(extent.low.characters, extent.high.characters, letters)

    def _shape_any(self, parts: list[tuple[Expression, World]]) -> Shape:
        shapes = [self.shape(part, there) for part, there in parts]
        found = shapes[0]
        for each in shapes[1:]:
            found = found.hull(each)
        return found

    def _joined(self, items: Expression, between: str, world: World) -> Shape:
        low, high = self.count(items, world)
        item = self.item(items, world)
        mark = len(between)
        return Shape(
            low * item.low + max(0, low - 1) * mark,
            high * item.high + max(0, high - 1) * mark,
            union(item.letters, frozenset(between if high > 1 else "")),
        )

    def item(self, items: Expression, world: World) -> Shape:
        """The shape of any item of a list of texts."""
        shapes = [self._item(each, there) for each, there in self.sources(items, world)]
        found = shapes[0]
        for shape in shapes[1:]:
            found = found.hull(shape)
        return found

    def _item(self, items: Expression, world: World) -> Shape:
        match items:
            case Const(value=tuple(values)):
                lengths = [len(str(value)) for value in values] or [0]
                return Shape(min(lengths), max(lengths), frozenset("".join(map(str, values))))
            case Each(body=body):
                return self.shape(body, world)
            case _:
                return self._shape_of_type(items)

    def sources(self, items: Expression, world: World) -> Iterator[tuple[Expression, World]]:
        """The lists that the items of a list come from: fields, constants, and what `map` makes."""
        match items:
            case Each(step=ListStep.MAP):
                yield items, world
            case Each(items=inner) | Call(operation=Operation.SLICE, arguments=(inner, *_)):
                yield from self.sources(inner, world)
            case Call(operation=Operation.DEFAULT, arguments=(value, fallback)):
                for part in self.alternatives(value, fallback, world):
                    yield from self.sources(part, world)
            case Call(operation=Operation.IF, arguments=(condition, then, otherwise)):
                for part, there in self.ways(condition, then, otherwise, world):
                    yield from self.sources(part, there)
            case Local(name=name) if name in world.locals:
                for bound in world.locals[name]:
                    assert not isinstance(bound.value, tuple)
                    yield from self.sources(bound.value, bound.world)
            case _:
                yield items, world

    def _shape_of_type(self, expression: Expression) -> Shape:
        """By the type alone. What an operation makes need not keep the alphabet of its operands."""
        type_ = expression.type.item if isinstance(expression.type, ListType) else expression.type
        match type_:
            case StringType(maximum=maximum, alphabet=alphabet):
                kept = None if isinstance(expression, Call) else alphabet
                return Shape(0, maximum, self._letters(kept))
            case EnumType(values=values):
                lengths = [len(each) for each in values] or [0]
                return Shape(min(lengths), max(lengths), frozenset("".join(values)))
            case _:
                raise TypeError(f"no text: {expression!r}")

    def _letters(self, alphabet: str | None) -> Letters:
        if self.written_only:
            return frozenset("M")
        return self.any_letters if alphabet is None else letters_of(alphabet)


def step_of(call: Call) -> Step | None:
    """The step that an operation is, if it goes character by character."""
    match call.operation, call.arguments:
        case Operation.LOWER, _:
            return "lower"
        case Operation.UPPER, _:
            return "upper"
        case Operation.REPLACE, (_, Const(value=str(old)), Const(value=str(new))) if len(old) == 1:
            return Swap(old, new)
        case _:
            return None


def _replaced(shape: Shape, old: str, new: str) -> Shape:
    if shape.letters is not None and not shape.letters.issuperset(old):
        return shape
    near = range(shape.low, min(shape.high, shape.low + len(old)) + 1)
    lengths = [length // len(old) * len(new) + length % len(old) for length in (*near, shape.high)]
    letters = union(shape.letters, frozenset(new))
    return Shape(min(shape.low, *lengths), max(shape.high, *lengths), letters)

"""A vocabulary, templates drawn at random in the product's own language, and awkward customers."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Mapping
from typing import Any

from handbill.language.expression import compile_expression
from handbill.language.expressions.facts import Assumption
from handbill.language.expressions.reads import fields_in
from handbill.language.scope import ConstantRoot, RecordRoot, Root, Scope
from handbill.language.template import TemplateKind, compile_template
from handbill.language.vocabulary.vocabulary import Member, Record, Vocabulary, read_vocabulary
from handbill.plan.ir import Call, Const, Expression, For, If, Op, Operation, Put, Set, Text
from handbill.plan.model import FieldNeed
from handbill.plan.row import RowFunction, TemplateFunction
from handbill.plan.row import compile_expression as row_expression
from handbill.plan.row import compile_template as row_template
from handbill.plan.types import BoolType, DateType, ListType, ObjectType, StringType, Type
from handbill.plan.values import Context, Row
from handbill.source.text import SourceText

CUSTOMER = b"""{
  "type": "object",
  "required": ["id", "name", "nick", "orders", "debt", "points", "gold", "tier", "joined", "likes"],
  "properties": {
    "id": {"type": "string", "maxLength": 12},
    "name": {"type": "string", "maxLength": 12},
    "first_name": {"type": "string", "maxLength": 7},
    "nick": {"type": "string", "maxLength": 9, "x-alphabet": "gsm"},
    "orders": {"type": "integer", "minimum": 0, "maximum": 1200},
    "debt": {"type": "integer", "minimum": -50, "maximum": 7},
    "points": {"type": "number", "multipleOf": 0.01, "minimum": -2000, "maximum": 1234567},
    "gold": {"type": "boolean"},
    "tier": {"enum": ["basic", "silver & co", "d\\u2019or", "\\u00e7a"]},
    "joined": {"type": "string", "format": "date"},
    "birthday": {"type": "string", "format": "date"},
    "likes": {"type": "array", "maxItems": 4, "items": {"type": "string", "maxLength": 5}},
    "nicks": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 4, "x-alphabet": "gsm"}},
    "cart": {
      "type": "array", "maxItems": 3,
      "items": {
        "type": "object", "required": ["item", "price", "count"],
        "properties": {
          "item": {"type": "string", "maxLength": 6, "x-alphabet": "gsm"},
          "price": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 999},
          "count": {"type": "integer", "minimum": -3, "maximum": 12},
          "note": {"type": "string", "maxLength": 4}
        }
      }
    },
    "bought": {"type": "array", "maxItems": 4,
      "x-relation": {"dataset": "bought", "key": "customer", "time": "at"}},
    "store": {"type": "string", "maxLength": 8, "x-references": "stores"}
  }
}"""
BOUGHT = b"""{
  "type": "object", "required": ["id", "customer", "at", "total"],
  "properties": {
    "id": {"type": "string", "maxLength": 6},
    "customer": {"type": "string", "maxLength": 12},
    "at": {"type": "string", "format": "date"},
    "total": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 5000},
    "what": {"type": "string", "maxLength": 5}
  }
}"""
STORES = b"""{
  "type": "object", "required": ["id", "name"],
  "properties": {
    "id": {"type": "string", "maxLength": 8}, "name": {"type": "string", "maxLength": 10}
  }
}"""
CONTEXT: Context = {("run", "date"): datetime.date(2026, 12, 5)}


def vocabulary() -> Vocabulary:
    read, found = read_vocabulary(
        {
            "schemas/customer.schema.json": CUSTOMER,
            "schemas/data/stores.schema.json": STORES,
            "schemas/data/bought.schema.json": BOUGHT,
        }
    )
    assert not found, found
    return read


VOCABULARY = vocabulary()


def scope(locale: str = "en-US") -> Scope:
    roots: dict[str, Root] = {
        "customer": RecordRoot(VOCABULARY.customer, VOCABULARY.datasets),
        "run": RecordRoot(Record({"date": Member(DateType(), required=True)})),
        "tenant": ConstantRoot({"name": "Fresh & Fields"}),
    }
    return Scope(roots, locale=locale)


class NoTemplates:
    def load(self, name: str, from_file: str) -> SourceText | None:
        return None

    def suggest(self, name: str, from_file: str) -> str | None:
        return None


def ops_of(
    text: str, kind: TemplateKind = TemplateKind.TEXT, locale: str = "en-US"
) -> tuple[Op, ...]:
    """The operations of a template without mistakes."""
    source = SourceText.of_file("t/main", text)
    compiled = compile_template(source, scope(locale), kind, NoTemplates())
    assert compiled.ops is not None, (text, compiled.diagnostics)
    return compiled.ops


def expression_of(text: str) -> Expression:
    """What a hole writes, as one expression."""
    parts: list[Expression] = []
    for op in ops_of("{{ " + text + " }}"):
        assert isinstance(op, Put | Text)
        parts.append(
            op.expression if isinstance(op, Put) else Const(StringType(len(op.text)), op.text)
        )
    return parts[0] if len(parts) == 1 else Call(Operation.CONCAT, tuple(parts), StringType(99))


def condition(text: str) -> Expression:
    compiled = compile_expression(SourceText.of_file("rule", text), scope(), BoolType())
    assert compiled.expression is not None, compiled.diagnostics
    return compiled.expression


def given_that(text: str, holds: bool = True) -> tuple[Assumption, ...]:
    return (Assumption(condition(text), holds),)


# ── what a template reads ────────────────────────────────────────────────────────────────────────


def needs_of(ops: tuple[Op, ...], *conditions: Expression) -> tuple[FieldNeed, ...]:
    types: dict[tuple[str, ...], Type] = {}
    for expression in (*_expressions(ops), *conditions):
        types.update(fields_in(expression))
    return tuple(
        FieldNeed(path=path[1:], type=types[path])
        for path in sorted(types)
        if path[0] == "customer"
    )


def _expressions(ops: tuple[Op, ...]) -> Iterator[Expression]:
    for op in ops:
        match op:
            case Put() | Set():
                yield op.expression
            case If():
                for branch in op.branches:
                    yield branch.condition
                    yield from _expressions(branch.body)
                yield from _expressions(op.otherwise)
            case For():
                yield op.items
                yield from _expressions(op.body)
                yield from _expressions(op.otherwise)


def packed(value: Any, type_: Type) -> Any:
    """Objects as tuples of the members that the type has."""
    match type_:
        case ListType(item=ObjectType(members=members)) if value is not None:
            return tuple(tuple(each.get(member.name) for member in members) for each in value)
        case _:
            return value


class Written:
    """A template as a function of a customer given by field names."""

    def __init__(self, ops: tuple[Op, ...], *conditions: Expression) -> None:
        self.needs = needs_of(ops, *conditions)
        self._render: TemplateFunction = row_template(ops, self.needs)
        self._conditions: list[RowFunction] = [
            row_expression(each, self.needs) for each in conditions
        ]

    def row(self, customer: Mapping[str, Any]) -> Row:
        return tuple(packed(customer.get(".".join(need.path)), need.type) for need in self.needs)

    def meets(self, customer: Mapping[str, Any]) -> bool:
        row = self.row(customer)
        return all(holds(row, CONTEXT) is True for holds in self._conditions)

    def __call__(self, customer: Mapping[str, Any]) -> str:
        return self._render(self.row(customer), CONTEXT)


# ── customers ────────────────────────────────────────────────────────────────────────────────────

ANY = [
    "a",
    "Z",
    "&",
    "'",
    '"',
    "<",
    "€",
    "^",
    "é",
    "ç",
    "ß",
    "\u2028",
    "…",
    "😀",
    "\x01",
    " ",
    "\t",
    "İ",
    "-",
]
GSM = ["a", "Z", "&", "'", "€", "^", "Ç", "\n", "à", " ", "ñ"]


def customer(draw: random.Random) -> dict[str, Any]:
    """Mostly at the ends: as short and as long as can be, of one character or of several."""

    def text(longest: int, letters: list[str] = ANY) -> str:
        length = draw.choice([0, longest, longest, draw.randint(0, longest)])
        if draw.random() < 0.6:
            return draw.choice(letters) * length
        return "".join(draw.choice(letters) for _ in range(length))

    def maybe(value: Any) -> Any:
        return value if draw.random() < 0.7 else None

    def number(low: int, high: int) -> int:
        near = [low, high, low + 1, high - 1, 0, 1, -1, 9, 10, 99, 100, 999, 1000, 100000]
        return draw.choice([*(n for n in near if low <= n <= high), draw.randint(low, high)])

    def item() -> dict[str, Any]:
        return {
            "item": text(6, GSM),
            "price": number(0, 99900),
            "count": number(-3, 12),
            "note": maybe(text(4)),
        }

    def purchase() -> dict[str, Any]:
        day = datetime.date(2026, draw.choice([1, 9, 12]), draw.randint(1, 4))
        return {
            "id": text(6),
            "customer": text(12),
            "at": day,
            "total": number(0, 500000),
            "what": maybe(text(5)),
        }

    store = maybe(text(8))
    return {
        "id": text(12),
        "name": text(12),
        "first_name": maybe(text(7)),
        "nick": text(9, GSM),
        "orders": number(0, 1200),
        "debt": number(-50, 7),
        "points": number(-200000, 123456700),
        "gold": draw.random() < 0.5,
        "tier": draw.choice(["basic", "silver & co", "d’or", "ça"]),
        "joined": datetime.date(
            draw.choice([1900, 2026, 2199]), draw.choice([1, 9, 12]), draw.randint(1, 28)
        ),
        "birthday": maybe(datetime.date(2000, draw.choice([2, 12]), 29)),
        "likes": tuple(text(5) for _ in range(draw.choice([0, 1, 2, 4]))),
        "nicks": maybe(tuple(text(4, GSM) for _ in range(draw.choice([0, 1, 3])))),
        "cart": maybe([item() for _ in range(draw.choice([0, 1, 3]))]),
        "bought": sorted(
            (purchase() for _ in range(draw.choice([0, 1, 2, 4]))), key=lambda p: p["at"]
        ),
        "store": store,
        "store.name": None if store is None else text(10),
    }


# ── templates ────────────────────────────────────────────────────────────────────────────────────


class Drawing:
    """Draws the source of templates; what it draws has no mistakes."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.names: list[str] = []
        self.loops = 0

    def template(self, depth: int = 3) -> str:
        return "".join(self.statement(depth) for _ in range(self.draw.randint(1, 4)))

    def statement(self, depth: int) -> str:
        kinds = ["text", "hole", "hole", "hole"] + (["if", "if", "for", "set"] if depth else [])
        match self.draw.choice(kinds):
            case "text":
                return self.draw.choice(["Hi ", "It’s ", "ç", "100% & ", "a^b €", "\n", "…"])
            case "hole":
                return "{{ " + self.text(2) + " }}"
            case "if":
                return self.conditional(depth - 1)
            case "for":
                return self.loop(depth - 1)
            case _:
                if self.loops:
                    return ""
                value = f"({self.text(2)}) ~ ''"
                self.names.append(f"set{len(self.names)}")
                return f"{{% set {self.names[-1]} = {value} %}}"

    def scoped(self, depth: int) -> str:
        names = list(self.names)
        made = self.template(depth)
        self.names = names
        return made

    def conditional(self, depth: int) -> str:
        made = f"{{% if {self.condition(1)} %}}{self.scoped(depth)}"
        if self.draw.random() < 0.3:
            made += f"{{% elif {self.condition(1)} %}}{self.scoped(depth)}"
        if self.draw.random() < 0.6:
            made += f"{{% else %}}{self.scoped(depth)}"
        return made + "{% endif %}"

    def loop(self, depth: int) -> str:
        item = f"item{self.draw.randint(0, 10**9)}"
        if self.draw.random() < 0.3:
            return self.loop_of_objects(item)
        items = self.draw.choice(
            ["customer.likes", "customer.likes[:2]", "customer.nicks | default([])"]
        )
        self.loops += 1
        names = list(self.names)
        self.names.append(item)
        body = self.template(depth) + "{{ " + item + " }}"
        mark = self.draw.choice(
            ["", "{% if not loop.last %}, {% endif %}", "{% if loop.first %}({% else %}; {% endif %}",
             "{{ loop.index }}", "{% if loop.index == 2 %}two{% endif %}"]
        )  # fmt: skip
        self.names = names
        self.loops -= 1
        otherwise = self.draw.choice(["", "{% else %}none of them"])
        return f"{{% for {item} in {items} %}}{body}{mark}{otherwise}{{% endfor %}}"

    def loop_of_objects(self, item: str) -> str:
        items, body = self.draw.choice(
            [
                ("customer.cart | default([])", "{{ x.item }} {{ x.price | money }} {{ x.note | default('ça') }}"),
                ("customer.cart | default([]) | sort(attribute='price', reverse=true)", "{{ x.count }}×{{ x.item | upper }}"),
                ("(customer.bought | sort(attribute='total'))[:2]", "{{ x.what | default(customer.nick) }} {{ x.at | date('day') }}"),
                ("customer.bought | selectattr('total', '>=', 100)", "{% if x.what is defined %}{{ x.what }}{% else %}?{% endif %}"),
                ("customer.cart | default([]) | map(attribute='item') | unique", "{{ x }}{% if not loop.last %}, {% endif %}"),
                ("customer.bought | map(attribute='what', default='none at all')", "{{ loop.index }} {{ x | truncate(4) }}"),
            ]
        )  # fmt: skip
        body = body.replace("x.", f"{item}.").replace("{{ x ", "{{ " + item + " ")
        return f"{{% for {item} in {items} %}}{body}{{% else %}}nothing{{% endfor %}}"

    def text(self, depth: int) -> str:
        plain = [
            "customer.name", "customer.nick", "customer.tier", "customer.orders", "customer.debt",
            "customer.first_name | default('ça va')", "customer.first_name | default(customer.nick)",
            "customer.points", "customer.points | money", "customer.points | number",
            "customer.joined | date", "customer.joined | date('long')", "'lit’eral'",
            "customer.likes | join(', ')", "customer.likes | first | default('nil')",
            "(customer.birthday | date('day')) if customer.birthday is defined else 'never'",
            "customer.store.name if customer.store is defined else 'no shop'",
            "customer.name | length", "customer.likes | count", *self.names,
            "customer.cart | default([]) | map(attribute='item') | join('; ')",
            "customer.cart | default([]) | sum(attribute='count')", "customer.bought | sum(attribute='total') | money",
            "customer.bought | selectattr('total', '>', 50) | map(attribute='what', default='?') | join('+')",
            "customer.bought | avg(attribute='total') | default(0) | round(2)",
            "customer.bought | map(attribute='what', default='none') | unique | sort | join(', ')",
            "customer.bought | within('60 days') | count",
            "customer.bought | map(attribute='total') | max | default(0)",
            "customer.likes | last | default('')", "customer.likes[1] | default('one')",
            "customer.orders | plural(one='# order', other='# orders')",
        ]  # fmt: skip
        if not depth:
            return self.draw.choice(plain)
        inner = f"({self.text(depth - 1)})"
        words = f"({self.draw.choice(['', 'customer.name ~ '])}{inner} ~ '')"
        made = [
            *self.draw.sample(plain, 6),
            f"{words} | truncate({self.draw.randint(1, 14)})",
            f"{words} | upper", f"{words} | lower", f"{words} | title", f"{words} | trim",
            f"{words} | replace('{self.draw.choice(['…', 'a', 'ab', 'A'])}', "
            f"'{self.draw.choice(['', '.', 'xyz', '’'])}')",
            f"{words} ~ {inner}",
            f"{words} if {self.condition(0)} else ({inner} ~ '')",
            "customer.orders * 3 - customer.debt", "customer.orders // 7", "customer.debt | abs",
        ]  # fmt: skip
        return self.draw.choice(made)

    def condition(self, depth: int) -> str:
        plain = [
            "customer.gold", "customer.tier == 'basic'", "customer.tier != 'ça'",
            "customer.tier in ['basic', 'd’or']", "customer.orders > 99", "customer.orders <= 9",
            "customer.orders == 1200", "customer.debt < 0", "customer.points >= 0",
            "customer.name | length <= 3", "customer.name | length > 11", "customer.name == 'Ann'",
            "customer.likes | count >= 2", "customer.likes | count == 0", "'aaaaa' in customer.likes",
            "customer.first_name is defined", "customer.first_name | default('x') == 'x'",
            "customer.orders in [7, 70]", "customer.nick | contains('€')",
            "customer.bought | count >= 2", "customer.bought | sum(attribute='total') > 100",
            "customer.cart is defined", "customer.cart | default([]) | count == 3",
        ]  # fmt: skip
        if not depth or self.draw.random() < 0.5:
            return self.draw.choice(plain)
        left, right = self.condition(0), self.condition(0)
        return self.draw.choice(
            [f"not ({left})", f"({left}) and ({right})", f"({left}) or ({right})",
             f"not (({left}) or ({right}))", f"not (({left}) and ({right}))"]
        )  # fmt: skip

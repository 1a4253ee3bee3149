"""Random text over lists, objects and relations: pipelines as an author would type them.

Where an item need not be there, the rule is guarded in one of the ways that the language knows.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from nasty_relations import ADDRESS, LINE, PURCHASE, VISIT

from handbill.language.vocabulary.records import Member, Record, Relation, object_type
from handbill.plan.types import ListType, ObjectType, StringType

Makes = Callable[[int], str]


def record_of(type_: ObjectType) -> Record:
    return Record(
        {
            member.name: Member(member.type, member.required)
            for member in type_.members
            if "." not in member.name
        }
    )


PRODUCTS = Record({"name": Member(StringType(40), True)})
DATASETS = {"products": PRODUCTS}
PURCHASES = Record(
    {**record_of(PURCHASE).fields, "product": Member(StringType(40), True, references="products")}
)
LINES, VISITS, HOME = record_of(LINE), record_of(VISIT), record_of(ADDRESS)
LIST_FIELDS = {
    "purchases": Member(
        ListType(object_type(PURCHASES, DATASETS), 10_000),
        True,
        inner=PURCHASES,
        relation=Relation("purchases", "customer", "bought_at"),
    ),
    "visits": Member(
        ListType(object_type(VISITS), 100),
        True,
        inner=VISITS,
        relation=Relation("visits", "customer"),
    ),
    "lines": Member(ListType(object_type(LINES), 5), True, inner=LINES),
    "maybe_address": Member(object_type(HOME), inner=HOME),
}
KINDS = ("'dairy'", "'Bakery'", "'éclair'")
NOTES = ("''", "'a'", "'é'", "' '", "'ΣΑΣ'")


class ListSource:
    """`number` and `text` make what rows are compared with."""

    def __init__(self, random_: random.Random, number: Makes, text: Makes) -> None:
        self._random, self._number, self._text = random_, number, text

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def condition(self, depth: int) -> str:
        compare = self._pick("==", "!=", "<", "<=", ">", ">=")
        makers = (
            lambda: f"{self.rows(depth)} | count {compare} {self._pick('0', '1', '2', '4')}",
            lambda: f"{self.total(depth)} {compare} {self._number(0)}",
            lambda: f"{self.extreme(depth)} {compare} {self._number(0)}",
            lambda: self.guarded(depth),
            lambda: self.guarded(depth),
            lambda: self.of_address(),
            lambda: (
                f"{self._pick(*KINDS)} in {self.rows(depth, 'purchases')} | map(attribute='kind')"
            ),
            lambda: f"{self._pick(*NOTES)} in ({self.names(depth)})",
            lambda: self.of_time(),
        )
        return self._random.choice(makers)()

    def names(self, depth: int) -> str:
        lines = f"{self.rows(depth, 'lines')} | map(attribute='sku')"
        notes = f"{self.rows(depth, 'purchases')} | map(attribute='note', default='-')"
        products = f"{self.rows(depth, 'purchases')} | map(attribute='product.name')"
        return self._pick(lines, notes, products, f"{lines} | unique", f"{notes} | sort")

    def of_address(self) -> str:
        city = f"customer.maybe_address.city {self._pick('==', '<')} {self._pick(*NOTES)}"
        return self._pick(
            f"customer.maybe_address is defined and {city}",
            f"(customer.maybe_address is not defined or {city})",
            f"customer.maybe_address.zip | default({self._pick(*NOTES)}) == ''",
            "customer.maybe_address.zip is defined",
        )

    def of_time(self) -> str:
        zone = self._pick("", "('Asia/Kolkata')", "(customer.maybe_zone)")
        compare = self._pick("<", ">=", "==")
        return self._pick(
            f"customer.seen | local_date{zone} {compare} customer.born",
            f"customer.seen | local_date{zone} | month == 10",
            "customer.seen < '2026-10-25T01:30Z'",
            f"customer.purchases | last is defined and "
            f"(customer.purchases | last).bought_at | local_date{zone} {compare} run.date",
        )

    # ── lists ────────────────────────────────────────────────────────────────────────────────────

    def rows(self, depth: int, which: str = "") -> str:
        """A relation, or a list of objects, after a few steps."""
        name = which or self._pick("purchases", "purchases", "visits", "lines")
        steps = [f"customer.{name}"]
        for _ in range(self._random.choice((0, 1, 1, 2, 3)) if depth else 1):
            steps.append(self.step(name))
        text = " | ".join(steps)
        return f"({text})[:{self._pick('1', '2', '9')}]" if self._random.random() < 0.2 else text

    def step(self, name: str) -> str:
        word = self._pick("selectattr", "rejectattr")
        return {
            "purchases": self._of_purchases,
            "visits": self._of_visits,
            "lines": self._of_lines,
        }[name](word)

    def _of_purchases(self, word: str) -> str:
        compare = self._pick("==", "!=", "<", "<=", ">", ">=")
        defined = self._pick("discount", "note", "gift")
        return self._pick(
            f"{word}('amount', '{compare}', {self._number(0)})",
            f"{word}('kind', '==', {self._pick(*KINDS)})",
            f"{word}('kind', 'in', [{self._pick(*KINDS)}, {self._pick(*KINDS)}])",
            f"{word}('product.name', '{compare}', {self._text(0)})",
            f"{word}('{defined}', '{self._pick('defined', 'undefined')}')",
            f"{word}('points', '{self._pick('even', 'odd')}')",
            f"{word}('points', 'divisibleby', 7)",
            f"selectattr('note', 'defined') | {word}('note', '{compare}', {self._pick(*NOTES)})",
            f"selectattr('gift', 'defined') | {word}('gift')",
            f"within('{self._pick('1 day', '60 days', '9000 days')}')",
            f"within('{self._pick('30 days', '2 weeks')}', attribute='day')",
            f"sort(attribute='{self._pick('amount', 'product.name', 'day', 'discount', 'note')}')",
            f"sort(attribute='{self._pick('points', 'bought_at')}', reverse=true)",
            f"unique(attribute='{self._pick('kind', 'day', 'product.name')}')",
        )

    def _of_visits(self, word: str) -> str:
        return self._pick(
            f"selectattr('minutes', 'defined') | {word}('minutes', '>', {self._number(0)})",
            f"{word}('page', 'in', [{self._pick(*NOTES)}, {self._pick(*NOTES)}])",
            "within('400 days', attribute='on')",
            "sort(attribute='minutes', reverse=true)",
            "unique(attribute='page')",
        )

    def _of_lines(self, word: str) -> str:
        return self._pick(
            f"{word}('price', '<', {self._number(0)})",
            f"{word}('sku', '!=', {self._text(0)})",
            "selectattr('times', 'defined') | " + f"{word}('times', 'even')",
            "sort(attribute='price')",
            "sort(attribute='times')",
            "unique(attribute='sku')",
        )

    # ── values ───────────────────────────────────────────────────────────────────────────────────

    def total(self, depth: int) -> str:
        return self._pick(
            f"({self.rows(depth, 'purchases')} | sum(attribute='amount'))",
            f"({self.rows(depth, 'lines')} | sum('price'))",
            f"({self.rows(depth, 'lines')} | map(attribute='times', default=0) | sum)",
            "(customer.maybe_numbers | default([]) | sum | round)",
        )

    def extreme(self, depth: int) -> str:
        word = self._pick("min", "max", "avg")
        end = self._pick("min", "max")
        return self._pick(
            f"({self.rows(depth, 'purchases')} | map(attribute='amount') | {word} | default(0))",
            f"({self.rows(depth, 'lines')} | map(attribute='price') | {word} | default(1))",
            f"({self.rows(depth, 'lines')} | avg(attribute='price') | default(0))",
            f"(({self.rows(depth, 'purchases')} | {end}(attribute='points')).amount | default(0))",
            f"(customer.maybe_numbers | default([]) | {end} | default(3))",
        )

    def guarded(self, depth: int) -> str:
        """An item that need not be there, and a guard."""
        rows, compare = self.rows(depth, "purchases"), self._pick("<", ">=")
        place = self._random.choice((0, 1, 2, 3))
        item, needed = self._random.choice(
            (
                (f"({rows} | first)", f"{rows} | count > 0"),
                (f"({rows} | last)", f"{rows} | count != 0"),
                (f"({rows})[{place}]", f"{rows} | count > {place}"),
                (f"({rows})[{place}]", f"({rows})[{place}] is defined"),
                (f"({rows} | max(attribute='amount'))", f"{rows} | first is defined"),
            )
        )
        use = f"{item}.{self._pick('amount', 'points')} {compare} {self._number(0)}"
        average = f"{rows} | sum('amount') / ({rows} | count) {compare} {self._number(0)}"
        average = average if not rows.startswith("(") else use
        chosen = self._pick(use, use, average)
        needed = f"{rows} | count > 0" if chosen is average and average is not use else needed
        if self._random.random() < 0.5:
            return f"({needed} and {chosen})"
        return f"(not ({needed}) or {chosen})"

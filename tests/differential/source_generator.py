"""Random rules as an author would type them, over the fields of the nasty rows.

They go through the parser and the type checker, which refuses some (a division that is not guarded,
a number that becomes too large); what it lets through must be the same in both back ends.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from nasty_rows import COLUMNS, OPTIONAL
from source_lists import DATASETS, LIST_FIELDS, ListSource

from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary.records import Member, Record
from handbill.plan.types import DateType

SCOPE = Scope(
    {
        "customer": RecordRoot(
            Record(
                {name: Member(type, name not in OPTIONAL) for name, (type, _) in COLUMNS.items()}
                | LIST_FIELDS
            ),
            DATASETS,
        ),
        "run": RecordRoot(Record({"date": Member(DateType(), True)})),
    },
    timezone="America/New_York",
)
TEXTS = ("''", "'a'", "'é'", "' '", "'ΣΑΣ'", "'o''x'".replace("''", "’"), "'NY'", "'0'")
STATES = ("'CA'", "'NY'", "'ÉT'")


class SourceGenerator:
    """Each method gives the text of one kind of expression."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lists = ListSource(self._random, self.number, self.text)

    def rules(self, count: int) -> Iterator[str]:
        for _ in range(count):
            yield self.condition(self._random.choice((2, 3, 3, 4)))

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def condition(self, depth: int) -> str:
        if depth == 0:
            return self._pick("customer.flag", "customer.state == 'NY'", "customer.natural > 1")
        less = depth - 1
        compare = self._pick("==", "!=", "<", "<=", ">", ">=")
        makers = (
            lambda: f"{self.number(less)} {compare} {self.number(less)}",
            lambda: f"{self.number(less)} {compare} {self.number(less)}",
            lambda: f"{self.text(less)} {compare} {self.text(less)}",
            lambda: f"{self.date(less)} {compare} {self.date(less)}",
            lambda: f"{self.condition(less)} and {self.condition(less)}",
            lambda: f"({self.condition(less)} or {self.condition(less)})",
            lambda: f"not ({self.condition(less)})",
            lambda: (
                f"({self.condition(less)} if {self.condition(less)} else {self.condition(less)})"
            ),
            lambda: (
                f"{self.text(less)} | {self._pick('contains', 'startswith', 'endswith')}"
                f"({self._pick(*TEXTS)})"
            ),
            lambda: f"customer.state in [{self._pick(*STATES)}, {self._pick(*STATES)}]",
            lambda: f"{self._pick(*TEXTS)} in customer.tags",
            lambda: self._guarded(less),
            lambda: self._divided(less),
            lambda: self._lists.condition(less),
            lambda: self._lists.condition(less),
            lambda: self._lists.condition(less),
            lambda: (
                f"customer.{self._pick('count', 'small')} is "
                f"{self._pick('even', 'odd', 'divisibleby(7)')}"
            ),
        )
        return self._random.choice(makers)()

    def _guarded(self, depth: int) -> str:
        field, use = self._random.choice(
            (
                ("maybe_count", f"customer.maybe_count > {self.number(depth)}"),
                (
                    "maybe_money",
                    f"(customer.maybe_money * customer.rate) | round(2) < {self.number(0)}",
                ),
                ("maybe_name", f"customer.maybe_name | lower == {self.text(depth)}"),
                ("last_order", f"customer.last_order | days_between({self.date(0)}) > 30"),
                ("maybe_state", "customer.maybe_state in ['CA', 'TX']"),
                ("maybe_numbers", "7 in customer.maybe_numbers"),
                ("maybe_flag", "not customer.maybe_flag"),
            )
        )
        if self._random.random() < 0.5:
            return f"customer.{field} is defined and {use}"
        return f"(customer.{field} is not defined or {use})"

    def _divided(self, depth: int) -> str:
        divisor = self._pick("small", "natural", "count", "money")
        whole = divisor != "money"
        operator = self._pick("/", "//", "%") if whole else "/"
        dividend = "customer.count" if operator != "/" else self.number(0)
        compare = self._pick("<", ">=", "==")
        use = f"{dividend} {operator} customer.{divisor} {compare} {self._pick('0', '1', '-3')}"
        if self._random.random() < 0.5:
            return f"customer.{divisor} != 0 and {use}"
        return f"(customer.{divisor} == 0 or {use})"

    def number(self, depth: int) -> str:
        leaves = (
            "customer.count", "customer.small", "customer.positive", "customer.natural",
            "customer.money", "customer.rate", "0", "-7", "12.5", "0.05", "100",
        )  # fmt: skip
        if depth == 0:
            return self._pick(*leaves)
        less = depth - 1
        makers = (
            lambda: f"({self.number(less)} {self._pick('+', '-', '*')} {self.number(less)})",
            lambda: f"({self.number(less)} {self._pick('+', '-')} {self.number(less)})",
            lambda: f"(-{self._pick('customer.money', 'customer.count')})",
            lambda: (
                f"(customer.{self._pick('count', 'small')} {self._pick('//', '%')} "
                f"{self._pick('3', '-3', '10', 'customer.positive')})"
            ),
            lambda: f"({self.number(less)} / {self._pick('3', '0.5', '-7', 'customer.month')})",
            lambda: f"(({self.number(less)}) | round{self._pick('', '(1)', '(2)', '(3)')})",
            lambda: f"(customer.{self._pick('money', 'small', 'rate')} | abs)",
            lambda: f"(customer.maybe_{self._pick('count', 'money', 'small')} | default(0))",
            lambda: f"({self.text(less)} | length)",
            lambda: f"(customer.tags[:{self._pick('1', '2', '9')}] | count)",
            lambda: f"({self.date(less)} | {self._pick('year', 'month', 'day', 'weekday')})",
            lambda: f"({self.date(less)} | days_between({self.date(less)}))",
            lambda: f"({self.number(less)} if {self.condition(less)} else {self.number(less)})",
        )
        return self._random.choice(makers)()

    def text(self, depth: int) -> str:
        if depth == 0:
            return self._pick("customer.name", "customer.city", *TEXTS)
        less = depth - 1
        makers = (
            lambda: f"(customer.name | {self._pick('lower', 'upper', 'trim')})",
            lambda: (
                f"({self.text(less)} ~ {self._pick('customer.money', 'customer.count', 'customer.name')})"
            ),
            lambda: f"(customer.city | truncate({self._pick('1', '3', '39')}))",
            lambda: (
                f"({self.text(less)} | replace({self._pick(*TEXTS[1:])}, {self._pick(*TEXTS)}))"
            ),
            lambda: f"(customer.maybe_name | default({self._pick(*TEXTS)}))",
            lambda: f"(customer.tags | first | default({self._pick(*TEXTS)}))",
            lambda: f"({self.text(less)} if {self.condition(less)} else {self.text(less)})",
        )
        return self._random.choice(makers)()

    def date(self, depth: int) -> str:
        if depth == 0:
            return "customer.born"
        days = self._pick("30", "-400", "customer.small", "customer.natural")
        return self._pick(
            f"({self.date(depth - 1)} | plus_days({days}))",
            "(customer.last_order | default(customer.born))",
            f"({self.date(depth - 1)} if {self.condition(depth - 1)} else customer.born)",
        )

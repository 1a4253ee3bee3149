"""How tightly printed words hold together: what must stand in parentheses where."""

from __future__ import annotations

from dataclasses import dataclass

IF, OR, AND, NOT, COMPARE, ADD, CONCAT, MUL, SIGN, FILTER, POSTFIX, ATOM = range(12)
"""As the language reads them, from the loosest to the tightest: `-a | abs` is `(-a) | abs`, and what
follows a filter is its member only behind parentheses."""


@dataclass(frozen=True, slots=True)
class Printed:
    text: str
    place: int

    def within(self, place: int) -> str:
        """The text as an operand that must hold together at least as tightly as `place`."""
        return self.text if self.place >= place else f"({self.text})"

    def behind(self, place: int) -> str:
        """The text as the operand behind an operator: a filter there would be taken for one of both
        operands, so that the language wants parentheses."""
        return f"({self.text})" if self.place == FILTER else self.within(place)

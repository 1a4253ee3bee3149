"""How tightly printed words hold together: what must stand in parentheses where."""

from __future__ import annotations

from dataclasses import dataclass

IF, OR, AND, NOT, COMPARE, ADD, CONCAT, MUL, TEST, POSTFIX, ATOM = range(11)
"""As the language reads them, from the loosest to the tightest. A filter's result counts as MUL, so
that it is put into parentheses wherever a filter or a sign could take hold of a part of it."""


@dataclass(frozen=True, slots=True)
class Printed:
    text: str
    place: int

    def within(self, place: int) -> str:
        """The text as an operand that must hold together at least as tightly as `place`."""
        return self.text if self.place >= place else f"({self.text})"

"""How long a string expression's type says that its values can be.

What a text can really become, and in what it is counted, is `language/bounds/`'s.
"""

from __future__ import annotations

from handbill.plan.ir import Expression
from handbill.plan.types import EnumType, StringType


def longest_string(expression: Expression) -> int:
    """The longest value of a string expression, in code points."""
    match expression.type:
        case StringType(maximum=maximum):
            return maximum
        case EnumType(values=values):
            return max(map(len, values), default=0)
    raise TypeError(f"not a string: {expression.type}")

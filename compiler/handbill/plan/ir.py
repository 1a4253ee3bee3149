"""The instruction set: what an audience rule or a message template becomes.

Expressions are total (they never raise and never overflow: the compiler proved it) and monomorphic:
decimals are scaled integers, so `12.50 + 1` is already ADD(1250, 100). An expression is missing
(None, NULL) only where the language allows it: DEFAULT, IS_DEFINED and branches not taken.
Every operation has a type signature in `handbill.language`, a Python body in `operations.py` and a
SQL lowering in `sql.py`; each of these is exhaustive over `Operation`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from handbill.plan.types import ListType, Type

OPERATION_SET = 2
"""Raised whenever an operation changes its meaning; part of every plan."""


class Operation(StrEnum):
    """Operands are listed in order. A name in capitals after `const` must be a Const node."""

    # logic and missing values
    AND = "and"  # bool, bool, …
    OR = "or"  # bool, bool, …
    NOT = "not"  # bool
    IF = "if"  # condition, then, else
    IS_DEFINED = "is_defined"  # optional value: a Field, a Member, FIRST of a list, …
    DEFAULT = "default"  # optional value, fallback
    # comparison; both sides have one representation
    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"  # value, const, const, …
    LIST_CONTAINS = "list_contains"  # list, value
    # integers (and scaled decimals)
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    NEG = "neg"
    ABS = "abs"
    FLOOR_DIV = "floor_div"  # dividend, divisor proved not 0; rounds down
    MOD = "mod"  # sign of the divisor, as Python
    ROUND_DIV = "round_div"  # dividend, divisor proved not 0; half away from zero
    # text; lengths are code points after NFC
    CONCAT = "concat"  # string, string, …
    INT_TEXT = "int_text"
    DECIMAL_TEXT = "decimal_text"  # scaled int, const SCALE: full scale, '.' as the point
    # scaled int, const SCALE, const POINT, const GROUP: 1,234.50; const BEYOND, where it is not 3: how
    # many digits the groups beyond the first have, as in 12,34,567
    GROUPED_TEXT = "grouped_text"
    LENGTH = "length"
    TRUNCATE = "truncate"  # string, const N: at most N code points, the last is … when cut
    CONTAINS = "contains"  # string, string
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    TRIM = "trim"  # exactly space \t \n \v \f \r
    LOWER = "lower"  # one to one, by the case table
    UPPER = "upper"
    TITLE = "title"  # templates only
    REPLACE = "replace"  # string, const OLD (not empty), const NEW
    # dates; an instant is naive UTC, a zone a name of the tzdata wheel (see zones.py)
    PLUS_DAYS = "plus_days"  # date, int
    DAYS_BETWEEN = "days_between"  # date, date: second minus first
    DATE_PART = "date_part"  # date, const 'year' | 'month' | 'day' | 'weekday' (Monday is 1)
    # (a HOME counts where the zone is missing or none of tzdata; without one, UTC does)
    LOCAL_DATE = (
        "local_date"  # datetime, zone, const HOME or nothing: the date there at that instant
    )
    DAY_START = "day_start"  # date, zone, const HOME or nothing: the instant that day begins there
    CHOOSE = "choose"  # int from 1, const, const, …: the n-th; proved in range
    # lists, relations among them
    COUNT = "count"  # list
    FIRST = "first"  # list: missing when empty
    LAST = "last"  # list: missing when empty
    ITEM = "item"  # list, const N: the N-th from 0, missing when there are not as many
    SLICE = "slice"  # list, const N: the first N
    SUM = "sum"  # list of int (or scaled decimal): 0 when empty
    AVERAGE = (
        "average"  # list of int, const FACTOR: ROUND_DIV(sum * FACTOR, count); missing when empty
    )
    MINIMUM = (
        "minimum"  # list of numbers, dates, datetimes, text (by code point): missing when empty
    )
    MAXIMUM = "maximum"
    JOIN = "join"  # list of string, const SEPARATOR; templates only


class ExpressionStruct(msgspec.Struct, frozen=True, tag_field="op", omit_defaults=True, gc=False):
    pass


_Scalar: TypeAlias = bool | int | str
_Inner: TypeAlias = _Scalar | tuple[_Scalar | None, ...] | None
_Nested: TypeAlias = _Scalar | tuple[_Scalar | tuple[_Inner, ...] | None, ...] | None
ConstValue: TypeAlias = _Scalar | tuple[_Nested, ...]
"""Lists and objects in one another, at most four deep; None is a member that is missing."""


class Const(ExpressionStruct, frozen=True, tag="const"):
    """`value` is bool, int (a decimal is scaled) or str; a date or datetime is its ISO text.

    A list is the tuple of its items, an object that of its members in their order.
    """

    type: Type
    value: ConstValue


class Field(ExpressionStruct, frozen=True, tag="field"):
    """A value read from the row or the context: ("customer", "store", "name"), ("run", "date").

    The first part is the root. `customer` comes from the row; every other root from the context.
    """

    path: tuple[str, ...]
    type: Type


class Local(ExpressionStruct, frozen=True, tag="local"):
    """A name bound by For, Set or Each; also `NAME.index0` and `NAME.length` in a For's body."""

    name: str
    type: Type


class Call(ExpressionStruct, frozen=True, tag="call"):
    """`wide` says that a SQL back end needs 128-bit integers for this operation."""

    operation: Operation
    arguments: tuple[Expression, ...]
    type: Type
    wide: bool = False


class Member(ExpressionStruct, frozen=True, tag="member"):
    """One member of an object: missing when `of` is missing or has no such value."""

    of: Expression
    name: str
    type: Type


class Step(StrEnum):
    """What an Each makes of its items and of the value that its body has for each."""

    SELECT = "select"  # the items whose body is true
    MAP = "map"  # the bodies' values, missing ones left out
    SORT = "sort"  # by the body, stable; items whose body is missing come last, always
    UNIQUE = "unique"  # the first item of each value of the body; a missing one is a value too


class Each(ExpressionStruct, frozen=True, tag="each"):
    """One step of a pipeline over a list: `body` reads the item as `Local(name, item type)`.

    `descending` is for SORT alone; equal keys keep their order then too, text is by code point.
    """

    step: Step
    items: Expression
    name: str
    body: Expression
    type: ListType
    descending: bool = False


Expression: TypeAlias = Const | Field | Local | Call | Member | Each


class Escape(StrEnum):
    """What a hole's surroundings need; decided at compile time from where the hole stands.

    PLAIN is for values only: the author's constants, a join's separator among them, stay as they are.
    """

    NONE = "none"  # as it is: a member of a vendor's request, which its driver encodes
    PLAIN = "plain"  # plain text: control characters and line breaks become a space
    HEADER = "header"  # the same, for the author's constants too: one line
    HTML_TEXT = "html_text"
    HTML_ATTRIBUTE = "html_attribute"  # double-quoted
    URL = "url"  # percent-encoded; as safe in HTML and in plain text
    URL_SEGMENT = "url_segment"  # all of a path segment perhaps: never empty, never only dots


class OpStruct(msgspec.Struct, frozen=True, tag_field="op", omit_defaults=True, gc=False):
    pass


class Text(OpStruct, frozen=True, tag="text"):
    text: str


class Put(OpStruct, frozen=True, tag="put"):
    """Writes a string expression, escaped."""

    expression: Expression
    escape: Escape


class Branch(msgspec.Struct, frozen=True, gc=False):
    condition: Expression
    body: tuple[Op, ...]


class If(OpStruct, frozen=True, tag="if"):
    """The first branch that holds, else `otherwise`."""

    branches: tuple[Branch, ...]
    otherwise: tuple[Op, ...] = ()


class For(OpStruct, frozen=True, tag="for"):
    """Repeats `body` for the first `limit` items; `otherwise` when there are none.

    Inside the body `Local(name)` is the item, `Local(name + ".index0")` its place from 0 and
    `Local(name + ".length")` how many are shown.
    """

    name: str
    items: Expression
    limit: int
    body: tuple[Op, ...]
    otherwise: tuple[Op, ...] = ()


class Set(OpStruct, frozen=True, tag="set"):
    """Binds a local name until the end of the enclosing body (of the template, inside an If)."""

    name: str
    expression: Expression


Op: TypeAlias = Text | Put | If | For | Set

"""`'bakery' in customer.departments`, looked for in the list as the source file has it.

Proving every item of a list costs more than the search itself. Where no item that the import view
drops or changes can equal the constant, the source's own list gives the same answer. Only for rules
that read the view itself: a table that was made of it holds proved lists already.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.types import EnumType, ListType, StringType, Type

AS_WRITTEN = " as written"
"""After a list column's name: the view's column that holds the source's list. No field is so named."""
COMPOSED = frozenset("K;`")
"""ASCII that NFC makes of other characters (the Kelvin sign, the Greek question mark, varia)."""


def is_searchable(type: Type, source_type: str) -> bool:
    """Whether the view offers this column as written too."""
    if source_type != "VARCHAR[]" or not isinstance(type, ListType):
        return False
    match type.item:
        case EnumType(values=values):
            return all(value.isascii() for value in values)
        case StringType():
            return True
        case _:
            return False


def search_as_written(expression: Expression, columns: Collection[str]) -> Expression:
    """The same rule, looking constants up in those lists of `columns` (names) as written."""
    match expression:
        case Call(
            operation=Operation.LIST_CONTAINS, arguments=(Field() as field, Const(value=str(item)))
        ):
            name = ".".join(field.path[1:])
            if field.path[0] == "customer" and name in columns and _is_certain(item, field.type):
                written = Field(("customer", name + AS_WRITTEN), field.type)
                arguments = (written, expression.arguments[1])
                return msgspec.structs.replace(expression, arguments=arguments)
            return expression
        case Call(arguments=arguments):
            changed = tuple(search_as_written(argument, columns) for argument in arguments)
            return msgspec.structs.replace(expression, arguments=changed)
        case _:
            return expression


def _is_certain(item: str, type: Type) -> bool:
    """Whether an item of the source equals `item` exactly where one of the proved list does."""
    assert isinstance(type, ListType)
    match type.item:
        case EnumType(values=values):
            return item in values
        case StringType(maximum=maximum):
            printable = item.isascii() and item.isprintable()
            return printable and len(item) <= maximum and not COMPOSED & set(item)
        case _:
            return False

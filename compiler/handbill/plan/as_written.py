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
        case Call(operation=Operation.LIST_CONTAINS, arguments=(items, Const(value=str(item)))):
            field = _list_field(items)
            if field is None or not _has(columns, field) or not _is_certain(item, field.type):
                return expression
            return _replaced(expression, _written_list(items), expression.arguments[1])
        case Call(operation=Operation.IS_DEFINED, arguments=(Field() as field,)):
            return _replaced(expression, _written(field)) if _has(columns, field) else expression
        case Call(arguments=arguments):
            return _replaced(expression, *(search_as_written(one, columns) for one in arguments))
        case _:
            return expression


def _list_field(items: Expression) -> Field | None:
    """The field in which an item is looked for, also where a constant stands in for a missing one."""
    match items:
        case Field():
            return items
        case Call(operation=Operation.DEFAULT, arguments=(Field() as field, Const())):
            return field
        case _:
            return None


def _written_list(items: Expression) -> Expression:
    match items:
        case Call(arguments=(Field() as field, *rest)):
            return _replaced(items, _written(field), *rest)
        case Field():
            return _written(items)
        case _:
            raise AssertionError(items)


def _written(field: Field) -> Field:
    """Missing exactly where the field is."""
    return Field(("customer", ".".join(field.path[1:]) + AS_WRITTEN), field.type)


def _has(columns: Collection[str], field: Field) -> bool:
    return field.path[0] == "customer" and ".".join(field.path[1:]) in columns


def _replaced(call: Call, *arguments: Expression) -> Call:
    return msgspec.structs.replace(call, arguments=arguments)


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

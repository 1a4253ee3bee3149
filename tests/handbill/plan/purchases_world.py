"""A small relation, a list of objects, and short ways to write pipelines over them."""

import datetime

from handbill.plan.ir import Call, Const, Each, Field, Local, Member, Step
from handbill.plan.ir import Operation as O
from handbill.plan.model import FieldNeed
from handbill.plan.sql_relations import KeyColumn, RelationSource
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)

BOOL, INT, TEXT, DATE, DATETIME = BoolType(), IntType(), StringType(20), DateType(), DatetimeType()
MONEY = DecimalType(2, 0, 1_000_000)
PURCHASE = ObjectType(
    (
        MemberType("amount", MONEY, required=True),
        MemberType("at", DATETIME, required=True),
        MemberType("note", TEXT),
        MemberType("sku", TEXT, required=True),
    )
)
LIST = ListType(PURCHASE, 1_000)
PURCHASES = Field(("customer", "purchases"), LIST)
STORE = Field(("customer", "store"), TEXT)
FIELDS = (FieldNeed(path=("purchases",), type=LIST), FieldNeed(path=("store",), type=TEXT))
SOURCE = RelationSource("purchases", (KeyColumn("who", text=True),), ("at", "id"), LIST)
RUN_DATE = datetime.date(2026, 11, 24)


def at(day, hour=12):
    return datetime.datetime(2026, 11, day, hour)


ROWS = {
    "7": ((500, at(1), "x", "tea"), (300, at(2), None, "milk"), (250, at(2), "y", "tea")),
    "8": ((1, at(3), None, "eggs"),),
    "9": (),
}
A_FEW = ROWS["7"]
STORES = {"7": "tea", "8": None, "9": "milk"}


def load(connection):
    """Tables `customers(id, store)` and `purchases`; the ids of the latter give ties their order."""
    connection.execute("CREATE TABLE customers (id VARCHAR, store VARCHAR)")
    connection.executemany("INSERT INTO customers VALUES (?, ?)", list(STORES.items()))
    connection.execute(
        'CREATE TABLE purchases (who BIGINT, id INTEGER, amount BIGINT, "at" TIMESTAMP, note VARCHAR,'
        " sku VARCHAR)"
    )
    rows = [
        (int(who), place, amount, time, note, sku)
        for who, bought in ROWS.items()
        for place, (amount, time, note, sku) in enumerate(bought)
    ]
    connection.executemany("INSERT INTO purchases VALUES (?, ?, ?, ?, ?, ?)", rows[::-1])


def item(type=PURCHASE):
    return Local("item", type)


def member(name, of=None):
    of = item() if of is None else of
    return Member(of, name, PURCHASE.members[PURCHASE.place(name)].type)


def call(operation, type, *arguments):
    return Call(operation, arguments, type)


def each(step, items, body, descending=False):
    type = ListType(body.type, items.type.maximum) if step is Step.MAP else items.type
    return Each(step, items, "item", body, type, descending)


def select(items, body):
    return each(Step.SELECT, items, body)


def mapped(items, name):
    return each(Step.MAP, items, member(name))


def sort(items, name, descending=False):
    return each(Step.SORT, items, member(name), descending)


def unique(items, body):
    return each(Step.UNIQUE, items, body)


def cut(items, limit):
    return call(O.SLICE, items.type, items, Const(INT, limit))


def count(items):
    return call(O.COUNT, INT, items)


def first(items):
    return call(O.FIRST, items.type.item, items)


def last(items):
    return call(O.LAST, items.type.item, items)


def nth(items, place):
    return call(O.ITEM, items.type.item, items, Const(INT, place))


def text(value):
    return Const(StringType(len(value)), value)


def is_sku(value):
    return call(O.EQ, BOOL, member("sku"), text(value))

"""A small grocer to write templates for: its vocabulary, its constants, its template files."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from handbill.language.expressions.checked import value_of
from handbill.language.expressions.reads import expressions_of, fields_in
from handbill.language.scope import ConstantRoot, RecordRoot, Root, Scope, ValueRoot
from handbill.language.template import CompiledTemplate, TemplateKind, compile_template
from handbill.language.vocabulary.vocabulary import Member, Record, read_vocabulary
from handbill.plan.ir import Field, Op
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_template as row_template
from handbill.plan.types import DateType, StringType, Type
from handbill.source.text import SourceText

CUSTOMER_SCHEMA = b"""{
  "type": "object",
  "required": ["id", "name", "orders", "gold", "favorites", "points", "tier", "near", "basket"],
  "properties": {
    "id": {"type": "string", "maxLength": 40},
    "name": {"type": "string", "maxLength": 40},
    "first_name": {"type": "string", "maxLength": 40},
    "orders": {"type": "integer", "minimum": 0, "maximum": 1000},
    "gold": {"type": "boolean"},
    "birthday": {"type": "string", "format": "date"},
    "favorites": {"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 40}},
    "near": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 40}},
    "points": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 10000000},
    "tier": {"enum": ["basic", "silver", "gold"]},
    "store": {"type": "string", "maxLength": 40, "x-references": "stores"},
    "basket": {"type": "array", "maxItems": 4, "items": {
      "type": "object", "required": ["name", "price"], "properties": {
        "name": {"type": "string", "maxLength": 20},
        "price": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000},
        "note": {"type": "string", "maxLength": 20}}}}
  }
}"""
STORES_SCHEMA = b"""{
  "type": "object",
  "required": ["id", "name"],
  "properties": {
    "id": {"type": "string", "maxLength": 40},
    "name": {"type": "string", "maxLength": 60}
  }
}"""

ANN: Mapping[str, object] = {
    "id": "c1",
    "name": "Ann",
    "first_name": "Ann",
    "orders": 7,
    "gold": True,
    "birthday": datetime.date(1990, 5, 17),
    "favorites": ("Bakery", "Dairy"),
    "near": (),
    "points": 123450,
    "tier": "gold",
    "store": "s1",
    "store.name": "Main Street",
    "basket": (("Milk", None, 350), ("Eggs", "new", 425), ("Bread", "new", 350)),
}
UNSUBSCRIBE = "https://mail.example/u?c=1&t=2"
LINK = StringType(300)


def scope() -> Scope:
    vocabulary, found = read_vocabulary(
        {
            "schemas/customer.schema.json": CUSTOMER_SCHEMA,
            "schemas/data/stores.schema.json": STORES_SCHEMA,
        }
    )
    assert not found
    roots: dict[str, Root] = {
        "customer": RecordRoot(vocabulary.customer, vocabulary.datasets),
        "run": RecordRoot(Record({"date": Member(DateType(), required=True)})),
        "tenant": ConstantRoot({"name": "Fresh & Fields"}),
        "brand": ConstantRoot(
            {
                "site": "https://fresh.example",
                "color": "#1a7f37",
                "fonts": "Georgia, 'Times New Roman', serif",
                "broken": "javascript:alert(1)",
                "odd": "red; background: url(x)",
            }
        ),
        "params": ConstantRoot(
            {
                "departments": ["Bakery", "Dairy"],
                "products": [
                    {"name": "Milk", "price": Decimal("3.50")},
                    {"name": "Eggs", "price": Decimal("4.00")},
                ],
                "numbers": list(range(200)),
                "none": None,
                "empty": [],
                "loud": True,
            }
        ),
        "unsubscribe_url": ValueRoot(value_of(Field(("unsubscribe_url",), LINK), LINK)),
    }
    return Scope(roots)


SCOPE = scope()


class Templates:
    """The files of `t/`."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def load(self, name: str, from_file: str) -> SourceText | None:
        text = self.files.get(name)
        return SourceText.of_file(f"t/{name}", text) if text is not None else None

    def suggest(self, name: str, from_file: str) -> str | None:
        return next((known for known in sorted(self.files) if known[:3] == name[:3]), None)


def compiled(
    text: str,
    kind: TemplateKind = TemplateKind.HTML,
    files: Mapping[str, str] | None = None,
    blocks: Mapping[str, str] | None = None,
) -> CompiledTemplate:
    """`text` is the file t/main.html; a block's replacement is the file t/block-NAME.html."""
    replaced = {
        name: SourceText.of_file(f"t/block-{name}.html", each)
        for name, each in (blocks or {}).items()
    }
    source = SourceText.of_file("t/main.html", text)
    return compile_template(source, SCOPE, kind, Templates(files or {}), replaced)


def ops_of(
    text: str,
    kind: TemplateKind = TemplateKind.HTML,
    files: Mapping[str, str] | None = None,
    blocks: Mapping[str, str] | None = None,
) -> tuple[Op, ...]:
    """The operations of a template without mistakes."""
    result = compiled(text, kind, files, blocks)
    assert not result.diagnostics, result.diagnostics
    assert result.ops is not None
    return result.ops


def render(
    text: str,
    kind: TemplateKind = TemplateKind.HTML,
    files: Mapping[str, str] | None = None,
    blocks: Mapping[str, str] | None = None,
    **customer: object,
) -> str:
    """What Ann gets, with some of her fields changed."""
    return run(ops_of(text, kind, files, blocks), **customer)


def run(ops: tuple[Op, ...], **customer: object) -> str:
    values = {**ANN, **customer}
    types: dict[tuple[str, ...], Type] = {}
    for expression in expressions_of(ops):
        types.update(fields_in(expression))
    paths = sorted(path[1:] for path in types if path[0] == "customer")
    needs = [FieldNeed(path=path, type=types["customer", *path]) for path in paths]
    row = tuple(values.get(".".join(path)) for path in paths)
    context = {("unsubscribe_url",): UNSUBSCRIBE, ("run", "date"): datetime.date(2026, 12, 5)}
    return row_template(ops, needs)(row, context)


def mistakes(
    text: str,
    kind: TemplateKind = TemplateKind.HTML,
    files: Mapping[str, str] | None = None,
    blocks: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Each finding as its code and exactly the characters that it underlines."""
    result = compiled(text, kind, files, blocks)
    assert result.ops is None
    texts = {"t/main.html": text}
    texts |= {f"t/{name}": each for name, each in (files or {}).items()}
    texts |= {f"t/block-{name}.html": each for name, each in (blocks or {}).items()}
    found = []
    for diagnostic in result.diagnostics:
        where = diagnostic.range
        assert where is not None
        lines = texts[where.file].split("\n")
        if where.line == where.end_line:
            under = lines[where.line - 1][where.column - 1 : where.end_column - 1]
        else:
            first = lines[where.line - 1][where.column - 1 :]
            under = "\n".join([first, *lines[where.line : where.end_line - 1]])
        found.append((diagnostic.code, under))
    return found


def message(text: str, kind: TemplateKind = TemplateKind.HTML) -> tuple[str, str | None]:
    """Message and hint of the first finding."""
    first = compiled(text, kind).diagnostics[0]
    return first.message, first.hint

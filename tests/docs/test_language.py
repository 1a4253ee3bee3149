"""docs/language.md: each expression is accepted or refused as the page says, and comes out so."""

from __future__ import annotations

import datetime
import json
import pathlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from pages import DOCS, UPDATE, Section, filled, lay_out, output_of, read_page

from handbill.language.expressions.arithmetic import MAX_TEXT
from handbill.language.expressions.reads import MAX_DEPTH as EXPRESSION_DEPTH
from handbill.language.expressions.reads import MAX_SIZE
from handbill.language.syntax.parse import MAX_EXPRESSION_BYTES, MAX_TEMPLATE_BYTES
from handbill.language.syntax.tokens import MAX_NESTING
from handbill.language.templates import drafting
from handbill.language.templates.loops import MAX_ROUNDS
from handbill.pipeline import Compiled, compile_tree
from handbill.plan.canonical import decode_object
from handbill.plan.model import FieldNeed, Plan
from handbill.plan.row import compile_template
from handbill.plan.types import DECIMAL_MAX_SCALE, DateType, DecimalType, ListType, Type
from handbill.source.working_tree import open_working_tree

PAGE = read_page(DOCS / "language.md")
RUN_DATE = datetime.date(2026, 12, 5)
OPTIONAL_BODY = "address: phone\nparts: {body: {kind: text, max: 480}}\n"
"""A text of one hole may be empty, which a required part should not be (HB627)."""


def rows(header: tuple[str, ...]) -> list[tuple[str, ...]]:
    tables = [each for each in PAGE.tables if each.header[: len(header)] == header]
    return [tuple(cell.strip("`") for cell in row) for each in tables for row in each.rows]


def campaign(text: str) -> str:
    """A campaign with the expression as its audience, or with the text as its message."""
    is_text = text.startswith(("{{", "{%"))
    return (
        "category: promotions\nstatus: active\ntrigger: {at: 2026-12-05T10:00}\n"
        f"audience: {'everyone' if is_text else json.dumps(text)}\n"
        f"message: {{sms: {{body: {json.dumps(text if is_text else 'Hello')}}}}}\n"
    )


def compiled(
    texts: list[str], folder: pathlib.Path, extra: str = "", more: Mapping[str, str] | None = None
) -> Compiled:
    files = {
        f"tenants/fresh-fields/campaigns/x{n}.yaml": campaign(text) + extra
        for n, text in enumerate(texts)
    }
    files["channels/sms/channel.yaml"] = OPTIONAL_BODY
    lay_out({**PAGE.sections[0].files, **vocabulary(), **files, **(more or {})}, folder)
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


def vocabulary() -> dict[str, str]:
    """What any section adds to the fields and to the data that the tenant has."""
    return {
        path: text
        for section in PAGE.sections
        for path, text in section.files.items()
        if "/schemas/" in path or path.endswith("tenant.yaml")
    }


def test_expressions_are_accepted_or_refused(tmp_path: pathlib.Path) -> None:
    table = rows(("expression", ""))
    assert len(table) >= 40
    codes: dict[str, set[str]] = {}
    for each in compiled([row[0] for row in table], tmp_path).diagnostics:
        assert each.range is not None
        codes.setdefault(pathlib.Path(each.range.file).stem, set()).add(each.code)
    said = {row[0]: row[1] for row in table}
    found = {row[0]: ", ".join(codes.get(f"x{n}", {"ok"})) for n, row in enumerate(table)}
    assert found == said


SAMPLES = {
    "customer": "customer.id == 'c'",
    "run.date": "run.date > '2026-01-01'",
    "params": "params.size == 3",
    "tenant": "tenant.id == tenant.timezone or tenant.locale == tenant.currency",
    "brand": "brand.site == brand.postal_address or brand.colors.primary == '#000'",
    "campaign": "campaign.name == campaign.category or 'x' in campaign.tags",
    "audiences": "audiences.everybody",
    "variant": "variant == 'only'",
    "channel": "channel == 'sms'",
    "unsubscribe_url": "unsubscribe_url | length > 3",
    "view_url": "view_url | length > 3",
}
"""Name → a condition that uses it; `offer` and `preheader` are in examples of other pages."""


def test_names_are_known_where_the_page_says(tmp_path: pathlib.Path) -> None:
    where = {row[0]: row[2] for row in rows(("name", "what it is", "where"))}
    assert set(where) == {*SAMPLES, "offer", "preheader"}
    texts = [(name, text) for name, rule in SAMPLES.items() for text in both(rule)]
    extra = "with: {size: 3}\ntags: [x]\n"
    audience = {"tenants/fresh-fields/audiences/everybody.yaml": "include: customer.id != ''\n"}
    result = compiled([text for _, text in texts], tmp_path, extra, audience)
    wrong = {pathlib.Path(each.range.file).stem for each in result.diagnostics if each.range}
    for number, (name, text) in enumerate(texts):
        known = where[name] == "everywhere" or text.startswith("{%")
        assert (f"x{number}" not in wrong) == known, (name, text)


def both(rule: str) -> tuple[str, str]:
    """As an audience, and in a message."""
    return rule, f"{{% if {rule} %}}yes{{% endif %}}"


def test_guards_are_accepted(tmp_path: pathlib.Path) -> None:
    table = [row[1] for row in rows(("what you want", "write")) if "customer." in row[1]]
    assert len(table) == 4
    assert compiled(table, tmp_path).diagnostics == ()


def test_texts_come_out_so(tmp_path: pathlib.Path) -> None:
    table = rows(("text", "comes out as"))
    result = compiled([row[0] for row in table], tmp_path)
    assert result.diagnostics == ()
    plans = {plan.campaign: plan for plan in plans_of(result)}
    written = {row[0]: rendered(plans[f"x{n}"]) for n, row in enumerate(table)}
    assert written == {row[0]: row[1] for row in table}


def plans_of(result: Compiled) -> Iterator[Plan]:
    assert result.release is not None
    for pack in result.release.packs.values():
        for data in pack.values():
            found = decode_object(data)
            if isinstance(found, Plan):
                yield found


def rendered(plan: Plan) -> str:
    body = plan.variants[0].messages["main"]["sms"].locales["en-US"]["body"]
    row = tuple(value_of(need) for need in plan.fields)
    return compile_template(body, plan.fields)(row, {("run", "date"): RUN_DATE})


def customer() -> Mapping[str, Any]:
    [block] = [
        block
        for section in PAGE.sections
        for block in section.blocks
        if block.language == "json" and block.file is None
    ]
    found: Mapping[str, Any] = json.loads(block.text)
    return found


def value_of(need: FieldNeed) -> Any:
    value = customer().get(".".join(need.path))
    return None if value is None else in_row(value, need.type)


def in_row(value: Any, type_: Type) -> Any:
    match type_:
        case DecimalType(scale=scale):
            return int(Decimal(value).scaleb(scale))
        case DateType():
            return datetime.date.fromisoformat(value)
        case ListType(item=item):
            return tuple(in_row(each, item) for each in value)
        case _:
            return value


def test_limits_are_those_of_the_code() -> None:
    limits = {row[0]: row[1] for row in rows(("", "at most"))}
    assert limits["an expression"].startswith(
        f"{MAX_EXPRESSION_BYTES // 1024} KB, {MAX_NESTING} brackets inside each other,"
        f" {EXPRESSION_DEPTH} levels and {MAX_SIZE:,} parts"
    )
    assert limits["a template"] == (
        f"{MAX_TEMPLATE_BYTES // 1024} KB, {drafting.MAX_DEPTH} files and blocks inside each other,"
        f" {drafting.MAX_STATEMENTS:,} pieces, {drafting.MAX_TEXT // 10**6} million characters"
    )
    assert limits["loops in loops"] == f"{MAX_ROUNDS:,} rounds together"
    assert limits["a text that an expression makes"] == f"{MAX_TEXT:,} characters"
    assert limits["digits after the point"] == str(DECIMAL_MAX_SCALE)


def sections() -> list[Section]:
    return [each for each in PAGE.sections if each.files and not each.consoles]


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.title)
def test_files_have_no_findings(section: Section, tmp_path: pathlib.Path) -> None:
    own = {**PAGE.sections[0].files, **section.files}
    lay_out(own, tmp_path)
    assert output_of(["check"], tmp_path).endswith(": no findings\n")


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE

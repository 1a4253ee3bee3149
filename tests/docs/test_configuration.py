"""docs/configuration.md lists exactly the fields that exist, and what it shows as a file is one."""

from __future__ import annotations

import re

import pytest
from fields import FieldOfModel, fields_of
from pages import DOCS, UPDATE, Page, Section, Table, filled, lay_out, output_of, read_page
from pydantic import BaseModel

from handbill.schema.document_schema import MODELS
from handbill.schema.laws import CAMPAIGN_LAWS, RETAILER_LAWS, Law, law_of
from handbill.schema.models.blueprint import BlueprintDocument, ParamSchema
from handbill.schema.models.campaign import CampaignDocument, CampaignFields
from handbill.schema.models.effective import EffectiveCampaign
from handbill.schema.models.limits import Limits, Links
from handbill.schema.models.tenant import GroupDocument, RetailerDefaults, TenantDocument
from handbill.source.layout import DocumentKind

PAGE = read_page(DOCS / "configuration.md")
WITHIN = {
    BlueprintDocument: CampaignFields,
    CampaignDocument: CampaignFields,
    GroupDocument: RetailerDefaults,
    TenantDocument: RetailerDefaults,
}
"""Model → the part of its fields that has a table of its own."""
SHARED = (CampaignFields, Limits, Links, ParamSchema, RetailerDefaults)
TABLED: dict[str, type[BaseModel]] = {
    model.__name__: model for model in (*MODELS.values(), *SHARED)
}
RETAILER = ("PlatformDocument", "RetailerDefaults")
LAYERED = (*RETAILER, "CampaignFields", "CampaignDocument", "Limits", "Links")
WORDS = {
    Law.MERGE: "merges",
    Law.ATOM: "whole",
    Law.ADD: "adds",
    Law.STRICTEST: "strictest",
    Law.UNION: "union",
    Law.LARGEST: "largest",
}
KINDS = {
    "expr": "expression",
    "duration": "duration",
    "rate": "rate",
    "share": "share",
    "window": "window",
    "date": "date",
    "datetime": "date-time",
    "cron": "schedule",
    "locale": "locale",
    "prose": "prose",
    "template": "text",
    "url": "URL",
    "web-url": "web address",
}
"""x-kind → the word that the type's cell must hold."""


def fields_tables() -> dict[str, list[Table]]:
    found: dict[str, list[Table]] = {}
    for table in PAGE.tables:
        if table.mark.startswith("fields: "):
            found.setdefault(table.mark.removeprefix("fields: "), []).append(table)
    return found


def model_fields(name: str) -> dict[str, FieldOfModel]:
    model = TABLED[name]
    elsewhere = {shared.__name__ for shared in SHARED} - {name}
    found = fields_of(model, elsewhere)
    if model in WITHIN:
        own = fields_of(WITHIN[model], elsewhere)
        found = {path: field for path, field in found.items() if path not in own}
    return found


def documented(name: str) -> dict[str, dict[str, str]]:
    """Path → the row's cells by the table's header; several paths may share a row."""
    rows: dict[str, dict[str, str]] = {}
    for table in fields_tables()[name]:
        for row in table.rows:
            for written in re.findall(r"`([^`]+)`", row[0]):
                path = re.sub(r"\b[A-Z]+\b", "*", written)
                assert path not in rows, f"{written} is listed twice"
                rows[path] = dict(zip(table.header, row, strict=True))
    return rows


def test_every_model_has_a_table() -> None:
    assert set(fields_tables()) == set(TABLED)
    assert set(MODELS) == {kind for kind in DocumentKind if kind.is_yaml}


@pytest.mark.parametrize("name", sorted(TABLED))
def test_the_fields_are_those_of_the_model(name: str) -> None:
    fields, rows = model_fields(name), documented(name)
    assert set(rows) - set(fields) == set(), "listed, and no field"
    missing = {path for path, field in fields.items() if field.whole and path not in rows}
    assert missing == set(), "a field, and not listed"


@pytest.mark.parametrize("name", sorted(TABLED))
def test_defaults_and_types_are_those_of_the_model(name: str) -> None:
    fields = model_fields(name)
    for path, row in documented(name).items():
        field, default = fields[path], row["default"]
        if field.required:
            assert re.search("required|needed|with|^$", default), path
        else:
            assert "required" not in default or path.endswith("use"), path
        if field.default is not None and not isinstance(field.default, list | dict):
            shown = str(field.default).lower()
            assert (shown or "empty") in default.lower().replace("`", ""), path
        for kind in field.kinds & KINDS.keys():
            assert KINDS[kind] in row["type"] or "`" in row["type"], (path, kind)


def test_defaults_of_a_campaign_are_those_after_all_layers() -> None:
    rows = documented("CampaignFields") | documented("CampaignDocument")
    checked = []
    for path, field in fields_of(EffectiveCampaign, ()).items():
        if path in rows and isinstance(field.default, str | int):
            assert str(field.default) in rows[path]["default"], path
            checked.append(path)
    assert {"status", "priority", "expires", "holdout", "deliver.mode"} <= set(checked)


@pytest.mark.parametrize("name", LAYERED)
def test_who_and_law_are_those_of_the_table_of_laws(name: str) -> None:
    laws = RETAILER_LAWS if name in RETAILER else CAMPAIGN_LAWS
    for path, row in documented(name).items():
        steps = tuple(path.replace("[]", ".*").split("."))
        if name in ("Limits", "Links"):
            steps = (name.lower(), *steps)
        elif steps[0] == "message":
            steps = ("messages", "*", *steps[1:])
        law = law_of(laws, steps)
        if law is None:  # `limits` and `blueprints.NAME` only lead on
            assert row["law"] == "", path
            continue
        assert row["law"] == WORDS[law.law], path
        assert row["who"] == "".join(each for each in "PNBGTC" if each in law.layers), path


def test_every_field_is_in_an_example() -> None:
    shown = "".join(block.text for section in PAGE.sections for block in section.blocks)
    for name in TABLED:
        for path, field in model_fields(name).items():
            last = path.removesuffix("[]").split(".")[-1]
            if field.whole and last != "*":
                assert re.search(rf"\b{last}:", shown), f"{name}: {path}"


# ── examples ─────────────────────────────────────────────────────────────────────────────────────


def examples(page: Page) -> list[Section]:
    return [each for each in page.sections if page.files_of(each) and not each.consoles]


@pytest.mark.parametrize("section", examples(PAGE), ids=lambda section: section.title)
def test_files_have_no_findings(section: Section, tmp_path) -> None:
    lay_out(PAGE.files_of(section), tmp_path)
    assert output_of(["check"], tmp_path).endswith(": no findings\n")


def test_outputs_are_real(tmp_path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


CAMPAIGN = {
    "category": "category: promotions",
    "status": "status: draft",
    "trigger": "trigger: {at: 2026-12-05T10:00}",
    "audience": "audience: everyone",
    "message": 'message: {email: {subject: "Open", template: hello.html}}',
}


def strict_rows() -> tuple[tuple[str, ...], ...]:
    [table] = [each for each in PAGE.tables if each.mark == "strict yaml"]
    return table.rows


@pytest.mark.parametrize("row", strict_rows(), ids=lambda row: row[0])
def test_strict_yaml(row: tuple[str, ...], tmp_path) -> None:
    wrong, code, right = (cell.strip("`") for cell in row)
    assert f"error[{code}]" in checked_with(wrong, tmp_path / "wrong")
    assert checked_with(right, tmp_path / "right").endswith(": no findings\n")


def checked_with(line: str, folder) -> str:
    lines = {**CAMPAIGN, line.partition(":")[0]: line}
    if line.startswith("on:"):
        del lines["trigger"]
    text = "".join(f"{each}\n" for each in lines.values())
    lay_out({"tenants/fresh-fields/campaigns/x.yaml": text}, folder)
    return output_of(["check"], folder)

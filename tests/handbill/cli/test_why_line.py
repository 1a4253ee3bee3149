"""Who reads what a line says, kind of file by kind of file, on the sample retailers."""

from __future__ import annotations

import functools
import pathlib

import pytest

from handbill.cli.why_line import Configuration, LineReport, NoSuchLine, report_of
from handbill.resolve.resolve import resolve_repository
from handbill.schema.documents import check_documents
from handbill.source.documents import load_documents
from handbill.source.working_tree import open_working_tree

SAMPLES = pathlib.Path(__file__).parents[3]


@functools.cache
def samples() -> Configuration:
    tree, _ = open_working_tree(SAMPLES)
    assert tree is not None
    checked, _ = check_documents(load_documents(tree)[0])
    return Configuration(tree, checked, resolve_repository(checked.documents, checked.places)[0])


def report(file: str, text: str) -> LineReport:
    lines = samples().tree.read(file).decode().split("\n")
    number = next(at for at, line in enumerate(lines, 1) if text in line)
    return report_of(samples(), file, number)


def campaigns(file: str, text: str) -> set[str]:
    found = report(file, text).reached
    return {f"{each.tenant}/{each.campaign}" for each in found if each.campaign}


@pytest.mark.parametrize(
    ("file", "text", "some", "never"),
    [
        ("tenants/copper-kettle/audiences/patrons.yaml", "include",
         {"copper-kettle/butcher-preorder"}, {"copper-kettle/replenish"}),
        ("schemas/customer.schema.json", '"first_name"',
         {"fresh-fields/winback", "valle-market/winback"}, {"fresh-fields/weekly-circular"}),
        ("schemas/customer.schema.json", '"declined":',
         {"fresh-fields/recall", "lotus-lane/dongji"}, set()),
        ("schemas/customer.schema.json", '"phone":',
         {"fresh-fields/recall"}, set()),
        ("schemas/data/stores.schema.json", '"name":',
         {"fresh-fields/winback"}, {"copper-kettle/welcome-back-call"}),
        ("channels/email/templates/base.mjml", "mjml",
         {"fresh-fields/winback", "fresh-fields/double-points"}, {"fresh-fields/nothing"}),
        ("blueprints/winback/templates/winback.mjml", "mj",
         {"fresh-fields/winback"}, {"fresh-fields/double-points"}),
        ("channels/sms/channel.yaml", "max", {"fresh-fields/winback"}, {"fresh-fields/usuals"}),
        ("blueprints/winback/blueprint.yaml", "open:",
         {"fresh-fields/winback"}, {"fresh-fields/usuals"}),
        ("blueprints/winback/blueprint.yaml", "discount:",
         {"fresh-fields/winback"}, {"fresh-fields/usuals"}),
        ("handbill.yaml", "promotions", {"fresh-fields/winback"}, {"fresh-fields/recall"}),
        ("tenants/fresh-fields/tenant.yaml", "name:",
         {"fresh-fields/winback"}, {"valle-market/winback"}),
    ],
)  # fmt: skip
def test_who_reads_it(file: str, text: str, some: set[str], never: set[str]) -> None:
    found = campaigns(file, text)
    assert some <= found
    assert not never & found


def test_what_the_line_says_is_named() -> None:
    assert report("blueprints/winback/blueprint.yaml", "open:").what[0].startswith("open")
    assert report("schemas/customer.schema.json", '"first_name"').what == ("first_name",)


@pytest.mark.parametrize(
    ("file", "note"),
    [
        ("tenants/fresh-fields/tests/winback.yaml", "no plan reads them"),
        ("personas/regular.yaml", "no plan reads them"),
        ("tenants/fresh-fields/data/stores.csv", "not followed"),
    ],
)
def test_what_no_plan_reads(file: str, note: str) -> None:
    found = report_of(samples(), file, 1)
    assert note in found.note
    assert found.reached == ()


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("README.md", 1, "no configuration is read from README.md"),
        ("handbill.yaml", 1, "no value stands on line 1"),
        ("handbill.yaml", 9999, "lines"),
        ("schemas/customer.schema.json", 2, "no field is declared on line 2"),
    ],
)
def test_lines_without_an_answer(file: str, line: int, said: str) -> None:
    with pytest.raises(NoSuchLine, match=said):
        report_of(samples(), file, line)

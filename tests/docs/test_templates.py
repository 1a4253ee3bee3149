"""docs/templates.md: what its table of escapes says is sent is sent, and its mistake is told like that."""

from __future__ import annotations

import json
import pathlib

import pytest
from pages import DOCS, UPDATE, filled, lay_out, read_page

from handbill.pipeline import compile_tree
from handbill.plan.canonical import decode_object
from handbill.plan.model import Plan
from handbill.plan.row import compile_template
from handbill.source.working_tree import open_working_tree

PAGE = read_page(DOCS / "templates.md")
HEADER = ("a part of", "written", "`customer.id`", "is sent")
ROWS = [tuple(cell.strip("`") for cell in row)
        for table in PAGE.tables if table.header == HEADER for row in table.rows]  # fmt: skip
PARTS = {"HTML": ("email", "html"), "SMS": ("sms", "body"), "subject": ("email", "subject")}
FOOT = '<p>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>'


def test_the_page_has_rows_of_every_kind() -> None:
    assert {part for part, *_ in ROWS} == set(PARTS)


@pytest.mark.parametrize(("part", "written", "value", "sent"), ROWS)
def test_what_is_sent(
    tmp_path: pathlib.Path, part: str, written: str, value: str, sent: str
) -> None:
    channel, name = PARTS[part]
    parts = {"subject": "Hello", "body": f"{FOOT}"} if channel == "email" else {}
    parts["body" if name == "html" else name] = written + (FOOT if name == "html" else "")
    campaign = (
        "category: promotions\nstatus: active\ntrigger: {at: 2026-12-05T10:00}\n"
        f"audience: everyone\nmessage: {json.dumps({channel: parts})}\n"
    )
    sms = "address: phone\nparts:\n  body: {kind: text, required: true}\n"
    files = {
        "tenants/fresh-fields/campaigns/hello.yaml": campaign,
        "channels/sms/channel.yaml": sms,
    }
    lay_out(files, tmp_path)
    tree, found = open_working_tree(tmp_path)
    assert tree is not None
    compiled = compile_tree(tree, found)
    assert compiled.release is not None, compiled.diagnostics
    objects = [
        decode_object(data) for pack in compiled.release.packs.values() for data in pack.values()
    ]
    (plan,) = (each for each in objects if isinstance(each, Plan))
    ops = plan.variants[0].messages["main"][channel].locales["en-US"][name]
    row = tuple(json.loads(f'"{value.replace(chr(34), chr(92) + chr(34))}"') for _ in plan.fields)
    text = compile_template(ops, plan.fields)(row, {("unsubscribe_url",): "https://u.example/"})
    assert sent in text


def test_the_console_says_what_handbill_says(
    tmp_path: pathlib.Path, pytestconfig: pytest.Config
) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE

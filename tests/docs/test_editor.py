"""docs/editor.md shows what the language server really answers about the sample retailers."""

from __future__ import annotations

import json
import re

import pytest
from pages import DOCS, ROOT, UPDATE

from handbill.diagnostics.diagnostic import SourceRange
from handbill.editor.aim import aim_at
from handbill.editor.completion import complete
from handbill.editor.configuration import Configuration
from handbill.editor.features import describe_item
from handbill.editor.hover import hover
from handbill.editor.positions import Positions
from handbill.editor.published import Place, lsp_diagnostic
from handbill.editor.surroundings import Surroundings

PAGE = DOCS / "editor.md"
WINBACK = "tenants/fresh-fields/campaigns/winback.yaml"
MISTYPED = 'message:\n  email: {subject: "🎉🎉 Hello {{ customer.frist_name }}"}\n'


def answers() -> dict[str, str]:
    text = (ROOT / WINBACK).read_text("utf-8")
    configuration = Configuration(ROOT, few=0)
    around = Surroundings(configuration.look({WINBACK: text.encode()}), WINBACK)
    aim = aim_at(text, text.index("discount") + 2, around)
    assert aim is not None
    begun = "uses: winback\nwith: {"
    (proposal,) = complete(begun, len(begun), around)
    item = describe_item(proposal, Positions(begun), len(begun))
    return {
        "diagnostic": diagnostic(configuration, text + MISTYPED),
        "hover": hover(aim, around) or "",
        "completion": as_json(item),
    }


def diagnostic(configuration: Configuration, text: str) -> str:
    (found,) = (
        each for each in configuration.look({WINBACK: text.encode()}).diagnostics
        if each.code == "HB505"
    )  # fmt: skip
    place = Place(lambda path: f"file:///…/{path}", lambda path: Positions(text))
    shown = lsp_diagnostic(found, found.range or SourceRange(WINBACK, 1, 1, 1, 1), place)
    assert shown.code_description is not None
    shown.code_description.href = re.sub("file://.*/", "file:///…/", shown.code_description.href)
    return as_json(shown)


def as_json(value: object) -> str:
    from pygls.protocol import default_converter

    return json.dumps(default_converter().unstructure(value), ensure_ascii=False, indent=2)


def test_answers_are_real(pytestconfig: pytest.Config) -> None:
    text = PAGE.read_text("utf-8")
    for mark, answer in answers().items():
        fence = "````" if "```" in answer else "```"
        block = re.compile(rf"(<!-- {mark} -->\n)`+(\w+)\n.*?^`{{3,4}}$(?=\n\n)", re.M | re.S)
        assert block.search(text), mark
        text = block.sub(
            lambda found, answer=answer, fence=fence: (  # type: ignore[misc]
                f"{found[1]}{fence}{found[2]}\n{answer}\n{fence}"
            ),
            text,
        )
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert text == PAGE.read_text("utf-8"), UPDATE
    assert "with.discount = 15" in text
    assert '"character": 43' in text

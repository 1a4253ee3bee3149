"""Comments of pull requests: a diff's JSON report, and exactly the Markdown that is written of it.

A case is a folder `comments/<case>/` with `diff.json`, `remarks.json` where there are any, and
`comment.md`, which `pytest tests/golden --update-golden` writes.
"""

from __future__ import annotations

import pathlib

import msgspec
import pytest

from handbill.diff.model import ReleaseDiff
from handbill.diff.renderers.markdown import Remark, render_markdown

CASES = sorted((pathlib.Path(__file__).parent / "comments").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_comment(case: pathlib.Path, pytestconfig: pytest.Config) -> None:
    diff = msgspec.json.decode((case / "diff.json").read_bytes(), type=ReleaseDiff)
    written = case / "remarks.json"
    remarks = (
        msgspec.json.decode(written.read_bytes(), type=list[Remark]) if written.is_file() else []
    )
    actual = render_markdown(diff, remarks, artifact_url="https://git.example/shop/actions/runs/7")
    expected = case / "comment.md"
    if pytestconfig.getoption("--update-golden"):
        expected.write_text(actual, encoding="utf-8")
    assert actual == expected.read_text(encoding="utf-8")

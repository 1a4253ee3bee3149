"""Configuration as its authors write it: YAML text → located documents."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from handbill.source.located import LocatedDocument
from handbill.source.yaml import load_document


@pytest.fixture(scope="session")
def parse() -> Callable[[str, str], LocatedDocument]:
    """`parse(file, text)`: the document of a YAML text without mistakes."""

    def parse_text(file: str, text: str) -> LocatedDocument:
        document, diagnostics = load_document(file, dedent(text).encode())
        assert document is not None, diagnostics
        return document

    return parse_text

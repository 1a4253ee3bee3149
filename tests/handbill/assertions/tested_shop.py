"""A small retailer with tests, in the product's own language: files laid over tests/golden/base."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handbill.assertions.preparing import ReadyTest, prepare
from handbill.assertions.subject import Subject, subjects_of
from handbill.assertions.suite import CampaignTest, Suite, read_suite
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.pipeline import Compiled, compile_tree
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"
TEST = "tenants/fresh-fields/tests/hello.yaml"


@dataclass
class Shop:
    """`folder` is the configuration."""

    folder: Path

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text), encoding="utf-8")

    def test(self, customers: str, expect: str = "a: {selected: true}", more: str = "") -> None:
        """A test of the base's campaign; each argument is lines of YAML."""
        lines = ["campaign: hello", "now: 2026-12-05T10:00"]
        for name, block in (("customers", customers), ("expect", expect)):
            lines += [f"{name}:", textwrap.indent(textwrap.dedent(block).strip(), "  ")]
        self.write(TEST, "\n".join([*lines, textwrap.dedent(more).strip(), ""]))

    def compiled(self) -> Compiled:
        tree, found = open_working_tree(self.folder)
        assert tree is not None
        return compile_tree(tree, found)

    def suite(self, compiled: Compiled | None = None) -> Suite:
        documents = (compiled or self.compiled()).documents
        assert documents is not None
        return read_suite(documents)

    def subjects(self) -> Mapping[str, Subject]:
        release = self.compiled().release
        assert release is not None
        return subjects_of(release, release.release.tenants)

    def prepared(self) -> tuple[ReadyTest | None, tuple[Diagnostic, ...]]:
        """The one test."""
        compiled = self.compiled()
        assert not compiled.has_errors, compiled.diagnostics
        assert compiled.release is not None
        suite = self.suite(compiled)
        (test,) = suite.tests
        return prepare(
            test, suite.personas, subjects_of(compiled.release, ["fresh-fields"])["fresh-fields"]
        )

    def ready(self) -> ReadyTest:
        ready, found = self.prepared()
        assert ready is not None, found
        return ready

    def findings(self) -> list[tuple[str, int, int]]:
        """(code, line, column) of what keeps the test from running."""
        return [
            (each.code, each.range.line, each.range.column)
            for each in self.prepared()[1]
            if each.range
        ]

    def only_test(self) -> CampaignTest:
        (test,) = self.suite().tests
        return test

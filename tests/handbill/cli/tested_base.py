"""Tests of campaigns run by the real command over tests/golden/base."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

from click.testing import CliRunner, Result

from handbill.assertions.outcome import Outcome
from handbill.cli.test import test as command
from handbill.cli.testing import Tested, run_tests
from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"
TENANT = "tenants/fresh-fields"
HELLO = f"{TENANT}/campaigns/hello.yaml"
TEST = f"{TENANT}/tests/hello.yaml"
REACHED = "lifetime_orders: 3, email: {0}@shop.example, consent: [email.promotions]"


class Base:
    """A configuration in `folder`, with a test of its campaign."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
        self.folder = folder

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text), encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        (self.folder / path).write_text(text.replace(old, new), encoding="utf-8")

    def campaign(self, lines: str) -> None:
        """The campaign with lines of YAML in place of the fields that they name."""
        text = textwrap.dedent(lines).strip()
        named = {line.partition(":")[0] for line in text.splitlines() if line[:1].strip()}
        kept: list[str] = []
        keep = True
        for line in (BASE / HELLO).read_text().splitlines():
            if line[:1].strip():
                keep = line.partition(":")[0] not in named
            if keep:
                kept.append(line)
        self.write(HELLO, "\n".join([*kept, text, ""]))

    def test(
        self, customers: str, expect: str, more: str = "", now: str = "2026-12-05T10:00"
    ) -> None:
        lines = ["campaign: hello", f"now: {now}"]
        for name, block in (("customers", customers), ("expect", expect)):
            lines += [f"{name}:", textwrap.indent(textwrap.dedent(block).strip(), "  ")]
        self.write(TEST, "\n".join([*lines, textwrap.dedent(more).strip(), ""]))

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            command, ["--root", str(self.folder), *arguments], catch_exceptions=False
        )

    def tested(self) -> Tested:
        tree, found = open_working_tree(self.folder)
        assert tree is not None
        compiled = compile_tree(tree, found)
        assert not compiled.has_errors, compiled.diagnostics
        return run_tests(compiled, lambda file: True)

    def outcomes(self) -> dict[str, Outcome]:
        """Of the one test, whatever it expects."""
        tested = self.tested()
        assert tested.diagnostics == (), tested.diagnostics
        (result,) = tested.results
        return {each.customer: each.outcome for each in result.customers}


def reached(name: str, more: str = "") -> str:
    """A customer whom the campaign reaches by mail."""
    return f"{name}: {{{REACHED.format(name)}{', ' + more if more else ''}}}\n"


def anything(*names: str) -> str:
    """Expectations that hold for whoever gets a message."""
    return "".join(f"{name}: {{selected: true}}\n" for name in names)

"""Tests of a configuration, run and judged: what fails, what cannot run, what is stored."""

from __future__ import annotations

from tested_base import TENANT, TEST, Base, anything, reached

from handbill.cli.testing import run_tests, update_snapshots
from handbill.pipeline import Compiled, compile_tree
from handbill.source.working_tree import open_working_tree

SNAPSHOT = f"{TENANT}/tests/snapshots/hello/ann.txt"


def compiled(base: Base) -> Compiled:
    tree, found = open_working_tree(base.folder)
    assert tree is not None
    return compile_tree(tree, found)


def test_only_what_is_wanted_runs(base: Base) -> None:
    base.test(reached("ann"), anything("ann"))
    assert len(run_tests(compiled(base), lambda file: file == TEST).results) == 1
    assert run_tests(compiled(base), lambda file: False).results == ()


def test_a_tenant_with_errors_has_no_tests(base: Base) -> None:
    base.test(reached("ann"), anything("ann"))
    base.campaign("category: nothing")
    tested = run_tests(compiled(base), lambda file: True)
    assert [each.code for each in tested.diagnostics] == ["HB477"]
    base.write("handbill.yaml", "categories: 3\n")
    assert [each.code for each in run_tests(compiled(base), lambda file: True).diagnostics] == [
        "HB477"
    ]


def test_nothing_was_read() -> None:
    nothing = Compiled(None, None, None, {}, ())
    assert run_tests(nothing, lambda file: True).results == ()


def test_snapshots_are_written_compared_and_removed(base: Base) -> None:
    base.test(reached("ann"), "ann: {snapshot: true}")
    first = base.tested()
    assert [each.field for each in first.results[0].customers[0].differences] == ["snapshot"]
    assert update_snapshots(first, base.folder, tree_of(base)) == (SNAPSHOT,)
    again = base.tested()
    assert again.results[0].passed
    assert update_snapshots(again, base.folder, tree_of(base)) == ()
    base.campaign('message: {email: {subject: "Triple points", template: hello.html}}')
    (difference,) = base.tested().results[0].customers[0].differences
    assert difference.words and "Triple" in difference.actual
    base.test(reached("ann"), anything("ann"))
    stale = base.tested()
    assert [(each.code, each.is_error) for each in stale.diagnostics] == [("HB479", False)]
    assert update_snapshots(stale, base.folder, tree_of(base)) == (SNAPSHOT,)
    assert not (base.folder / SNAPSHOT).exists()


def tree_of(base: Base):
    tree, _ = open_working_tree(base.folder)
    assert tree is not None
    return tree

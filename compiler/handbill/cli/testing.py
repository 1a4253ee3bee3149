"""Every test of a configuration, checked, run and judged: what `handbill test` shows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from handbill.assertions.judge import Difference, judge
from handbill.assertions.outcome import Outcome
from handbill.assertions.preparing import ReadyTest, prepare
from handbill.assertions.snapshots import (
    compare_snapshot,
    snapshot_of,
    snapshot_path,
    stored_snapshots,
)
from handbill.assertions.subject import subjects_of
from handbill.assertions.suite import CampaignTest, read_suite
from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.merge import merge_tenants
from handbill.pipeline import Compiled
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class CustomerResult:
    customer: str
    outcome: Outcome
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class TestResult:
    """`snapshots` is path → content of what the test's customers were sent, where it is stored."""

    __test__ = False  # pytest collects classes by this beginning of their name
    test: CampaignTest
    customers: tuple[CustomerResult, ...]
    snapshots: Mapping[str, str]

    @property
    def passed(self) -> bool:
        return all(each.passed for each in self.customers)


@dataclass(frozen=True, slots=True)
class Tested:
    """`stale` are stored snapshots of the chosen tests that nothing expects any more."""

    results: tuple[TestResult, ...]
    diagnostics: tuple[Diagnostic, ...]
    stale: tuple[str, ...]


def run_tests(compiled: Compiled, wanted: Callable[[str], bool]) -> Tested:
    """Runs the tests whose file is wanted. Diagnostics are those that keep a test from running."""
    if compiled.documents is None or compiled.tree is None:
        return Tested((), (), ())
    suite = read_suite(compiled.documents)
    chosen = [test for test in suite.tests if wanted(test.file)]
    tenants = sorted({test.tenant for test in chosen})
    subjects = subjects_of(compiled.release, tenants) if compiled.release else {}
    results: list[TestResult] = []
    found: list[Diagnostic] = []
    stored: dict[str, str] = {}
    for tenant in tenants:
        stored |= stored_snapshots(compiled.tree, tenant)
    for test in chosen:
        if test.tenant not in subjects:
            found.append(_untested(test))
            continue
        ready, problems = prepare(test, suite.personas, subjects[test.tenant])
        found.extend(problems)
        if ready is not None:
            results.append(_run(ready, stored))
    stale = tuple(_stale(results, stored))
    notes = tuple(_stale_note(path) for path in stale)
    return Tested(tuple(results), (*merge_tenants(found), *notes), stale)


def _untested(test: CampaignTest) -> Diagnostic:
    return Diagnostic(
        "HB477",
        f"`{test.tenant}` has errors, so its tests cannot run",
        SourceRange(test.file, 1, 1, 1, 1),
        hint=f"handbill check tenants/{test.tenant}",
        tenant=test.tenant,
    )


def _run(ready: ReadyTest, stored: Mapping[str, str]) -> TestResult:
    from handbill.cli.rehearsal.trial import run_trial

    test = ready.test
    with tempfile.TemporaryDirectory(prefix="handbill-test-") as folder:
        outcomes = run_trial(ready, Path(folder))
    customers: list[CustomerResult] = []
    snapshots: dict[str, str] = {}
    for name, expected in test.written.expect.items():
        outcome = outcomes[name]
        differences = list(judge(expected, outcome))
        if expected.snapshot and outcome.selected:
            path = snapshot_path(test, name)
            snapshots[path] = snapshot_of(outcome)
            if (difference := compare_snapshot(stored.get(path), outcome)) is not None:
                differences.append(difference)
        customers.append(CustomerResult(name, outcome, tuple(differences)))
    return TestResult(test, tuple(customers), snapshots)


def _stale(results: list[TestResult], stored: Mapping[str, str]) -> Iterator[str]:
    """Only below the folders of tests that ran: another's may be somebody else's."""
    expected = {path for result in results for path in result.snapshots}
    for result in results:
        folder = snapshot_path(result.test, "x").rpartition("/")[0] + "/"
        yield from (path for path in stored if path.startswith(folder) and path not in expected)


def _stale_note(path: str) -> Diagnostic:
    return Diagnostic(
        "HB479",
        "no test expects this snapshot any more",
        SourceRange(path, 1, 1, 1, 1),
        Severity.WARNING,
        hint="handbill test --update removes it",
    )


def update_snapshots(tested: Tested, root: Path, tree: SourceTree) -> tuple[str, ...]:
    """Writes what differs and removes what is stale; the paths that changed."""
    changed: list[str] = []
    for result in tested.results:
        for path, content in result.snapshots.items():
            target = root / path
            before = tree.read(path).decode("utf-8", "replace") if path in tree.paths else None
            if before != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content, encoding="utf-8", newline="\n")
                changed.append(path)
    for path in tested.stale:
        (root / path).unlink(missing_ok=True)
        changed.append(path)
    return tuple(changed)

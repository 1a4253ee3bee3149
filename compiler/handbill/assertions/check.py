"""The tests of a configuration, checked without running any: what `handbill check` says about them."""

from __future__ import annotations

from handbill.assertions.preparing import prepare
from handbill.assertions.subject import subjects_of
from handbill.assertions.suite import read_suite
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.merge import merge_tenants
from handbill.pipeline import Compiled


def check_tests(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """What is wrong with tests of tenants that compiled, without running any."""
    if compiled.documents is None or compiled.release is None:
        return ()
    suite = read_suite(compiled.documents)
    if not suite.tests:
        return ()
    subjects = subjects_of(compiled.release, {test.tenant for test in suite.tests})
    found = (
        each
        for test in suite.tests
        if test.tenant in subjects
        for each in prepare(test, suite.personas, subjects[test.tenant])[1]
    )
    return merge_tenants(found)

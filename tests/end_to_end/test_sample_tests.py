"""The sample retailers' own tests: everybody has some, and what they expect holds."""

from __future__ import annotations

import pytest

from handbill.assertions.suite import read_suite
from handbill.cli.testing import Tested, run_tests
from handbill.pipeline import Compiled


@pytest.fixture(scope="module")
def tested(samples: Compiled) -> Tested:
    return run_tests(samples, lambda file: True)


def test_everything_is_as_expected(tested: Tested) -> None:
    assert tested.diagnostics == ()
    assert {
        f"{result.test.file}: {each.customer}": each.differences
        for result in tested.results
        for each in result.customers
        if not each.passed
    } == {}


def test_every_retailer_has_tests(samples: Compiled) -> None:
    assert samples.repository is not None and samples.documents is not None
    suite = read_suite(samples.documents)
    assert {test.tenant for test in suite.tests} == set(samples.repository.tenants)


def test_they_look_at_those_who_get_nothing_too(tested: Tested) -> None:
    outcomes = [each.outcome for result in tested.results for each in result.customers]
    reasons = {outcome.because.split(".")[-1] for outcome in outcomes if outcome.because}
    assert {"include", "reentry", "cap", "limit", "no_consent", "no_address"} <= reasons
    channels = {channel for outcome in outcomes for channel in outcome.channels}
    assert {"email", "push", "sms", "webhook"} <= channels

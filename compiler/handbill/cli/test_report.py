"""What came of the tests: for people, as versioned JSON, and as the JUnit XML that CI systems read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from handbill.assertions.judge import Difference
from handbill.assertions.word_diff import Stretch, marked, shortened, word_diff
from handbill.cli.counts import how_many
from handbill.cli.testing import CustomerResult, Tested, TestResult
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.order import in_order
from handbill.diagnostics.render_json import as_json

VERSION = 1
WIDTH = 11
_COLOURS = {"same": "", "missing": "31", "added": "32"}


# ── for people ───────────────────────────────────────────────────────────────────────────────────


def text_report(
    tested: Tested,
    colour: bool,
    kept_from_running: Sequence[Diagnostic] = (),
    full: bool = False,
    only_failures: bool = False,
) -> str:
    """One line a test that passed (none with `only_failures`); every difference of the others; a count
    at the end.

    `kept_from_running` are errors of the configuration for which tests could not run. `full`: messages
    whole, and not the passages that matter.
    """
    lines: list[str] = []
    for result in tested.results:
        if not (result.passed and only_failures):
            lines += _test_lines(result, colour, full)
    return "\n".join([*lines, summary(tested, kept_from_running)])


def summary(tested: Tested, kept_from_running: Sequence[Diagnostic] = ()) -> str:
    customers = [each for result in tested.results for each in result.customers]
    failed = sum(1 for each in customers if not each.passed)
    count = len(tested.results)
    tests = how_many(count, "test")
    shown = in_order((*kept_from_running, *tested.diagnostics))
    errors = sum(1 for each in shown if each.is_error)
    rest = f"; {how_many(errors, 'error')}" if errors else ""
    if errors and not count:
        return f"no test ran{rest}"
    if not failed:
        return f"{tests}: {how_many(len(customers), 'customer')} as expected{rest}"
    passed = how_many(len(customers) - failed, "customer")
    return f"{tests}: {passed} as expected, {failed} not{rest}"


def _test_lines(result: TestResult, colour: bool, full: bool) -> Iterator[str]:
    mark = _ink("ok  ", "32", colour) if result.passed else _ink("FAIL", "1;31", colour)
    names = ", ".join(each.customer for each in result.customers)
    yield f"{mark} {result.test.file} ({names})"
    for customer in result.customers:
        for difference in customer.differences:
            yield from _difference_lines(customer, difference, colour, full)


def _difference_lines(
    customer: CustomerResult, difference: Difference, colour: bool, full: bool
) -> Iterator[str]:
    yield f"     {customer.customer}: {difference.field}"
    if difference.words:
        text = _coloured(difference, full) if colour else marked(_diff(difference), full)
        yield from (f"       {line}" for line in text.split("\n"))
        return
    yield from _labelled("expected", difference.expected)
    whole = difference.actual or "nothing"
    yield from _labelled("actual", whole if full else difference.excerpt or whole)


def _labelled(label: str, text: str) -> Iterator[str]:
    first, *rest = text.rstrip("\n").split("\n")
    yield f"       {label:<{WIDTH}}{first}".rstrip()
    yield from (f"       {'':<{WIDTH}}{line}".rstrip() for line in rest)


def _diff(difference: Difference) -> tuple[Stretch, ...]:
    return word_diff(difference.expected, difference.actual)


def _coloured(difference: Difference, full: bool) -> str:
    stretches = _diff(difference) if full else shortened(_diff(difference))
    return "".join(_ink(each.text, _COLOURS[each.kind], True) for each in stretches)


def _ink(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if colour and style and text else text


# ── for programs ─────────────────────────────────────────────────────────────────────────────────


def json_report(tested: Tested) -> str:
    document = {
        "version": VERSION,
        "passed": is_passed(tested),
        "tests": [_test_json(result) for result in tested.results],
        "diagnostics": [as_json(each) for each in tested.diagnostics],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def is_passed(tested: Tested) -> bool:
    """Whether every test ran and everything was as expected."""
    broken = any(each.is_error for each in tested.diagnostics)
    return not broken and all(result.passed for result in tested.results)


def _test_json(result: TestResult) -> dict[str, object]:
    return {
        "file": result.test.file,
        "tenant": result.test.tenant,
        "campaign": result.test.written.campaign,
        "passed": result.passed,
        "customers": [_customer_json(each) for each in result.customers],
    }


def _customer_json(result: CustomerResult) -> dict[str, object]:
    outcome = result.outcome
    return {
        "customer": result.customer,
        "passed": result.passed,
        "selected": outcome.selected,
        "because": outcome.because or None,
        "variant": outcome.variant or None,
        "offer": outcome.offer or None,
        "messages": [
            {
                "channel": message.channel,
                "locale": message.locale,
                "at": f"{message.at:%Y-%m-%dT%H:%M:%S}",
                "parts": dict(message.parts),
            }
            for message in outcome.messages
        ],
        "differences": [
            {"field": each.field, "expected": each.expected, "actual": each.actual}
            for each in result.differences
        ],
    }


def junit_report(tested: Tested, full: bool = False) -> str:
    """A test suite for each file, a case for each customer; a test that cannot run is an error."""
    root = ElementTree.Element("testsuites", name="handbill")
    for result in tested.results:
        cases = result.customers
        suite = _suite(root, result.test.file, len(cases), sum(not each.passed for each in cases))
        for case in cases:
            element = ElementTree.SubElement(
                suite, "testcase", classname=result.test.file, name=case.customer
            )
            if not case.passed:
                failure = ElementTree.SubElement(
                    element, "failure", message=", ".join(each.field for each in case.differences)
                )
                failure.text = _plain(case, full)
    _errors(root, [each for each in tested.diagnostics if each.is_error])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _suite(
    root: ElementTree.Element, name: str, tests: int, failures: int, errors: int = 0
) -> ElementTree.Element:
    return ElementTree.SubElement(
        root, "testsuite", name=name, tests=str(tests), failures=str(failures), errors=str(errors)
    )


def _errors(root: ElementTree.Element, diagnostics: Sequence[Diagnostic]) -> None:
    for each in diagnostics:
        name = each.range.file if each.range else "handbill"
        suite = _suite(root, name, 1, 0, 1)
        case = ElementTree.SubElement(suite, "testcase", classname=name, name=each.code)
        error = ElementTree.SubElement(case, "error", message=_xml(each.message))
        error.text = _xml(f"{each.range}: {each.hint or ''}")


def _plain(case: CustomerResult, full: bool) -> str:
    lines = [
        line for each in case.differences for line in _difference_lines(case, each, False, full)
    ]
    return _xml("\n".join(lines))


def _xml(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(char for char in text if char in "\t\n\r" or char >= " ")

"""How results read: counted, coloured on a terminal, and safe in XML."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

from tested_base import Base, anything, reached

from handbill.cli.test_report import is_passed, json_report, junit_report, summary, text_report


def test_counts(base: Base) -> None:
    base.test(reached("ann") + reached("bea"), anything("ann") + "bea: {selected: false}")
    tested = base.tested()
    assert summary(tested) == "1 test: 1 customer as expected, 1 not"
    assert not is_passed(tested)


def test_colours_mark_words_on_a_terminal(base: Base) -> None:
    base.test(reached("ann"), 'ann: {text: {subject: "Triple points this weekend"}}')
    shown = text_report(base.tested(), colour=True)
    assert "\x1b[31mTriple\x1b[0m\x1b[32mDouble\x1b[0m points" in shown
    assert "[-" not in shown
    assert "\x1b" not in text_report(base.tested(), colour=False)


def test_messages_whole_only_for_those_who_ask(base: Base) -> None:
    base.write(
        "tenants/fresh-fields/templates/hello.html",
        "<p>{{ brand.postal_address }} {{ unsubscribe_url }}</p>"
        + "".join(f"<p>Soup {n} is back.</p>" for n in range(60)),
    )
    base.test(reached("ann"), 'ann: {contains: "Soup 40 is gone"}')
    tested = base.tested()
    short, full = text_report(tested, colour=False), text_report(tested, colour=False, full=True)
    assert "Soup 40 is back." in short and "Soup 0 is back." not in short
    assert short.count("\n") < 12 and "handbill test --full" in short
    assert "Soup 0 is back." in full and "Soup 59 is back." in full and "--full" not in full
    assert "Soup 0 is back." not in (failure_text(junit_report(tested)) or "")
    assert "Soup 0 is back." in (failure_text(junit_report(tested, full=True)) or "")


def failure_text(junit: str) -> str | None:
    failure = ElementTree.fromstring(junit).find("testsuite/testcase/failure")
    assert failure is not None
    return failure.text


def test_markup_and_letters_survive_xml(base: Base) -> None:
    base.test(reached("ann"), 'ann: {text: {subject: "<b>é</b>"}}')
    tested = base.tested()
    failure = ElementTree.fromstring(junit_report(tested)).find("testsuite/testcase/failure")
    assert failure is not None and "<b>é</b>" in (failure.text or "")
    assert json.loads(json_report(tested))["passed"] is False


def test_what_xml_cannot_hold_is_left_out(base: Base) -> None:
    base.test(reached("ann", "tier: golden"), anything("ann"))
    tested = base.tested()
    bell = replace(tested.diagnostics[0], message="a\x07b")
    root = ElementTree.fromstring(junit_report(replace(tested, diagnostics=(bell,))))
    error = root.find("testsuite/testcase/error")
    assert error is not None and error.get("message") == "ab"

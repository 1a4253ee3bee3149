"""Once in a real browser: all mails of the corpus in one page. Nothing runs, loads or leads elsewhere."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
from browser import Mail, find_browser, open_page
from corpus_files import VALUES
from read_back import HARMLESS, shown
from retailer import HOST, Retailer

KINDS = {"html": ("hello", "email", "html"), "mjml": ("mjml", "email", "html")}


@pytest.fixture(scope="module")
def browser() -> str | None:
    """A Chromium. Without one the tests warn; `make security` asks for one, and then they fail."""
    found = find_browser()
    if found is None:
        message = (
            "no Chromium here: the corpus was not opened in a browser (make security needs one)"
        )
        if os.environ.get("HANDBILL_CHROMIUM"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
    return found


def test_all_mails_are_inert(browser: str | None, retailer: Retailer, tmp_path: Path) -> None:
    if browser is None:
        return  # the warning is the result
    mails = mails_of(retailer)
    assert len(mails) >= 700
    report = open_page(browser, mails, tmp_path)
    assert report.ran == []
    assert report.hosts <= {HOST, f"mail.{HOST}"}
    assert report.place.startswith("file:")
    assert [each["id"] for each in report.found] == [mail.id for mail in mails]
    assert [each for each in report.found if each["wrong"]] == []
    names = dict(values_by_id())
    for each in report.found:
        if each["id"] in names:
            value = names[each["id"]]
            assert each["title"] == shown(value)
            assert each["query"] == value


def test_a_mail_that_is_not_escaped_is_seen(
    browser: str | None, retailer: Retailer, tmp_path: Path
) -> None:
    """The same page about the same customers, by somebody who forgot to escape."""
    if browser is None:
        return
    harmless = retailer.parts[KINDS["html"]](HARMLESS)
    values = ("<img src=x onerror=alert(1)>", '"><img src=https://evil.example/a.png>', "../..")
    naive = [
        Mail(f"n{at}", "html", harmless.replace(HARMLESS, value)) for at, value in enumerate(values)
    ]
    report = open_page(browser, [Mail("first", "html", harmless, harmless=True), *naive], tmp_path)
    assert "alert 1" in report.ran
    assert "evil.example" in report.hosts
    wrong = {each["id"]: each["wrong"] for each in report.found}
    assert wrong["first"] == []
    assert set(wrong["n0"]) >= {"page", "anew", "own"}
    assert set(wrong["n2"]) == {"links", "ownLinks"}


def mails_of(retailer: Retailer) -> list[Mail]:
    mails = []
    for kind, part in KINDS.items():
        render = retailer.parts[part]
        mails.append(Mail(f"{kind}-harmless", kind, render(HARMLESS), harmless=True))
        mails += [Mail(f"{kind}-{at}", kind, render(value)) for at, (_, value) in enumerate(VALUES)]
    return mails


def values_by_id() -> list[tuple[str, str]]:
    return [(f"{kind}-{at}", value) for kind in KINDS for at, (_, value) in enumerate(VALUES)]


def test_a_browser_that_is_asked_for_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("HANDBILL_CHROMIUM", raising=False)
    assert find_browser() is None
    monkeypatch.setenv("HANDBILL_CHROMIUM", "required")
    assert find_browser() is None
    monkeypatch.setenv("HANDBILL_CHROMIUM", "/opt/chromium")
    assert find_browser() == "/opt/chromium"

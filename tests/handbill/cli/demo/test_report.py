"""The report: every number and every message, in one page that needs nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.cli.demo.gallery import Sample, choose_samples
from handbill.cli.demo.receipt_book import Received
from handbill.cli.demo.reconcile import Reconciliation
from handbill.cli.demo.report import report_page, write_report
from handbill.cli.demo.scenario import DemoResult, HotReload
from handbill.cli.demo.scratch import Ports

if TYPE_CHECKING:
    from conftest import Delivered

VOID = {"meta", "br"}


class Balance(HTMLParser):
    """Elements that are open at the end, and attributes that would load or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[int] = []
        self.loads: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.loads += [
            str(value) for name, value in attributes if name in ("src", "href") or name[:2] == "on"
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def result(delivered: Delivered, folder: Path) -> DemoResult:
    return DemoResult(
        folder=folder,
        ports=Ports(1, 2, 3),
        customers={"corner": 1234},
        plans=7,
        reports=delivered.reports,
        reconciliation=Reconciliation(accepted=5, received=5, lost=0, twice=0, unknown=0),
        reload=HotReload("c" * 40, 0.02, 0.345, 12),
        tenants={"corner": "Corner <Shop> & Co"},
    )


def test_what_it_says(delivered: Delivered, tmp_path: Path) -> None:
    samples = choose_samples(delivered.ledger, delivered.received())
    path = write_report(result(delivered, tmp_path), samples)
    assert path == tmp_path / "report.html"
    page = path.read_text(encoding="utf-8")
    for fact in ("<b>1,234</b>", "<b>7</b>", "<b>5</b>", "<b>0 · 0</b>", "<b>345 ms</b>"):
        assert fact in page
    assert "Corner &lt;Shop&gt; &amp; Co" in page
    text = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"1 campaign\s+3\s+no_address 1\s+0\s+0\s+email", text)
    for channel, accepted in (("email", 3), ("push", 1), ("sms", 1)):
        assert re.search(rf"{channel}\s+{accepted}\s+0", text), channel


def test_every_sample_is_shown_in_a_sandbox(delivered: Delivered, tmp_path: Path) -> None:
    samples = choose_samples(delivered.ledger, delivered.received())
    page = report_page(result(delivered, tmp_path), samples)
    balance = Balance(page)
    assert balance.open == []
    pages = [f"messages/{each.file}" for each in samples]
    assert Counter(balance.loads) == Counter(pages * 2)
    assert page.count("<iframe") == page.count(" sandbox ") == len(samples)


def test_what_arrived_is_shown_and_not_run(tmp_path: Path, delivered: Delivered) -> None:
    hostile = Received("id", "email", "a", "\"><script>alert('x')</script>", "")
    sample = Sample("corner", "points", "email", "en-US", "warm", hostile, 1)
    page = report_page(result(delivered, tmp_path), [sample])
    assert "<script>" not in page
    assert ", variant warm" in page
    assert Balance(page).open == []


def test_before_anything_ran(tmp_path: Path) -> None:
    page = report_page(DemoResult(tmp_path, Ports(1, 2, 3)), [])
    assert "accepted by the receivers" not in page
    assert Balance(page).open == []


def test_who_was_not_looked_at_further(delivered: Delivered, tmp_path: Path) -> None:
    import dataclasses

    reports = {
        key: dataclasses.replace(report, not_included=41, quarantined={"po<ints": 2})
        for key, report in delivered.reports.items()
    }
    page = report_page(dataclasses.replace(result(delivered, tmp_path), reports=reports), [])
    assert page.index("Not included</th>") < page.index("Quarantined</th>")
    assert re.search(r">41</td><td[^>]*>2<br><small>po&lt;ints 2</small></td>", page)


def test_a_retailer_that_sent_nothing_has_its_row(delivered: Delivered, tmp_path: Path) -> None:
    silent = {
        key: dataclasses.replace(report, channels={}, selected=0)
        for key, report in delivered.reports.items()
    }
    page = report_page(dataclasses.replace(result(delivered, tmp_path), reports=silent), [])
    assert "Corner &lt;Shop&gt;" in page
    assert Balance(page).open == []

"""The calendar page: complete, self-contained, and with nothing in it that could run."""

from __future__ import annotations

import html5lib
from period_world import SECOND, Period

from handbill.cli.simulate.model import Finding, Send, Simulation
from handbill.cli.simulate.page import render_page

EVIL = '<script>alert(1)</script>" onload="x'


def test_a_page_shows_every_send_and_finding(period: Period) -> None:
    period.write("cider", SECOND)
    page = period.run("--output", "html").stdout
    text = " ".join("".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())
    assert "24 messages of 1 retailer" in text
    assert "10:00 hello12" in text
    assert "12:00 cider12" in text
    assert "Same customers, same day cider and hello: 12 customers get both within a day" in text
    assert "Wed 2" in text  # every day of the period has a square


def test_a_period_without_sends_says_so(period: Period) -> None:
    page = period.run("--output", "html", "--to", "2026-12-02T00:00Z").stdout
    assert "Nothing is sent in this period." in page
    assert "Not due" in page


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = render_page(
        Simulation(
            label=EVIL,
            digest=EVIL,
            begin="2026-12-01T05:00Z",
            end="2026-12-08T05:00Z",
            zones={EVIL: EVIL},
            sends=(
                Send(tenant=EVIL, campaign=EVIL, channel=EVIL, hour="2026-12-05T10", messages=1),
            ),
            campaigns=(),
            findings=(Finding(kind="over", tenant=EVIL, campaigns=(EVIL,), says=EVIL),),
        )
    )
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    names = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert "script" not in names
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "href")}
    assert "default-src 'none'" in page

"""Previews and diffs as pages, once in a real browser: whatever stands in names, in customers' data and
in the markup of mails, nothing of it runs and nothing is asked of anybody.
"""

from __future__ import annotations

import datetime
import html
import os
import re
import subprocess
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser import OWN_HOSTS, find_browser, host_of

from handbill.cli.preview_page import preview_page
from handbill.cli.rehearsal.shown import Shown
from handbill.diff.model import (
    ContentChange,
    Entry,
    PartDiff,
    ReleaseDiff,
    Rendering,
    RenderingPair,
    Side,
    Stretch,
    Subject,
)
from handbill.diff.renderers.html import render_html

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
REACH = "https://evil.example/ran"
RUNS = f"document.title='ran';(parent||window).document.title='ran';new Image().src='{REACH}'"
WORDS = (
    f"</iframe><script>{RUNS}</script>",
    f"]]><script>{RUNS}</script>",
    f'"><img src="{REACH}" onerror="{RUNS}">',
    f"' onfocus={RUNS} autofocus x='",
    f"</title></style><script>{RUNS}</script><!--",
    f'"><iframe srcdoc="<script>{RUNS}</script>"></iframe>',
    f"&lt;script&gt;{RUNS}&lt;/script&gt;",
)
MAIL = (
    f"<!doctype html><body onload=\"{RUNS}\"><script>{RUNS}</script><img src='{REACH}' "
    f'onerror="{RUNS}"><svg onload="{RUNS}"></svg><link rel=stylesheet href=\'{REACH}.css\'>'
    f"<style>body{{background:url({REACH}.png)}}@import '{REACH}2.css';</style>"
    f"<meta http-equiv=refresh content='0;url={REACH}'><iframe src='{REACH}'></iframe>"
    f"<form action='{REACH}'><button autofocus>x</button></form><a href='{REACH}'>y</a>"
)


@pytest.fixture(scope="module")
def browser() -> str | None:
    """A Chromium. Without one the tests warn; `make security` asks for one, and then they fail."""
    found = find_browser()
    if found is None:
        message = "no Chromium here: the review pages were not opened in a browser"
        if os.environ.get("HANDBILL_CHROMIUM"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
    return found


def test_nothing_of_a_preview_runs(browser: str | None, tmp_path: Path) -> None:
    if browser is None:
        return  # the warning is the result
    seen = opened(browser, preview_of(WORDS), tmp_path)
    assert seen == (frozenset(), "shop/sale" + WORDS[0])


def test_nothing_of_a_diff_runs(browser: str | None, tmp_path: Path) -> None:
    if browser is None:
        return
    hosts, title = opened(browser, diff_of(WORDS), tmp_path)
    assert hosts == frozenset()
    assert title.startswith(f"{len(WORDS)} campaigns of {len(WORDS)} retailers change")


def test_a_page_without_its_guards_is_seen(browser: str | None, tmp_path: Path) -> None:
    """A planted fault: the same page, its policy and its sandboxes taken away."""
    if browser is None:
        return
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", preview_of(WORDS))
    hosts, _ = opened(browser, page.replace(' sandbox=""', ""), tmp_path)
    assert hosts == {"evil.example"}


def opened(browser: str, page: str, folder: Path) -> tuple[frozenset[str], str]:
    """The hosts that anything was asked of, and the title that the page ends with."""
    file, log = folder / "page.html", folder / "network.json"
    file.write_text(page.replace('loading="lazy"', ""), encoding="utf-8")
    done = subprocess.run(
        [
            browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
            "--virtual-time-budget=5000", "--dump-dom", file.as_uri(),
        ],
        capture_output=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    dom = done.stdout.decode("utf-8", "replace")
    title = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert title is not None, done.stderr[-2000:]
    text = log.read_text("utf-8")
    asked = map(host_of, re.findall(r'"url":"(https?://[^"]+)"', text))
    named = re.findall(r'"host":"(?:https?://)?([^":/]+)', text)
    own = (*OWN_HOSTS, "~notfound")  # what every host is resolved to
    hosts = {host for host in (*asked, *named) if not host.endswith(own)}
    return frozenset(hosts), html.unescape(title[1])


def mail(word: str) -> Rendering:
    return Rendering(
        persona=word,
        variant=word,
        channel="email",
        locale=word,
        parts={"subject": word, "html": MAIL + word, "link": word},
        note=word,
    )


def preview_of(words: tuple[str, ...]) -> str:
    plan: Any = SimpleNamespace(tenant="shop", campaign="sale" + words[0])
    shown = Shown(plan, "active", tuple(map(mail, words)))
    return preview_page(shown, {}, AT, {word: word for word in words})


def diff_of(words: tuple[str, ...]) -> str:
    entries = tuple(
        Entry(
            kind="changed",
            subjects=(Subject(tenant=word, campaign=word),),
            aspects=(
                ContentChange(
                    message=word,
                    channel=word,
                    where=((word, word),),
                    pairs=(RenderingPair(before=mail(word), after=mail(word), parts=parts(word)),),
                ),
            ),
        )
        for word in words
    )
    side = Side(label=words[0], digest=words[0], commit=words[0])
    return render_html(
        ReleaseDiff(
            base=side, head=side, at=words[0], entries=entries, plans=9, changed=7, identical=2
        )
    )


def parts(word: str) -> tuple[PartDiff, ...]:
    said = (Stretch(kind="removed", text=word), Stretch(kind="added", text=word))
    return (PartDiff(part=word, stretches=said), PartDiff(part="subject", stretches=said))

"""One page with many mails in it, opened in a headless Chromium that may reach nothing.

Every mail is read three ways: as the part of the page itself that it is in (scripts would run), put in
anew with `innerHTML` (handlers would run), and as a document of its own. Whatever runs sets a flag, whatever is
loaded is noted; then the page compares every mail with the harmless one and writes down what it found.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OWN_HOSTS = (".google.com", ".googleapis.com", ".gvt1.com")
"""Where a Chromium looks for updates of itself, whatever page it shows."""
PREPARED = """
window.__xss = [];
for (const name of ["alert", "confirm", "prompt", "print", "open", "eval"])
  window[name] = (...words) => { window.__xss.push(name + " " + words.join(" ")); };
window.addEventListener("securitypolicyviolation", () => window.__xss.push("policy"));
document.addEventListener("submit", (event) => { window.__xss.push("submit"); event.preventDefault(); });
"""
JUDGED = r"""
const ADDRESSES = ["href", "src", "background"];
function shape(node) {
  if (node.nodeType === 3) return "";
  if (node.nodeType === 8) return "<!>";
  if (node.nodeType !== 1) return "";
  const names = [...node.attributes].map((each) => each.name).sort().join(" ");
  return "<" + node.namespaceURI + " " + node.localName + " " + names + ">"
    + [...node.childNodes].map(shape).join("") + "</>";
}
function addresses(root) {
  const found = [];
  for (const element of root.querySelectorAll("[href], [src], [background]"))
    for (const name of ADDRESSES)
      if (element.hasAttribute(name)) {
        const url = new URL(element.getAttribute(name), "https://nowhere.example/");
        found.push([url.protocol, url.host, url.username, url.pathname.split("/").length,
          [...url.searchParams.keys()].length, url.hash !== ""].join(" "));
      }
  return found.join("\n");
}
function named(root) {
  const one = root.querySelector("[title]");
  const link = root.querySelector('a[href*="?a="]');
  return [one.getAttribute("title"),
    new URL(link.getAttribute("href")).searchParams.get("a")];
}
function judge() {
  const mails = JSON.parse(document.getElementById("mails").textContent);
  const found = [];
  const home = document.getElementById("home");
  const baselines = {};
  for (const mail of mails) {
    const inPage = document.getElementById(mail.id);
    home.innerHTML = mail.html;
    const own = new DOMParser().parseFromString(mail.html, "text/html");
    const seen = {
      page: shape(inPage), anew: shape(home), own: shape(own.documentElement),
      links: addresses(inPage), ownLinks: addresses(own),
    };
    if (mail.harmless) baselines[mail.kind] = seen;
    const wrong = Object.keys(seen).filter((key) => seen[key] !== baselines[mail.kind][key]);
    const [title, query] = wrong.length ? [null, null] : named(inPage);
    found.push({id: mail.id, wrong, title, query});
  }
  return found;
}
window.addEventListener("load", () => setTimeout(() => {
  let found;
  try { found = judge(); } catch (error) { found = String(error.stack); }
  setTimeout(() => {
    const loaded = performance.getEntriesByType("resource").map((each) => each.name);
    const report = document.createElement("pre");
    report.id = "report";
    report.textContent = JSON.stringify({found, ran: window.__xss, loaded,
      place: location.href, title: document.title});
    document.documentElement.replaceChildren(report);
  }, 1500);
}, 500));
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """`kind` tells templates apart: each is compared with the harmless one of its kind, the first."""

    id: str
    kind: str
    html: str
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """`found` by mail; `ran` is what code did; `hosts` are all that anything was asked of."""

    found: Sequence[dict[str, Any]]
    ran: Sequence[str]
    hosts: frozenset[str]
    place: str


def find_browser() -> str | None:
    """A Chromium of this machine, or None."""
    named = os.environ.get("HANDBILL_CHROMIUM", "")
    if named and named != "required":
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def open_page(browser: str, mails: Sequence[Mail], folder: Path) -> Report:
    page = folder / "page.html"
    page.write_text(page_of(mails), encoding="utf-8")
    log = folder / "network.json"
    done = subprocess.run(
        [
            browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
            "--virtual-time-budget=20000", "--dump-dom", page.as_uri(),
        ],
        capture_output=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    dom = done.stdout.decode("utf-8", "replace")
    report = re.search(r'<pre id="report">(.*?)</pre>', dom, re.DOTALL)
    assert report is not None, f"no report: {dom[:500]} {done.stderr[-2000:]!r}"
    read = json.loads(html.unescape(report[1]))
    assert isinstance(read["found"], list), read["found"]
    asked = re.findall(r'"url":"(https?://[^"]+)"', log.read_text("utf-8"))
    others = [each for each in asked if not host_of(each).endswith(OWN_HOSTS)]
    hosts = frozenset(host_of(each) for each in [*read["loaded"], *others])
    return Report(read["found"], read["ran"], hosts, read["place"])


def host_of(address: str) -> str:
    return re.sub(r"\w+://([^/:?#]*).*", r"\1", address, flags=re.DOTALL)


def page_of(mails: Sequence[Mail]) -> str:
    """Each mail's body stands in the page as it is, and all of it in a list for the script."""
    listed = json.dumps(
        [
            {"id": mail.id, "kind": mail.kind, "html": mail.html, "harmless": mail.harmless}
            for mail in mails
        ]
    )
    bodies = "\n".join(f'<section id="{mail.id}">{body_of(mail.html)}</section>' for mail in mails)
    safe = listed.replace("<", "\\u003c")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><script>{PREPARED}</script></head><body>'
        f'{bodies}<div id="home"></div><script type="application/json" id="mails">{safe}</script>'
        f"<script>{JUDGED}</script></body></html>"
    )


def body_of(page: str) -> str:
    found = re.search(r"<body[^>]*>(.*)</body>", page, re.DOTALL)
    assert found is not None
    return found[1]

"""What README.md and docs/ point at is there; nothing points at a machine or a registry."""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest
from pages import DOCS, ROOT

PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(DOCS.rglob("*.md")),
]
_FENCE = re.compile(r"^(`{3,})[^`\n]*$.*?^\1$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LEAK = re.compile(
    r"(^|[^.\w])/([w]ork|[f]arm|[r]oot)/|p[y]pi[.]org|python[h]osted|npm[j]s[.](org|com)|deb[.]deb[i]an"
)


def prose(page: pathlib.Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: pathlib.Path) -> set[str]:
    """The anchors of a page's headings, as the usual Git hosts make them."""
    found = set()
    for heading in _HEADING.findall(prose(page)):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(words.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: pathlib.Path) -> None:
    broken = []
    for link in _LINK.findall(_CODE.sub("", prose(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def tracked() -> list[pathlib.Path]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_nothing_names_a_machine_or_a_registry() -> None:
    found, read = [], 0
    for path in tracked():
        data = path.read_bytes()
        if b"\0" in data[:8_000]:
            continue
        read += 1
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if _LEAK.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert read > 100
    assert found == []


@pytest.mark.parametrize(
    "parts", [("see ", "work", "main"), ("https:", "", "pypi" + ".org"), ("", "root", "x")]
)
def test_leaks_are_found(parts: tuple[str, ...]) -> None:
    assert _LEAK.search("/".join(parts))

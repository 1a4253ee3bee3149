"""Golden cases: a configuration with a mistake, and exactly what Handbill says about it.

A case is a folder `<stage>/<case>/` with

- `input/`: files laid over `base/`, a valid configuration; `input/DELETE` lists paths of the base to
  leave out, one a line;
- `tree.txt` instead, or as well, for what a folder cannot hold: one entry a line, `MODE PATH TEXT`,
  with Python's escapes in PATH and TEXT, committed to a real git repository. Such a case is read
  from git; `revision.txt` names another revision than HEAD;
- a case below `reasoning/` is also asked what can be proved of its audiences, one below `policy/` what
  its policies say and what it never sends;
- a case below `review/` is a change, judged: `before/` is laid over the base too, `input/` over that, and
  `approved.txt` lists who approved, `moved.txt` instead of the edited files what they are said to be;
- `expected.txt`: all diagnostics as text. `pytest tests/golden --update-golden` writes it.

Of each case GitHub's annotations and the SARIF log are made as well: they name the same places.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote

import pytest

from handbill.assertions.check import check_tests
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.order import in_order
from handbill.diagnostics.render_github import annotation
from handbill.diagnostics.render_sarif import render_sarif
from handbill.diagnostics.render_text import render_text, safe
from handbill.diff.compare import compare_releases
from handbill.diff.sides import side_of
from handbill.language.reasoning.proving import prove
from handbill.language.reasoning.reasoner import Reasoner
from handbill.pipeline import Compiled, compile_revision, compile_tree
from handbill.policy.check import check_policies
from handbill.policy.check_reach import check_reach
from handbill.policy.review import judge
from handbill.source.working_tree import open_working_tree

GOLDEN = pathlib.Path(__file__).parent
BASE = GOLDEN / "base"
PROVED, POLICY, REVIEW = "reasoning", "policy", "review"
AT = datetime.datetime(2026, 11, 24, 12)
COMPARED = "diff"
"""Cases of two commits; `test_diff_cases` runs them."""
CASES = sorted(
    path.parent for path in GOLDEN.glob("*/*/expected.txt") if path.parent.parent.name != COMPARED
) + sorted(
    path
    for path in GOLDEN.glob("*/*")
    if path.parent != BASE
    and path.parent.name != COMPARED
    and ((path / "input").is_dir() or (path / "tree.txt").is_file())
    and not (path / "expected.txt").is_file()
)


def case_id(case: pathlib.Path) -> str:
    return case.relative_to(GOLDEN).as_posix()


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_golden(case: pathlib.Path, tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    actual = check(case, tmp_path)
    expected = case / "expected.txt"
    if pytestconfig.getoption("--update-golden"):
        expected.write_text(actual, encoding="utf-8")
    assert expected.is_file(), "run pytest tests/golden --update-golden, and read what it writes"
    assert actual == expected.read_text(encoding="utf-8")


def test_the_base_has_no_findings(tmp_path: pathlib.Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    assert rendered(compile_folder(tmp_path)) == ""


def check(case: pathlib.Path, folder: pathlib.Path) -> str:
    """Everything that Handbill says about a case."""
    if case.parent.name == REVIEW:
        return reviewed(case, folder)
    lay_out(case, folder)
    tree_file = case / "tree.txt"
    if case.parent.name == POLICY:
        return rendered(judged(compile_folder(folder)))
    if case.parent.name == PROVED:
        return rendered(proved(compile_folder(folder)))
    if not tree_file.is_file():
        return rendered(compile_folder(folder))
    commit(folder, tree_file.read_text(encoding="utf-8").splitlines())
    revision_file = case / "revision.txt"
    revision = revision_file.read_text().strip() if revision_file.is_file() else "HEAD"
    return rendered(compile_revision(folder, revision))


def proved(compiled: Compiled) -> Compiled:
    """With what `handbill check` proves besides."""
    assert compiled.release is not None
    with Reasoner() as reasoner:
        found = prove(compiled.release.claims, reasoner)
    return replace(compiled, diagnostics=(*compiled.diagnostics, *found))


def judged(compiled: Compiled) -> Compiled:
    """With what `handbill check` says of its policies and of what never leaves."""
    found = (*compiled.diagnostics, *check_policies(compiled), *check_reach(compiled))
    return replace(compiled, diagnostics=found)


def reviewed(case: pathlib.Path, folder: pathlib.Path) -> str:
    """What is said of the change from the base with `before/` to the same with `input/`."""
    before, folder = folder / "before", folder / "after"
    for root in (before, folder):
        shutil.copytree(BASE, root)
        if (case / "before").is_dir():
            shutil.copytree(case / "before", root, dirs_exist_ok=True)
    lay_over(case / "input", folder)
    base, head = (side_of(name, compile_folder(at)) for name, at in (("a", before), ("b", folder)))
    approved = case / "approved.txt"
    said = case / "moved.txt"
    changed = said.read_text().split() if said.is_file() else edited(before, folder)
    with Reasoner() as reasoner:
        diff = compare_releases(base, head, reasoner, at=AT)
    handles = approved.read_text().split() if approved.is_file() else ()
    review = judge(diff, base, head, changed, handles)
    assert head.compiled is not None
    return rendered(replace(head.compiled, diagnostics=review.diagnostics))


def edited(before: pathlib.Path, after: pathlib.Path) -> list[str]:
    """The paths of files that differ, or that one of the two does not have."""
    sides = [
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.*")
         if path.is_file()}
        for root in (before, after)
    ]  # fmt: skip
    return sorted(
        path for path in {*sides[0], *sides[1]} if sides[0].get(path) != sides[1].get(path)
    )


def lay_out(case: pathlib.Path, folder: pathlib.Path) -> None:
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    lay_over(case / "input", folder)


def lay_over(overlay: pathlib.Path, folder: pathlib.Path) -> None:
    if overlay.is_dir():
        shutil.copytree(overlay, folder, dirs_exist_ok=True)
    left_out = folder / "DELETE"
    if left_out.is_file():
        for path in left_out.read_text(encoding="utf-8").split():
            (folder / path).unlink()
        left_out.unlink()


def compile_folder(folder: pathlib.Path) -> Compiled:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


def rendered(compiled: Compiled) -> str:
    def read_lines(file: str) -> Sequence[str] | None:
        if compiled.tree is None or file not in compiled.tree.paths:
            return None
        return compiled.tree.read(file).decode("utf-8", "replace").split("\n")

    found = in_order((*compiled.diagnostics, *check_tests(compiled)))
    text = render_text(found, read_lines)
    assert places_of_annotations(found) == places_of_sarif(found) == places_of_text(text)
    return text


Place = tuple[str, str, int, int]
"""Code, file as text shows it, line and column; findings without a place have none here."""
_HEAD = re.compile(
    r"^(?:error|warning|note)\[(HB\d{3})\]: .*\n +--> (.+):(\d+):(\d+)$", re.MULTILINE
)
_COMMAND = re.compile(r"::[a-z]+ file=([^,]+),line=(\d+),col=(\d+),.*title=(HB\d{3})::")


def places_of_text(text: str) -> list[Place]:
    return sorted((code, file, int(at), int(by)) for code, file, at, by in _HEAD.findall(text))


def places_of_annotations(found: Iterable[Diagnostic]) -> list[Place]:
    matches = [_COMMAND.match(annotation(each)) for each in found if each.range]
    assert None not in matches
    return sorted(
        (code, safe(unquote(file)), int(line), int(column))
        for file, line, column, code in (match.groups() for match in matches if match)
    )


def places_of_sarif(found: Iterable[Diagnostic]) -> list[Place]:
    places = []
    for result in json.loads(render_sarif(found, lambda file: None))["runs"][0]["results"]:
        location = result["locations"][0]["physicalLocation"]
        file = unquote(location["artifactLocation"]["uri"], errors="surrogateescape")
        region = location["region"]
        places.append((result["ruleId"], safe(file), region["startLine"], region["startColumn"]))
    return sorted(places)


def commit(folder: pathlib.Path, entries: Sequence[str]) -> None:
    """Commits the folder and the entries of a `tree.txt`, which need not exist as files."""
    environment = {
        **os.environ,
        "GIT_AUTHOR_NAME": "Ann",
        "GIT_AUTHOR_EMAIL": "ann@shop.example",
        "GIT_COMMITTER_NAME": "Ann",
        "GIT_COMMITTER_EMAIL": "ann@shop.example",
        "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
        "GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }

    def git(*arguments: str, given: bytes = b"") -> bytes:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given,
            env=environment,
            capture_output=True,
            check=True,
        )
        return done.stdout

    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    index = b""
    for entry in entries:
        mode, path, text = [*entry.split(" ", 2), ""][:3]
        content = unescaped(text)
        if mode == "160000":
            blob = b"1" * 40
        else:
            blob = git("hash-object", "-w", "--stdin", given=content).strip()
        index += mode.encode() + b" " + blob + b"\t" + unescaped(path) + b"\0"
    git("update-index", "--add", "-z", "--index-info", given=index)
    git("commit", "--quiet", "--allow-empty", "--message", "A configuration")


def unescaped(text: str) -> bytes:
    """`caf\\xe9` → its bytes; what is not escaped is UTF-8."""
    return text.encode("utf-8").decode("unicode_escape").encode("latin-1")

"""A diff as the comment of a pull request: what customers will get, in GitHub's Markdown.

The first line is a hidden marker by which the comment is found again and updated. Entries stand in
the diff's order; what has no room is shortened to its heading or counted, never cut in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from handbill.diff.model import DiffStruct, Entry, ReleaseDiff, Side
from handbill.diff.renderers.markdown_entry import body, heading, named, shared_change
from handbill.diff.renderers.markdown_text import code, html_code, size

MARKER = "<!-- handbill:review -->"
MAX_COMMENT = 65_536
"""Characters of a comment, as GitHub's API says when it refuses a longer one. Counted in UTF-16
code units, which is the strictest of the ways in which it has been seen to count."""
LEAST = 16_384
"""What surrounds the changes is shorter, whatever names stand in it."""
FOLDED = 1_200
"""Entries longer than this are folded."""
_LINE = 200
"""More than one line of ours that tells what has no room."""
_LONGEST_LABEL = 100

_ARTIFACT = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~/-]*)?\Z")


class Remark(DiffStruct, frozen=True, kw_only=True):
    """What stands in the way of merging or should be known: of a policy, an owner, a check.

    blocks: it cannot be merged so. asks: one of `by` must approve. warns: known and allowed.
    passes: asked for and given.
    """

    level: Literal["blocks", "asks", "warns", "passes"]
    says: str
    """Foreign: shown as code."""
    by: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    """Campaigns of tenants, `fresh-fields/winback`."""


_LEVELS = {
    "blocks": "⛔ **Cannot be merged so**",
    "asks": "✋ **Needs approval**",
    "warns": "⚠️ **Mind**",
    "passes": "✅ **Fine**",
}


def render_markdown(
    diff: ReleaseDiff,
    remarks: Sequence[Remark] = (),
    *,
    limit: int = MAX_COMMENT,
    artifact_url: str | None = None,
) -> str:
    """The comment, at most `limit` UTF-16 code units (ValueError below LEAST).

    `artifact_url` is where the page and the JSON are: an http(s) address of plain characters.
    """
    if limit < LEAST:
        raise ValueError(f"a comment needs room for {LEAST} characters")
    head, foot = _head(diff), _foot(diff, artifact_url)
    room = limit - size(head) - size(foot) - 2 * _LINE
    said = _remarks(remarks, room // 2)
    blocks, left_out = _fitting(_blocks(diff), room - size(said))
    more = _left_out(left_out, artifact_url is not None)
    return "".join([head, said, *blocks, more, foot])


def render_without_diff(base: str, head: str, remarks: Sequence[Remark] = ()) -> str:
    """The comment where there is nothing to compare, because head does not compile."""
    text = [MARKER, "### Nothing can be compiled here", ""]
    text += ["So there is no saying what would change for customers.", "", ""]
    said = _remarks(remarks, MAX_COMMENT // 2)
    between = f"Base {code(base, _LONGEST_LABEL)}, head {code(head, _LONGEST_LABEL)}"
    return "\n".join(text) + f"{said}\n---\n{between}\n"


# ── the frame ────────────────────────────────────────────────────────────────────────────────────


def _head(diff: ReleaseDiff) -> str:
    lines = [MARKER, f"### {_headline(diff)}", "", _non_impact(diff), ""]
    lines += [*_failed(diff.base, "base"), *_failed(diff.head, "head")]
    if diff.not_compared:
        lines += [f"Nothing is said of {named(diff.not_compared)}: not both sides compile.", ""]
    return "".join(f"{line}\n" for line in lines)


def _remarks(remarks: Sequence[Remark], room: int) -> str:
    """As many as have room, in their order; then how many have none."""
    shown: list[str] = []
    for remark in remarks:
        line = f"{_remark(remark)}\n"
        if size(line) > room:
            shown.append(f"- {len(remarks) - len(shown):,} more have no room here\n")
            break
        shown.append(line)
        room -= size(line)
    return "".join([*shown, "\n"] if shown else [])


def _headline(diff: ReleaseDiff) -> str:
    if diff.head.digest is None:
        return "Nothing can be compiled here"
    if not diff.entries and not diff.shared:
        if diff.not_compared:
            return "What changes for customers cannot be said before the mistakes are mended"
        return "Nothing changes for customers"
    campaigns = sum(len(entry.subjects) for entry in diff.entries)
    if not campaigns:
        return "No campaign changes, but what campaigns share does"
    tenants = len({subject.tenant for entry in diff.entries for subject in entry.subjects})
    return (
        f"{campaigns:,} campaign{_s(campaigns)} of {tenants:,} retailer{_s(tenants)} "
        f"change{'s' if campaigns == 1 else ''} for customers"
    )


def _non_impact(diff: ReleaseDiff) -> str:
    verb = "changes" if diff.changed == 1 else "change"
    changes = f"{diff.changed:,} of {diff.plans:,} plan{_s(diff.plans)} {verb}"
    same = f"{diff.identical:,} digest{_s(diff.identical)} {'is' if diff.identical == 1 else 'are'}"
    rest = "" if diff.not_compared else ", so nobody else gets anything else"
    return f"{changes}; {same} identical{rest}."


def _failed(side: Side, name: str) -> list[str]:
    lines: list[str] = []
    if side.instead_of:
        asked, used = code(side.instead_of, _LONGEST_LABEL), code(side.commit, _LONGEST_LABEL)
        lines += [
            f"The {name} {asked} does not compile; "
            f"this compares with {used}, the last one that does.",
            "",
        ]
    if side.failed:
        have = "has" if len(side.failed) == 1 else "have"
        lines += [f"In the {name}, {named(side.failed)} {have} errors.", ""]
    if side.held:
        held = named([each.tenant for each in side.held])
        lines += [f"Of the {name}, {held}: compared as last without errors.", ""]
    return lines


def _remark(remark: Remark) -> str:
    by = f" by one of {named(remark.by)}" if remark.by else ""
    of = f" ({named(remark.subjects)})" if remark.subjects else ""
    return f"- {_LEVELS[remark.level]}{by}: {code(remark.says)}{of}"


def _foot(diff: ReleaseDiff, artifact_url: str | None) -> str:
    if artifact_url is not None and not _ARTIFACT.match(artifact_url):
        raise ValueError("not an address that may stand in a comment")
    lines = ["", "---"]
    if artifact_url:
        lines += [f"[The whole report, with every message side by side]({artifact_url})", ""]
    lines += [_side("Base", diff.base), "", _side("Head", diff.head)]
    return "\n".join(lines) + "\n"


def _side(name: str, side: Side) -> str:
    label = code(side.label, _LONGEST_LABEL)
    commit = f" at {code(side.commit, _LONGEST_LABEL)}" if side.commit else ""
    release = code(side.digest, _LONGEST_LABEL) if side.digest else "none"
    return f"{name} {label}{commit}: release {release}"


# ── what changes ─────────────────────────────────────────────────────────────────────────────────


def _blocks(diff: ReleaseDiff) -> list[tuple[str, str]]:
    """Each change in full and as its heading alone."""
    blocks = [(_entry(each), f"- {heading(each, code)}\n") for each in diff.entries]
    for change in diff.shared:
        text = "\n".join([*shared_change(change), ""])
        blocks.append((text, f"- {change.what}: {named(change.names)}\n"))
    if diff.forecasts:
        lines = [
            f"- {code(each.at)} ({code(each.zone)}), {code(f'{each.subject.tenant}/{each.subject.campaign}')}: "
            f"{code(each.says)}"
            for each in diff.forecasts
        ]
        text = "\n".join(["**Customers see it from**", "", *lines, "", ""])
        blocks.append((text, f"- {len(lines):,} changes that come later\n"))
    return blocks


def _entry(entry: Entry) -> str:
    """In HTML and Markdown by turns: a blank line ends a block of HTML."""
    text = "\n".join(body(entry))
    if size(text) > FOLDED:
        return f"<details><summary>{heading(entry, html_code)}</summary>\n\n{text}\n</details>\n\n"
    return f"<h4>{heading(entry, html_code)}</h4>\n\n{text}\n"


def _fitting(blocks: Sequence[tuple[str, str]], room: int) -> tuple[list[str], int]:
    """The blocks that have room, by their headings where only these have; how many have none."""
    fitting: list[str] = []
    left_out = 0
    for number, (full, short) in enumerate(blocks):
        headings = sum(size(each) for _, each in blocks[number + 1 :][:50])
        text = full if size(full) + min(headings, room // 4) <= room else f"\n{short}\n"
        if size(text) > room:
            left_out = len(blocks) - number
            break
        fitting.append(text)
        room -= size(text)
    return fitting, left_out


def _left_out(count: int, has_artifact: bool) -> str:
    if not count:
        return ""
    where = "the report below" if has_artifact else "the artifact `handbill-review` of this run"
    have = "has" if count == 1 else "have"
    return f"\n**{count:,} more change{_s(count)} {have} no room here**; {where} has all.\n\n"


def _s(number: int) -> str:
    return "" if number == 1 else "s"

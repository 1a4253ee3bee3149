"""A diff with one of everything, in which every foreign word is given; and what GitHub makes of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import html5lib
from markdown_it import MarkdownIt

from handbill.diff.model import (
    AudienceChange,
    AudienceCounts,
    ClauseChange,
    ContentChange,
    Entry,
    FieldChange,
    Forecast,
    Moved,
    PartDiff,
    ReleaseDiff,
    Rendering,
    RenderingPair,
    SettingsChange,
    SharedChange,
    Side,
    Stretch,
    Subject,
    TextChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.markdown import Remark

OURS = {
    *("html", "head", "body", "h3", "h4", "p", "ul", "li", "hr", "strong", "a"),
    *("code", "pre", "details", "summary", "table", "tbody", "thead", "tr", "th", "td"),
}
"""Elements that a comment may consist of."""

ACTS = {
    "mention": r"(?<![\w`])@[A-Za-z0-9]",
    "issue": r"#\d|\bGH-\d",
    "address": r"://|www\.",
    "emoji": r":[a-z0-9_+-]+:",
    "formula": r"\$",
}
"""What GitHub would turn into something outside of code."""


def parsed(markdown: str) -> Any:
    """The tree that a browser makes of what CommonMark with GitHub's tables makes of it."""
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    return html5lib.parse(f"<!doctype html><body>{rendered}", namespaceHTMLElements=False)


def elements(markdown: str) -> Counter[str]:
    return Counter(each.tag for each in parsed(markdown).iter() if isinstance(each.tag, str))


def attributes(markdown: str) -> set[tuple[str, str, str]]:
    """(element, attribute, value) of all but the language of code blocks."""
    return {
        (each.tag, name, value)
        for each in parsed(markdown).iter()
        if isinstance(each.tag, str)
        for name, value in each.attrib.items()
        if (each.tag, name, value) != ("code", "class", "language-diff")
    }


def comments(markdown: str) -> list[str]:
    return [each.text for each in parsed(markdown).iter() if not isinstance(each.tag, str)]


def running_text(element: Any) -> Iterator[str]:
    """What stands outside of code, where GitHub looks for mentions and the like."""
    if element.tag in ("code", "pre"):
        return
    if isinstance(element.tag, str):
        yield element.text or ""
        for child in element:
            yield from running_text(child)
            yield child.tail or ""


def acts(markdown: str) -> list[str]:
    """What of `ACTS` is there, with the words around it."""
    text = " ".join(running_text(parsed(markdown)))
    return [f"{name}: {m[0]}" for name, what in ACTS.items() for m in re.finditer(what, text)]


def diff_of(word: str, entries: int = 1) -> ReleaseDiff:
    """Every string that a configuration, a customer or a branch could bring is `word`."""
    rendering = Rendering(
        persona=word, variant=word, channel=word, locale=word, parts={word: word}, note=word
    )
    stretches = (
        Stretch(kind="same", text=f"{word}\n{word} "),
        Stretch(kind="removed", text=word),
        Stretch(kind="added", text=f"{word}\n{word}"),
        Stretch(kind="same", text=f" {word}\n{word}"),
    )
    parts = (PartDiff(part=word, stretches=stretches),)
    read = (PartDiff(part=word, stretches=(*stretches, Stretch(kind="added", text=word))),)
    gone = RenderingPair(before=rendering, after=None, parts=read)
    yes = Witness(answer="yes", customer={word: word})
    fields = (FieldChange(field=word, before=word, after=word),)
    moved = (Moved(customer=word, because=word),)
    counts = AudienceCounts(
        before=1204,
        after=1380,
        joining=190,
        leaving=14,
        reached_before=1100,
        reached_after=1250,
        joining_sample=moved,
        leaving_sample=moved,
    )
    aspects = (
        AudienceChange(
            relation="mixed",
            lost=yes,
            gained=yes,
            kept=yes,
            clauses=(ClauseChange(name=word, before=word, after=word),),
            counts=counts,
        ),
        ContentChange(
            message=word,
            channel=word,
            where=((word, word),),
            texts=(TextChange(where=((word, word),), parts=parts),),
            pairs=(RenderingPair(before=rendering, after=rendering, parts=parts), gone, gone),
        ),
        TimingChange(fields=fields, next_before=(word,), next_after=(word, word), zone=word),
        SettingsChange(about="offer", fields=fields),
    )
    subject = Subject(tenant=word, campaign=word, before=word, after=word, file=word)
    other = Subject(tenant=f"{word}2", campaign=word, before=word, after=word, file=word)
    entry = Entry(kind="changed", subjects=(subject, other), aspects=aspects, marketing=False)
    return ReleaseDiff(
        base=Side(label=word, digest=word, commit=word, failed=(word,), instead_of=word),
        head=Side(label=word, digest=word, commit=word, failed=(word, word)),
        at=word,
        entries=(entry,) * entries,
        shared=(SharedChange(what="table", names=(word,), fields=fields),),
        forecasts=(Forecast(subject=subject, at=word, zone=word, says=word),),
        plans=412,
        changed=3,
        identical=409,
        not_compared=(word,),
        tenants=(word,),
    )


def remarks_of(word: str) -> list[Remark]:
    return [
        Remark(level=level, says=word, by=(word, word), subjects=(word,))
        for level in ("blocks", "asks", "warns", "passes")
    ]

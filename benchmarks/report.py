"""Results as text for a terminal, as JSON, and as the part of docs/benchmarks.md between its marks."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import assert_never

from benchmarks.measure import Spread
from benchmarks.outcome import Broken, Outcome, Ratio, Result, Unavailable

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
WIDTH = 100


def heading(machine: Mapping[str, str], versions: Mapping[str, str]) -> str:
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    lines = [*(f"{label:10} {value}" for label, value in machine.items()), *_wrapped(named)]
    return "\n".join(lines)


def _wrapped(versions: str) -> list[str]:
    return textwrap.wrap(versions, WIDTH, initial_indent="versions   ", subsequent_indent=" " * 11)


def result_text(result: Result) -> str:
    """One benchmark, for a terminal."""
    match result:
        case Outcome():
            return "\n".join(_outcome_lines(result))
        case Unavailable(name=name, title=title, reason=reason, remedy=remedy):
            return f"── {name}: {title}\n   not measured: {reason}\n   {remedy}"
        case Broken(name=name, reason=reason):
            return f"── {name}\n   BROKEN, no figure: {reason}"
        case _:
            assert_never(result)


def _outcome_lines(outcome: Outcome) -> Iterator[str]:
    yield f"── {outcome.name}: {outcome.title}"
    for sentence in outcome.compared:
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="   ", subsequent_indent="   ")
    width = max(len(name) for name in _names(outcome))
    yield ""
    for line in outcome.lines:
        yield f"   {line.name:{width}}  {_figure(line.value)} {line.unit}"
    yield ""
    for ratio in outcome.ratios:
        yield f"   {ratio.name:{width}}  {_figure(ratio.value)} ×{_verdict(ratio)}"
    for note in outcome.notes:
        yield from textwrap.wrap(note, WIDTH, initial_indent="   · ", subsequent_indent="     ")


def _names(outcome: Outcome) -> list[str]:
    return [line.name for line in outcome.lines] + [ratio.name for ratio in outcome.ratios]


def _verdict(ratio: Ratio) -> str:
    if ratio.met is None:
        return ""
    bound = f"≥ {ratio.at_least:g}" if ratio.at_least is not None else f"≤ {ratio.at_most:g}"
    return f"  goal {bound}: {'met' if ratio.met else 'NOT met'}"


def _figure(value: Spread) -> str:
    if value.low == value.high:
        return f"{_number(value.median):>8}" + " " * 17
    return f"{_number(value.median):>8}  {f'({_number(value.low)}–{_number(value.high)})':15}"


def _number(value: float) -> str:
    """Three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


# ── kept results ─────────────────────────────────────────────────────────────────────────────────


def results_json(
    machine: Mapping[str, str], versions: Mapping[str, str], results: Sequence[Result]
) -> str:
    value = {
        "format": 1,
        "machine": dict(machine),
        "versions": dict(versions),
        "results": [_plain(result) for result in results],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _plain(result: Result) -> dict[str, object]:
    plain = dataclasses.asdict(result)
    if isinstance(result, Outcome):
        met = [{"met": ratio.met} for ratio in result.ratios]
        plain["ratios"] = [one | more for one, more in zip(plain["ratios"], met, strict=True)]
    return plain


def write_page(
    page: Path, machine: Mapping[str, str], versions: Mapping[str, str], results: Sequence[Result]
) -> None:
    """Replaces what stands between the page's marks by these results."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} has no {BEGIN} … {END}")
    blocks = [heading(machine, versions), *(result_text(result) for result in results)]
    body = "\n\n".join(blocks)
    page.write_text(f"{before}{begin}\n```text\n{body}\n```\n{end}{after}", encoding="utf-8")

"""A whole platform in a fresh clone: a thousand retailers with a hundred campaigns each, compiled once.

It takes long, so there is one repetition, and the size is a parameter: `--campaigns N`.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.cold_compile import HANDBILL, YAML, handbill_compile, lines_of, yaml_reader
from benchmarks.fleet import commit_all, git, write_fleet
from benchmarks.generate import generate
from benchmarks.measure import Spread, interleave, paired_ratio, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting

TITLE = "a fresh clone of {tenants:,} retailers with {each} campaigns each, compiled on all cores"
EACH, CAMPAIGNS = 100, 100_000
MIXED = 10_000
"""So many campaigns has the repository with templates of its own beside."""
SECONDS, BYTES = 60.0, 2 * 2**30
GOAL_SIZE = 100_000
"""The goals are for this many campaigns: smaller runs show figures without them."""


def measure_fresh_clone(setting: Setting) -> Outcome:
    each = 3 if setting.quick else EACH
    tenants = 2 if setting.quick else max(1, setting.campaigns_or(CAMPAIGNS) // each)
    mixed = 1 if setting.quick else max(1, min(tenants, MIXED // each))
    plain, fleet = setting.folder / "plain", setting.folder / "mixed"
    for folder in (plain, fleet):
        folder.mkdir()
    generate_plain(setting.sample, plain, tenants, each)
    write_fleet(setting.sample, fleet / "origin", mixed, each)
    compiles = {
        HANDBILL: handbill_compile(cloned(plain)),
        YAML: yaml_reader(plain / "clone"),
        f"{HANDBILL}, {mixed:,} retailers of every kind": handbill_compile(cloned(fleet)),
    }
    seconds = interleave(compiles, 1, warm_up=0)
    full = tenants * each >= GOAL_SIZE
    wall = spread([found / SECONDS for found in seconds[HANDBILL]])
    ratios = [
        Ratio(f"{HANDBILL} ÷ {YAML}", paired_ratio(seconds[HANDBILL], seconds[YAML])),
        Ratio("wall time ÷ one minute", wall, at_most=1.0 if full else None),
    ]
    if together := compiles[HANDBILL].together:
        held = spread([together / BYTES])
        ratios.append(Ratio("memory ÷ 2 GiB", held, at_most=1.0 if full else None))
    lines = [*lines_of(compiles, seconds), *_per_campaign(seconds, tenants * each, mixed * each)]
    return Outcome(
        "clone", TITLE.format(tenants=tenants, each=each), _compared(tenants, each), lines, ratios
    )


def generate_plain(sample: Path, folder: Path, tenants: int, each: int) -> None:
    (folder / "origin").mkdir()
    generate(sample, folder / "origin", tenants, each)


def cloned(folder: Path) -> Path:
    """`origin` committed, and a clone of it beside."""
    commit_all(folder / "origin")
    git(folder, "clone", "--quiet", "--no-local", "origin", "clone")
    return folder / "clone"


def _per_campaign(seconds: dict[str, tuple[float, ...]], campaigns: int, mixed: int) -> list[Line]:
    one, _, other = seconds.values()
    return [
        Line("per campaign", Spread(*[1e3 * one[0] / campaigns] * 3), "ms"),
        Line("per campaign of every kind", Spread(*[1e3 * other[0] / mixed] * 3), "ms"),
    ]


def _compared(tenants: int, each: int) -> tuple[str, ...]:
    return (
        f"{tenants * each:,} campaigns of about 1 KB, each with a mail and an SMS of its own, no text "
        "twice; the clone is new and nothing is remembered. PyYAML's C loader reads the same files and "
        "keeps nothing. Beside it a smaller repository as a platform has it: MJML and HTML templates, "
        "blueprints, experiments, offers, named audiences, a group.",
    )

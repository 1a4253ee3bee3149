"""What a reviewer waits for in a large repository: a check of one file, a diff of one retailer's change,
and a diff of a change that reaches everybody.

Each is a command as somebody types it, from process start. Every repetition asks about a commit that
nobody has compiled before; its base is in the cache, as it is wherever the branch was compiled once.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.commands import Process
from benchmarks.fleet import commit_all, git, write_fleet
from benchmarks.measure import Contender, interleave, paired_ratio, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting

TITLE = "reviewing a change among {tenants} retailers with {campaigns} campaigns each"
CHECK, START = "handbill check, one campaign", "importing the compiler"
DIFF, GIT = "handbill diff, one campaign changed", "git diff of the same commits"
DIFF_ALL, COLD = "handbill diff, a platform default changed", "handbill compile, nothing remembered"
INSIDE = 'cd "$0" && exec env "$@"'
COMPILER = (sys.executable, "-m", "handbill.cli.main")


@dataclass(slots=True)
class Work:
    """Commands in the repository at `root`, with a cache beside it."""

    root: Path
    cache: Path
    peaks: dict[str, int] = field(default_factory=dict)

    def contender(self, name: str, commands: Iterator[Sequence[str]]) -> Contender:
        """Runs the next of the commands each time."""

        def run() -> float:
            place = ("sh", "-c", INSIDE, str(self.root), f"HANDBILL_CACHE={self.cache}")
            process = Process((*place, *next(commands)))
            seconds = process()
            self.peaks[name] = max(self.peaks.get(name, 0), process.peak)
            return seconds

        return run


def measure_review(setting: Setting) -> Outcome:
    tenants, campaigns, repetitions = (2, 3, 1) if setting.quick else (100, 20, 3)
    root, cache = setting.folder / "configuration", setting.folder / "cache"
    write_fleet(setting.sample, root, tenants, campaigns)
    work, base = Work(root, cache), commit_all(root)
    narrow = [_with_one_campaign_changed(root, base, number) for number in range(repetitions)]
    wide = [_with_a_default_changed(root, base, number) for number in range(repetitions)]
    git(root, "checkout", "--quiet", base)
    for command in work_that_fills_the_cache(base):
        work.contender("", iter([command]))()
    file = next(iter(sorted(root.glob("tenants/*/campaigns/*.yaml")))).relative_to(root)
    contenders = {
        CHECK: work.contender(CHECK, _always(*COMPILER, "check", str(file))),
        START: work.contender(START, _always(sys.executable, "-c", "import handbill.pipeline")),
        DIFF: work.contender(DIFF, iter([(*COMPILER, "diff", base, head) for head in narrow])),
        GIT: work.contender(GIT, iter([("git", "diff", "--stat", base, head) for head in narrow])),
        DIFF_ALL: work.contender(
            DIFF_ALL, iter([(*COMPILER, "diff", base, head) for head in wide])
        ),
        COLD: work.contender(COLD, _always(*COMPILER, "compile", "--no-cache", "--rev", base)),
    }
    seconds = interleave(contenders, repetitions, warm_up=0)
    lines = [Line(name, spread(found), "s") for name, found in seconds.items()]
    lines += [
        Line(f"{name}, peak of its largest process", spread([work.peaks[name] / 2**20]), "MiB")
        for name in (DIFF, DIFF_ALL, COLD)
    ]
    ratios = [
        Ratio(f"{one} ÷ {other}", paired_ratio(seconds[one], seconds[other]))
        for one, other in ((CHECK, START), (DIFF, GIT), (DIFF_ALL, COLD))
    ]
    title = TITLE.format(tenants=tenants, campaigns=campaigns)
    return Outcome("review", title, _compared(root), lines, ratios)


def work_that_fills_the_cache(base: str) -> tuple[Sequence[str], ...]:
    return ((*COMPILER, "compile", "--rev", base),)


def _always(*command: str) -> Iterator[Sequence[str]]:
    while True:
        yield command


def _with_one_campaign_changed(root: Path, base: str, number: int) -> str:
    git(root, "checkout", "--quiet", base)
    path = sorted(root.glob("tenants/*/campaigns/*.yaml"))[-1 - number]
    text, count = re.subn("^status: .*$", "status: paused", path.read_text(), flags=re.MULTILINE)
    assert count == 1
    path.write_text(f"{text}priority: {number + 11}\n")
    return commit_all(root, f"One campaign {number}")


def _with_a_default_changed(root: Path, base: str, number: int) -> str:
    git(root, "checkout", "--quiet", base)
    path = root / "handbill.yaml"
    text, count = re.subn(
        "per_customer: .*", f"per_customer: {number + 5} per 9 days", path.read_text()
    )
    assert count == 1
    path.write_text(text)
    return commit_all(root, f"The default {number}")


def _compared(root: Path) -> tuple[str, ...]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return (
        f"{len(listed.stdout.splitlines()):,} files: mails of their own, from MJML and HTML "
        "templates, instances of blueprints, SMS and push, every text different. Beside the check "
        "stands what importing the compiler takes, beside the diffs `git diff --stat` of the same "
        "commits and a compile of everything in one process that remembers nothing. The base of each "
        "diff was compiled before, its head never.",
    )

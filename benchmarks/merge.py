"""From `git push` of a merge to a bare remote until the last of fifty runtimes has it active, for each
way in which runtimes are told, beside the same git, file and event operations with no compiler.

Each mechanism has a publisher, a store and runtimes of its own. The floor and the folder mechanism take
turns, commit by commit; the others follow one after another, because nobody else may be at work.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.activation_floor import POINTER_BYTES
from benchmarks.fleet import git
from benchmarks.measure import percentile, spread
from benchmarks.merge_processes import (
    NO_HINTS,
    Hints,
    HintsOf,
    Processes,
    Spoken,
    by_nats,
    by_stream,
    split,
    start_bucket,
)
from benchmarks.outcome import Line, Outcome, Ratio, Setting
from benchmarks.platforms import EACH, Platform, commit_file, open_platform

TITLE = (
    "from `git push` of a merge to active in all of {runtimes} runtimes, {campaigns:,} campaigns"
)
CAMPAIGNS, MERGES, RUNTIMES, FOLLOWING = 2_000, 200, 50, 5
ENVIRONMENT = "demo"
FLOOR, FOLDER = "no compiler", "folder events"
LIMIT_SECONDS = 0.4
PAUSE_SECONDS = 0.25
"""Between merges: runtimes heed five hints a second for long, and more only for a moment."""
BUCKETS: Mapping[str, tuple[str, HintsOf]] = {
    "S3 stand-in and the publisher's stream": ("stream", by_stream),
    "S3 stand-in and NATS KV": ("nats", by_nats),
    "S3 stand-in, poll alone": ("poll", lambda _: NO_HINTS),
}
"""Name → the branch that is pushed there, and who tells the runtimes."""


@dataclass(slots=True)
class Merge:
    """Seconds from the start of `git push`."""

    pushed: float
    first: float
    last: float
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Side:
    """A bare remote, who publishes it, and followers in several processes."""

    platform: Platform
    remote: Path
    branch: str
    followers: Sequence[tuple[Spoken, int]]
    publisher: Spoken | None

    def merge(self, file: Path, number: int) -> Merge:
        text = self.platform.edited(file, number).replace("Edit", f"Edit by {self.branch}", 1)
        commit = commit_file(self.platform.root, str(file), text, f"Edit {number}", self.branch)
        started = time.monotonic_ns()
        git(self.platform.root, *push(self.remote, self.branch))
        pushed = time.monotonic_ns()
        active = self.await_active(commit)
        steps = self._steps(commit)
        seconds = [(at - started) / 1e9 for at in active]
        return Merge((pushed - started) / 1e9, min(seconds), max(seconds), steps)

    def await_active(self, commit: str) -> list[int]:
        return [at for spoken, count in self.followers for at in spoken.commits(commit, count)]

    def _steps(self, commit: str) -> dict[str, float]:
        """What the publisher says of it."""
        while self.publisher is not None:
            said = json.loads(self.publisher.line())
            if said.get("commit") == commit:
                return {name: took / 1e3 for name, took in said["steps_ms"].items()}
        return {}


def push(remote: Path, branch: str) -> tuple[str, ...]:
    return ("push", "--quiet", str(remote), f"refs/heads/{branch}:refs/heads/main")


def measure_merge(setting: Setting) -> Outcome:
    campaigns = 10 if setting.quick else setting.campaigns_or(CAMPAIGNS)
    merges, runtimes, processes = (2, 4, 2) if setting.quick else (MERGES, RUNTIMES, FOLLOWING)
    platform = open_platform(setting, campaigns, 5 if setting.quick else EACH)
    files = platform.spread_over(merges + 2)
    found: dict[str, list[Merge]] = {}
    with ExitStack() as stack:
        folder = open_folder(setting.folder / "folder", platform, runtimes, processes, stack)
        floor = open_floor(setting.folder / "floor", platform, folder, runtimes, processes, stack)
        found |= _in_turns({FOLDER: folder, FLOOR: floor}, files, merges)
    for name, (branch, hints_of) in BUCKETS.items():
        with ExitStack() as stack:
            own = Processes(stack, setting.folder / branch)
            side = open_bucket(own, hints_of, platform, runtimes, processes)
            found |= _in_turns({name: side}, files, merges)
    title = TITLE.format(runtimes=runtimes, campaigns=platform.campaigns)
    return Outcome("merge", title, _compared(processes), _lines(found), _ratios(found))


def _in_turns(
    sides: Mapping[str, Side], files: Sequence[Path], merges: int
) -> dict[str, list[Merge]]:
    found: dict[str, list[Merge]] = {name: [] for name in sides}
    for number in range(-2, merges):
        for name in sorted(sides, reverse=number % 2 == 0):
            merge = sides[name].merge(files[number], number + 2)
            if number >= 0:
                found[name].append(merge)
            time.sleep(PAUSE_SECONDS)
    return found


# ── sides ────────────────────────────────────────────────────────────────────────────────────────


def open_folder(
    folder: Path, platform: Platform, runtimes: int, processes: int, stack: ExitStack
) -> Side:
    folder.mkdir()
    store = (folder / "store").as_uri()
    return _open(Processes(stack, folder), "folder", store, platform, runtimes, processes)


def open_bucket(
    started: Processes, hints_of: HintsOf, platform: Platform, runtimes: int, processes: int
) -> Side:
    started.folder.mkdir()
    store, environment = start_bucket(started)
    own = Processes(started.stack, started.folder, environment)
    name = started.folder.name
    return _open(own, name, store, platform, runtimes, processes, hints_of(own))


def _open(
    started: Processes, branch: str, store: str, platform: Platform, runtimes: int, processes: int,
    hints: Hints = NO_HINTS,
) -> Side:  # fmt: skip
    """The remote at START, published, and active everywhere. One runtime tries all the plans; the
    others begin with a copy of its state, or fifty would do so at once on one machine."""
    from handbill.publish.keys import generate_key, write_key

    key = started.folder / "bench.key"
    write_key(key, generate_key())
    remote, commit = new_remote(started.folder, platform, branch)
    publisher = started.start(
        "publisher", "-m", "handbill.cli.main", "publish", "--watch", "--repo", remote, "--env",
        ENVIRONMENT, "--key", key, "--store", store, "--output", "json", "--first",
        *hints.publisher,
    )  # fmt: skip
    following = ("-m", "benchmarks.merge_followers", store, ENVIRONMENT, f"{key}.pub")
    state, names = started.folder / "state", split(runtimes, processes)
    first = started.start("first", *following, state, names[0][0])
    first.commits(commit, 1)
    first.end()
    for name in (name for part in names for name in part[names[0] is part :]):
        shutil.copytree(state / names[0][0], state / name)
    followers = [
        (
            started.start(f"followers-{n}", *following, state, ",".join(part), *hints.runtime),
            len(part),
        )
        for n, part in enumerate(names)
    ]
    side = Side(platform, remote, branch, followers, publisher)
    side.await_active(commit)
    return side


def new_remote(folder: Path, platform: Platform, branch: str) -> tuple[Path, str]:
    """A bare repository whose `main` is where the platform begins, and that commit."""
    remote = folder / "remote.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    for name in ("gc.auto", "receive.autogc"):
        git(remote, "config", name, "0")
    git(platform.root, "update-ref", f"refs/heads/{branch}", "refs/tags/start")
    git(platform.root, *push(remote, branch))
    return remote, git(remote, "rev-parse", "refs/heads/main").strip()


def open_floor(
    folder: Path, platform: Platform, like: Side, runtimes: int, processes: int, stack: ExitStack
) -> Side:
    folder.mkdir()
    started, store = Processes(stack, folder), folder / "store"
    store.mkdir()
    remote, _ = new_remote(folder, platform, "floor")
    newest = platform.commit_edit(platform.files[0], 0, "floor")
    tenant, release = _newest_sizes(like.remote.parent / "store" / "packs")
    followers = []
    for number, names in enumerate(split(runtimes, processes)):
        spoken = started.start(
            f"followers-{number}", "-m", "benchmarks.activation_floor", "follow", store,
            folder / "state", *names,
        )  # fmt: skip
        for _ in names:
            spoken.line()
        followers.append((spoken, len(names)))
    started.start(
        "publisher", "-m", "benchmarks.activation_floor", "publish", remote, store, tenant, release
    )
    side = Side(platform, remote, "floor", followers, None)
    git(platform.root, *push(remote, "floor"))
    side.await_active(newest)
    return side


def _newest_sizes(packs: Path) -> tuple[int, int]:
    """Bytes of a retailer's pack, on average, and of the release's own: the last one written."""
    files = sorted(packs.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    sizes = [path.stat().st_size for path in files]
    return sum(sizes) // len(sizes), sizes[-1]


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def _lines(found: Mapping[str, Sequence[Merge]]) -> list[Line]:
    lines = []
    for name, merges in found.items():
        last = [1e3 * each.last for each in merges]
        lines.append(Line(f"{name}: all active, p50", spread(last), "ms"))
        lines.append(Line(f"{name}: all active, p99", spread([percentile(last, 99)]), "ms"))
    for name, merges in found.items():
        parts = {
            "git push": [each.pushed for each in merges],
            "push to the first runtime": [each.first - each.pushed for each in merges],
            "first to last runtime": [each.last - each.first for each in merges],
        }
        for step in sorted({step for each in merges for step in each.steps}):
            parts[f"publisher's {step}"] = [each.steps.get(step, 0.0) for each in merges]
        for part, seconds in parts.items():
            lines.append(Line(f"{name}, of it {part}", spread([1e3 * s for s in seconds]), "ms"))
    return lines


def _ratios(found: Mapping[str, Sequence[Merge]]) -> list[Ratio]:
    last = {name: [each.last for each in merges] for name, merges in found.items()}
    p99 = {name: percentile(seconds, 99) for name, seconds in last.items()}
    paired = [one / other for one, other in zip(last[FOLDER], last[FLOOR], strict=True)]
    return [
        Ratio(f"{FOLDER} ÷ {FLOOR}", spread(paired)),
        Ratio(f"{FOLDER} ÷ {FLOOR}, p99", spread([p99[FOLDER] / p99[FLOOR]])),
        Ratio(f"{FOLDER}, p99 ÷ 400 ms", spread([p99[FOLDER] / LIMIT_SECONDS]), at_most=1.0),
    ]


def _compared(processes: int) -> tuple[str, ...]:
    return (
        "The clock starts before `git push` of one commit (one subject of one campaign) to a bare "
        "repository, and stops when the last runtime has swapped. `handbill publish --watch` follows "
        f"that repository; the runtimes are followers with a state folder each, in {processes} "
        "processes, all on this one machine. Without a compiler: the same push, the same number of "
        f"files as large and as durable (a pointer of {POINTER_BYTES} bytes), the same events.",
    )

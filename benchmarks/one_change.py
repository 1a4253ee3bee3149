"""One changed text in a large repository: compiled and published, in a publisher that runs and as a
command of its own, at three sizes.

What must hold is that the cost follows the change: a hundred times as many campaigns, hardly more time.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.activation_floor import POINTER_BYTES, locked, write_durably
from benchmarks.commands import Process
from benchmarks.fleet import git
from benchmarks.measure import Spread, percentile, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting
from benchmarks.platforms import EACH, Platform, open_platform

if TYPE_CHECKING:
    from handbill.incremental.build import Builder
    from handbill.publish.publisher import Publisher

TITLE = "one changed text among {sizes} campaigns: compiled and published"
CAMPAIGNS = 100_000
EDITS, COMMANDS, WARM_UP = 100, 20, 5
ENVIRONMENT = "demo"
PUBLISHER_SECONDS, COMMAND_SECONDS, GROWTH = 0.1, 1.0, 2.0


@dataclass(slots=True)
class Measured:
    """Seconds of each edit at one size."""

    campaigns: int
    compiled: list[float] = field(default_factory=list)
    published: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    fetched: list[float] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)

    @property
    def both(self) -> list[float]:
        return [one + other for one, other in zip(self.compiled, self.published, strict=True)]


def measure_one_change(setting: Setting) -> Outcome:
    largest = 10 if setting.quick else setting.campaigns_or(CAMPAIGNS)
    sizes = [largest] if setting.quick else [largest // 100, largest // 10, largest]
    edits, commands = (3, 1) if setting.quick else (EDITS, COMMANDS)
    found = [_measure(setting, size, edits, commands) for size in sizes]
    title = TITLE.format(sizes=", ".join(f"{each.campaigns:,}" for each in found))
    return Outcome("change", title, _compared(edits, commands), _lines(found), _ratios(found))


def _measure(setting: Setting, campaigns: int, edits: int, commands: int) -> Measured:
    platform = open_platform(setting, campaigns, 5 if setting.quick else EACH)
    folder = setting.folder / f"work-{campaigns}"
    folder.mkdir()
    with Publishing(platform, folder) as publishing:
        publishing.begin()
        measured = Measured(platform.campaigns)
        files = platform.spread_over(edits + commands + WARM_UP)
        for number, file in enumerate(files[: edits + WARM_UP]):
            commit = platform.commit_edit(file, number)
            fetched = publishing.fetch()
            compiled, published = publishing.edit(commit)
            floor = publishing.floor()
            if number >= WARM_UP:
                measured.fetched.append(fetched)
                measured.compiled.append(compiled)
                measured.published.append(published)
                measured.floor.append(floor)
        for number, file in enumerate(files[edits + WARM_UP :]):
            commit = platform.commit_edit(file, edits + WARM_UP + number)
            measured.commands.append(publishing.command(commit))
    return measured


class Publishing:
    """A publisher in this process, as `handbill publish --watch` is one, and what else is timed."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        from handbill.incremental.cache import Cache
        from handbill.publish.commits import CommitLog
        from handbill.publish.keys import generate_key, write_key

        self.platform, self.folder = platform, folder
        self.store, self.key = folder / "store", folder / "bench.key"
        self._signing = generate_key()
        write_key(self.key, self._signing)
        self._cache = Cache(platform.cache)
        self._log = CommitLog(platform.root / ".git")
        self._builder: Builder | None = None
        self._publisher: Publisher | None = None
        self._sequence = 0

    def __enter__(self) -> Publishing:
        return self

    def __exit__(self, *_: object) -> None:
        self._cache.close()

    def begin(self) -> None:
        """Publishes where the edits begin, and makes a mirror that fetches them."""
        from handbill.incremental.build import Builder
        from handbill.publish.publisher import Publisher
        from handbill.store.folder import FolderStore

        self._builder = Builder(self._cache)
        self._publisher = Publisher(
            FolderStore(self.store), ENVIRONMENT, self._signing, lambda: datetime.now(UTC)
        )
        git(self.folder, "clone", "--quiet", "--bare", str(self.platform.root), "mirror.git")
        self.edit(git(self.platform.root, "rev-parse", "main").strip())

    def edit(self, commit: str) -> tuple[float, float]:
        """Seconds to compile the commit and to publish it."""
        from handbill.publish.publication import Outcome as Published
        from handbill.publish.publishing import publish

        assert self._builder is not None and self._publisher is not None
        started = time.perf_counter()
        compiled = self._builder.revision(self.platform.root, commit)
        done = time.perf_counter()
        assert compiled.release is not None
        publication = publish(
            self._publisher,
            compiled.release,
            compiled.environments[ENVIRONMENT],
            contains=self._log.contains,
            leave_withdrawn=True,
            repair=False,
        )
        published = time.perf_counter()
        if publication.outcome is not Published.PUBLISHED:
            raise ValueError(f"{commit} is {publication.outcome}")
        return done - started, published - done

    def floor(self) -> float:
        """The same number of files as large, written as durably and in the same order."""
        sizes = [len(data) for data in _newest_packs(self.store, 2)]
        beside, self._sequence = self.folder / "floor", self._sequence + 1
        beside.mkdir(exist_ok=True)
        packs = {beside / "packs" / f"{self._sequence}-{n}": bytes(s) for n, s in enumerate(sizes)}
        pointer = bytes(POINTER_BYTES)
        started = time.perf_counter()
        write_durably(packs)
        with locked(beside):
            write_durably({beside / "history" / f"{self._sequence:010}": pointer})
        with locked(beside):
            write_durably({beside / "environment" / "pointer": pointer})
        return time.perf_counter() - started

    def fetch(self) -> float:
        started = time.perf_counter()
        fetch = ("fetch", "--quiet", "--no-tags", "origin", "+refs/heads/main:refs/heads/main")
        git(self.folder / "mirror.git", "-c", "gc.auto=0", *fetch)
        return time.perf_counter() - started

    def command(self, commit: str) -> float:
        """`handbill publish`, from the start of its process to its end."""
        command = (sys.executable, "-m", "handbill.cli.main", "publish", "--env", ENVIRONMENT)
        where = ("--repo", str(self.platform.root), "--store", self.store.as_uri())
        process = Process(
            (*command, *where, "--rev", commit, "--key", str(self.key)),
            environment={"HANDBILL_CACHE": str(self.platform.cache)},
        )
        return process()


def _newest_packs(store: Path, count: int) -> list[bytes]:
    listed = subprocess.run(
        ["ls", "-t", str(store / "packs")], capture_output=True, text=True, check=True
    )
    return [(store / "packs" / name).read_bytes() for name in listed.stdout.split()[:count]]


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def _lines(found: Sequence[Measured]) -> list[Line]:
    kinds: Sequence[tuple[str, Callable[[Measured], list[float]]]] = (
        ("compile + publish", lambda each: each.both),
        ("of it compile", lambda each: each.compiled),
        ("the files alone", lambda each: each.floor),
        ("git fetch, apart", lambda each: each.fetched),
        ("handbill publish, a process", lambda each: each.commands),
    )
    lines = []
    for name, seconds_of in kinds:
        for each in found:
            milliseconds = [1e3 * seconds for seconds in seconds_of(each)]
            lines.append(Line(f"{name}, {each.campaigns:,}: p50", spread(milliseconds), "ms"))
            lines.append(Line(f"{name}, {each.campaigns:,}: p99", _p99(milliseconds), "ms"))
    return lines


def _ratios(found: Sequence[Measured]) -> list[Ratio]:
    first, last = found[0], found[-1]
    size = f"{last.campaigns:,}"
    ratios = [
        Ratio(
            f"compile + publish ÷ {PUBLISHER_SECONDS * 1e3:.0f} ms, {size}",
            spread([each / PUBLISHER_SECONDS for each in last.both]),
            at_most=1.0,
        ),
        Ratio(
            f"handbill publish ÷ {COMMAND_SECONDS:.0f} s, {size}",
            spread([each / COMMAND_SECONDS for each in last.commands]),
            at_most=1.0,
        ),
        Ratio(
            f"compile + publish ÷ the files alone, {size}",
            spread([one / floor for one, floor in zip(last.both, last.floor, strict=True)]),
        ),
    ]
    if len(found) > 1:
        grown = spread(last.both).median / spread(first.both).median
        name = f"compile + publish, {size} ÷ {first.campaigns:,} campaigns"
        ratios.append(Ratio(name, spread([grown]), at_most=GROWTH))
    return ratios


def _p99(milliseconds: Sequence[float]) -> Spread:
    return spread([percentile(milliseconds, 99)])


def _compared(edits: int, commands: int) -> tuple[str, ...]:
    return (
        f"{edits} commits at each size, one after another, each with one subject of another campaign; "
        "100 campaigns of about 1 KB a retailer. The publisher runs all the time and compiled what it "
        "began with; a commit is timed from its id to the pointer that is durable in a folder. Fetching "
        "it is stated apart, because it grows with the repository. The files alone: as many, as large "
        "and as durable, and nothing else.",
        f"As a command: {commands} further commits, each by `handbill publish` from the start of its "
        "process, with what the publisher's process remembered on disk.",
    )

"""From `git commit` to active in a running runtime, against the same git and files without a compiler.

Both sides are two processes of their own, a publisher and a follower, and both have their own copy
of the sample repository. The edits are the same, one text of one retailer each, and take turns.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import paired_ratio, percentile, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting

TITLE = "from the start of `git commit` to active in a running runtime"
EDITS = {
    "tenants/copper-kettle/campaigns/friday-cheese.yaml": "Friday at the cheese counter",
    "tenants/fresh-fields/campaigns/weekly-circular.yaml": "Soup season",
    "tenants/marche-boreal/campaigns/circulaire.yaml": "Les saveurs de décembre",
    "tenants/prairie-pantry/campaigns/weekly-ad.yaml": "Stock-up week",
    "tenants/valle-market/campaigns/posadas.yaml": "Everything for las posadas",
}
HANDBILL, FLOOR = "Handbill", "without a compiler"
WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.05
_GIT = ("-c", "user.name=Bench", "-c", "user.email=bench@handbill.example", "-c", "gc.auto=0",
        "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null")  # fmt: skip


class Stuck(Exception):
    """A process of the benchmark ended or fell silent; the message says which."""


@dataclass(frozen=True, slots=True)
class Reload:
    """Seconds from the start of `git commit`: until it returned, and until the commit was active."""

    committed: float
    active: float


def measure_activation(setting: Setting) -> Outcome:
    commits = 4 if setting.quick else 100
    with ExitStack() as stack:
        handbill = open_handbill(setting, stack)
        floor = open_floor(setting, handbill, stack)
        sides = {HANDBILL: handbill, FLOOR: floor}
        reloads: dict[str, list[Reload]] = {name: [] for name in sides}
        for number in range(-2, commits):
            for name in sorted(sides, reverse=number % 2 == 0):
                reload = sides[name].edit(number + 3)
                if number >= 0:
                    reloads[name].append(reload)
                time.sleep(PAUSE_SECONDS)
    return Outcome("activation", TITLE, _compared(commits), _lines(reloads), _ratios(reloads))


def _compared(commits: int) -> tuple[str, ...]:
    return (
        f"{commits} commits on each side, in turns. Handbill: `handbill publish --watch` and a "
        "follower (verify, try, activate, keep on disk), each a process. Without a compiler: the "
        "same `git commit`, a process that asks for the tip as often, writes as many files of the "
        "same size as durably, and one that is told of them in the same way and keeps them on disk.",
        "The clock starts before `git commit` and stops when the follower has swapped.",
    )


def _lines(reloads: dict[str, list[Reload]]) -> list[Line]:
    lines = []
    for name, found in reloads.items():
        active = [1e3 * each.active for each in found]
        lines.append(Line(f"{name}, p50", spread(active), "ms"))
        lines.append(Line(f"{name}, p99", spread([percentile(active, 99)]), "ms"))
        lines.append(
            Line(f"{name}, of it git commit", spread([1e3 * r.committed for r in found]), "ms")
        )
    return lines


def _ratios(reloads: dict[str, list[Reload]]) -> list[Ratio]:
    whole = {name: [each.active for each in found] for name, found in reloads.items()}
    after = {name: [r.active - r.committed for r in found] for name, found in reloads.items()}
    worst = percentile(whole[HANDBILL], 99) / percentile(whole[FLOOR], 99)
    return [
        Ratio(f"{HANDBILL} ÷ {FLOOR}", paired_ratio(whole[HANDBILL], whole[FLOOR])),
        Ratio(f"{HANDBILL} ÷ {FLOOR}, p99", spread([worst])),
        Ratio("the same, git commit left out", paired_ratio(after[HANDBILL], after[FLOOR])),
    ]


# ── the two sides ────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Side:
    """A repository, and a follower that prints `COMMIT NANOSECONDS` for each commit it activates."""

    repository: Path
    follower: Follower

    def edit(self, number: int) -> Reload:
        """Changes one text, commits it, and waits until it is active."""
        file = list(EDITS)[number % len(EDITS)]
        text = original(self.repository, file).replace(EDITS[file], f"{EDITS[file]} {number}", 1)
        (self.repository / file).write_text(text, encoding="utf-8")
        started = time.monotonic_ns()
        git(self.repository, "commit", "--quiet", "--all", "--message", f"Edit {number}")
        committed = time.monotonic_ns()
        commit = git(self.repository, "rev-parse", "HEAD").strip()
        active = self.follower.await_commit(commit)
        return Reload((committed - started) / 1e9, (active - started) / 1e9)


def original(repository: Path, file: str) -> str:
    return git(repository, "show", f"start:{file}")


class Follower:
    """A process whose lines are read as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def line(self) -> str:
        try:
            line = self._lines.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise Stuck(f"nothing became active within {WAIT_SECONDS:.0f} s") from None
        if not line:
            raise Stuck("a follower ended: see processes.log")
        return line

    def await_commit(self, commit: str) -> int:
        """The nanosecond at which `commit` was active."""
        while True:
            name, _, at = self.line().partition(" ")
            if name == commit:
                return int(at)


def open_handbill(setting: Setting, stack: ExitStack) -> Side:
    from handbill.cli.demo.scratch import ENVIRONMENT, Ports, ScratchRepository, environment_yaml
    from handbill.publish.keys import generate_key, write_key

    folder = setting.folder / "handbill"
    folder.mkdir()
    repository, key = folder / "repository", folder / "bench.key"
    write_key(key, generate_key())
    (folder / "secret").write_text("none", encoding="utf-8")
    environment = environment_yaml(folder, Ports(1, 2, 3))
    ScratchRepository(repository).create(setting.sample, environment)
    git(repository, "tag", "start")
    store = (folder / "store").as_uri()
    _start(stack, folder, "-m", "handbill.cli.main", "publish", "--watch", "--first", "--repo", repository,
           "--env", ENVIRONMENT, "--key", key, "--first")  # fmt: skip
    follower = Follower(
        _start(stack, folder, "-m", "benchmarks.activation_follower", store, ENVIRONMENT,
               f"{key}.pub", folder / "state")
    )  # fmt: skip
    follower.await_commit(git(repository, "rev-parse", "HEAD").strip())
    return Side(repository, follower)


def open_floor(setting: Setting, handbill: Side, stack: ExitStack) -> Side:
    folder = setting.folder / "floor"
    folder.mkdir()
    repository, store = folder / "repository", folder / "store"
    git(setting.folder, "clone", "--quiet", "--no-local", handbill.repository, repository)
    store.mkdir()
    tenant, release = _pack_sizes(handbill.repository.parent / "store")
    follower = Follower(
        _start(
            stack, folder, "-m", "benchmarks.activation_floor", "follow", store, folder / "state"
        )
    )
    follower.line()
    _start(stack, folder, "-m", "benchmarks.activation_floor", "publish", repository, store,
           tenant, release)  # fmt: skip
    follower.await_commit(git(repository, "rev-parse", "HEAD").strip())
    return Side(repository, follower)


def _pack_sizes(store: Path) -> tuple[int, int]:
    """Bytes of a retailer's pack, on average, and of the release's own."""
    from handbill.plan.canonical import decode_object
    from handbill.plan.model import Release, Tenant
    from handbill.store.folder import FolderStore
    from handbill.store.pack import read_pack

    tenants, releases = [], []
    for path in (store / "packs").rglob("*"):
        if path.is_file():
            root = f"sha256:{path.name.removeprefix('sha256:')}"
            match decode_object(read_pack(FolderStore(store), root)[root]):
                case Tenant():
                    tenants.append(path.stat().st_size)
                case Release():
                    releases.append(path.stat().st_size)
    return sum(tenants) // len(tenants), releases[0]


def _start(stack: ExitStack, folder: Path, *arguments: object) -> subprocess.Popen[str]:
    log = stack.enter_context((folder / "processes.log").open("a"))
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdout=subprocess.PIPE if "follow" in str(arguments) else log,
        stderr=log,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def git(folder: Path, *arguments: object) -> str:
    command: Sequence[str] = ["git", *_GIT, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout

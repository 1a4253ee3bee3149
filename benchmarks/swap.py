"""The longest pause of a runtime that writes messages without end, while a thousand releases are swapped
into it, over the same run without swaps.

One thread writes; another notices each pointer, verifies, builds, tries, keeps and swaps, as a runtime's
does. Every message is compared with what its own plan says.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generate import generate
from benchmarks.measure import spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting

if TYPE_CHECKING:
    from handbill.pipeline import Compiled
    from handbill_runtime.follow.follower import Follower

TITLE = "the longest pause of a busy runtime while {swaps:,} releases are swapped into it"
TENANTS, CAMPAIGNS, SWAPS, ROUNDS = 5, 20, 1_000, 5
ENVIRONMENT = "demo"
REST_SECONDS = 0.01
EDITIONS = ("First edition", "Second edition")
CONTEXT = {
    ("run", "date"): datetime.date(2026, 12, 5),
    ("offer", "index"): 1,
    ("unsubscribe_url",): "https://go.example/u/1",
    ("view_url",): "https://go.example/v/1",
    ("assets_url",): "https://go.example/assets",
    ("message", "id"): "0" * 64,
}


class Mixed(Exception):
    """A message is not what its plan says."""


@dataclass(slots=True)
class Writing:
    """A thread that writes messages of whatever is active. `pauses` are seconds between two."""

    follower: Follower
    tenant: str
    campaign: str
    stop: threading.Event = field(default_factory=threading.Event)
    written: int = 0
    longest: float = 0.0
    seen: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        from handbill_runtime.stages.compiled import made_up_row

        before = time.perf_counter()
        while not self.stop.is_set():
            active = self.follower.active
            assert active is not None
            plan = active.tenants[self.tenant].plans[self.campaign]
            locale = plan.locale("en-US")
            variant = plan.plan.variants[0].name
            parts = plan.render(variant, "email", locale, made_up_row(plan.fields), CONTEXT)
            subject = parts["subject"]
            if subject != EDITIONS[(active.pointer.sequence - 1) % 2]:
                self.wrong.append(f"{subject} under number {active.pointer.sequence}")
            self.seen.add(plan.digest)
            self.written += 1
            now = time.perf_counter()
            self.longest, before = max(self.longest, now - before), now


def measure_swap(setting: Setting) -> Outcome:
    swaps, rounds = (4, 1) if setting.quick else (SWAPS, ROUNDS)
    prepared = _prepare(setting, swaps)
    busy, calm, counts = [], [], []
    for number in range(rounds):
        part = prepared.pointers[number * swaps // rounds : (number + 1) * swaps // rounds]
        longest, written, seconds = prepared.write_while(lambda part=part: prepared.swap(part))
        counts.append(written)
        busy.append(longest)
        calm.append(prepared.write_while(lambda seconds=seconds: time.sleep(seconds))[0])
    lines = [
        Line("longest pause, swapping", spread([1e3 * each for each in busy]), "ms"),
        Line("longest pause, the same without swaps", spread([1e3 * each for each in calm]), "ms"),
        Line("messages written while swapping", spread([float(sum(counts))]), "messages"),
    ]
    ratios = [
        Ratio(
            "longest pause, swapping ÷ without",
            spread([one / other for one, other in zip(busy, calm, strict=True)]),
        )
    ]
    title = TITLE.format(swaps=swaps)
    return Outcome("swap", title, _compared(rounds), lines, ratios, (NOTE,))


NOTE = "No message was other than its plan says; one that was would be an error and no figure."


@dataclass(slots=True)
class Prepared:
    follower: Follower
    pointers: Sequence[bytes]
    tenant: str
    campaign: str

    def swap(self, pointers: Sequence[bytes]) -> None:
        from handbill.store.paths import pointer_path

        for pointer in pointers:
            self.follower.store.put({pointer_path(ENVIRONMENT): pointer})
            if not self.follower.refresh():
                raise Mixed(f"not activated: {self.follower.refusal}")
            time.sleep(REST_SECONDS)

    def write_while(self, work: Callable[[], object]) -> tuple[float, int, float]:
        """The longest pause, the number of messages, and how long the work took."""
        writing = Writing(self.follower, self.tenant, self.campaign)
        thread = threading.Thread(target=writing.run)
        thread.start()
        started = time.perf_counter()
        try:
            work()
        finally:
            seconds = time.perf_counter() - started
            writing.stop.set()
            thread.join()
        if writing.wrong or not writing.written:
            raise Mixed(f"{writing.wrong[:3]} of {writing.written}")
        return writing.longest, writing.written, seconds


def _prepare(setting: Setting, swaps: int) -> Prepared:
    """All pointers signed and all packs stored beforehand; the first release is active."""
    from handbill.cli.run import open_follower
    from handbill.publish.keys import generate_key
    from handbill.publish.publisher import Publisher
    from handbill.publish.publishing import publish
    from handbill.store.folder import FolderStore
    from handbill.store.paths import pointer_path

    root = setting.folder / "configuration"
    root.mkdir()
    generate(setting.sample, root, TENANTS, 2 if setting.quick else CAMPAIGNS)
    file = min(root.glob("tenants/*/campaigns/*.yaml"))
    editions = [_edition(root, file, subject) for subject in EDITIONS]
    store, key = FolderStore(setting.folder / "store"), generate_key()
    publisher = Publisher(store, ENVIRONMENT, key, lambda: datetime.datetime.now(UTC))
    pointers = []
    for number in range(swaps + 1):
        compiled = editions[number % 2]
        assert compiled.release is not None
        publish(publisher, compiled.release, compiled.environments[ENVIRONMENT], repair=False)
        stored = store.read(pointer_path(ENVIRONMENT))
        assert stored is not None
        pointers.append(stored.data)
    store.put({pointer_path(ENVIRONMENT): pointers[0]})
    state = setting.folder / "state"
    follower = open_follower(store.url, ENVIRONMENT, (str(key.public),), state, "bench")
    follower.start()
    return Prepared(follower, pointers[1:], file.parents[1].name, file.stem)


def _edition(root: Path, file: Path, subject: str) -> Compiled:
    from handbill.pipeline import compile_tree
    from handbill.source.working_tree import open_working_tree

    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("    subject: "))
    lines[at] = f'    subject: "{subject}"'
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tree, found = open_working_tree(root)
    assert tree is not None
    return compile_tree(tree, found)


def _compared(rounds: int) -> tuple[str, ...]:
    return (
        f"{rounds} rounds, each with its part of the swaps and as long without. One thread writes mails "
        f"of one campaign as fast as it can; {TENANTS} retailers, of which each release changes one. "
        f"Between two swaps are {1e3 * REST_SECONDS:.0f} ms. All releases were published before.",
    )

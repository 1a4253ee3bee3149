"""A real follower of a branch in a process of its own; its compiler takes the release out of one file.

    python watching_process.py REPOSITORY STORE_URL

Writes a line for each commit that it handled: the outcome and the number that is active.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from sample_release import compiled, environment, signing_key

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Environment
from handbill.publish.branch import Branch, open_branch
from handbill.publish.events import Event, Handled
from handbill.publish.publisher import Publisher
from handbill.publish.watch import BranchPublisher
from handbill.store.store import open_store


@dataclass
class Compiled:
    release: CompiledRelease
    environments: dict[str, Environment]
    diagnostics: tuple[Diagnostic, ...] = ()


def main(repository: str, store_url: str) -> None:
    branch = open_branch(Path(repository), "main")
    assert isinstance(branch, Branch)
    store = open_store(store_url)

    def compile_commit(_: Path, commit: str) -> Compiled:
        return Compiled(
            compiled({"fresh": commit, "valle": commit[::-1]}, commit=commit),
            {"production": environment()},
        )

    def report(event: Event) -> None:
        publication = event.publication if isinstance(event, Handled) else None
        if publication is not None and publication.pointer is not None:
            os.write(1, f"{publication.outcome} {publication.pointer.sequence}\n".encode())

    BranchPublisher(
        branch,
        "production",
        lambda _: Publisher(store, "production", signing_key(), lambda: datetime.now(UTC)),
        compile_commit,
        report,
    ).run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])

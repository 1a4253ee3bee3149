"""The follower of a branch: a real repository and a real store; the compiler is a small one that
makes a release out of one file, so that each commit does what the test needs."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rollout_world import FREEZE
from sample_release import compiled, environment

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.bringing_out import BringingOut
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Environment
from handbill.publish.branch import Branch, open_branch
from handbill.publish.events import STEPS, Event, Handled, Renewed, Trouble
from handbill.publish.orders import Orders
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.publish.rollback import rollback
from handbill.publish.watch import COMPILE_ATTEMPTS, BranchPublisher, CompileCommit
from handbill.store.folder import FolderStore


@dataclass
class Compiled:
    release: CompiledRelease | None
    environments: dict[str, Environment]
    diagnostics: tuple[Diagnostic, ...] = ()


def compile_title(repository: Path, commit: str) -> Compiled:
    """The file `title` is the tenant's title; some titles are mistakes."""
    show = ["git", "show", f"{commit}:title"]
    title = subprocess.run(show, cwd=repository, check=True, capture_output=True, text=True).stdout
    match title:
        case "crash":
            raise RuntimeError("a bug in the compiler")
        case "broken":
            return Compiled(None, {}, (Diagnostic("HB201", "this is not YAML"),))
        case "elsewhere":
            return Compiled(compiled({"fresh": title}, commit=commit), {})
    return Compiled(
        compiled({"fresh": title}, commit=commit), {"production": environment("production")}
    )


@dataclass
class World:
    repository: Path
    publisher: Publisher
    events: list[Event] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    unreachable: bool = False

    def commit(self, title: str, *options: str) -> str:
        (self.repository / "title").write_text(title)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
        for arguments in (
            ["add", "title"],
            ["commit", "-q", *options, "--allow-empty", "-m", title],
        ):
            subprocess.run([*git, *arguments], cwd=self.repository, check=True)
        head = ["git", "rev-parse", "HEAD"]
        done = subprocess.run(head, cwd=self.repository, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def report(self, event: Event) -> None:
        self.events.append(event)
        self.arrived.set()

    def publisher_for(self, _: Environment) -> Publisher:
        if self.unreachable:
            return Publisher(
                FolderStore(self.repository / "title" / "no folder"),
                "production",
                self.publisher.key,
                self.publisher.clock,
            )
        return self.publisher

    @contextmanager
    def following(
        self, compile_commit: CompileCommit = compile_title, **options: Any
    ) -> Iterator[None]:
        branch = open_branch(self.repository, "main")
        assert isinstance(branch, Branch)
        branch.interval = 0.001
        stop = threading.Event()
        follower = BranchPublisher(
            branch,
            "production",
            self.publisher_for,
            compile_commit,
            self.report,
            **options,
        )
        thread = threading.Thread(target=follower.run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def wait(self, wanted: Callable[[Event], bool]) -> Event:
        """The first event that is wanted; a test that waits for what never comes fails."""
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            for event in tuple(self.events):
                if wanted(event):
                    return event
            self.arrived.clear()
            self.arrived.wait(0.05)
        raise AssertionError(self.events)

    def handled(self, commit: str) -> Handled:
        event = self.wait(lambda event: isinstance(event, Handled) and event.commit == commit)
        assert isinstance(event, Handled)
        return event


@pytest.fixture
def world(tmp_path: Path, publisher: Publisher) -> World:
    repository = tmp_path / "config"
    repository.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=repository, check=True)
    return World(repository, publisher)


def test_the_tip_and_each_later_commit_are_published(world: World) -> None:
    first = world.commit("A")
    with world.following():
        published = world.handled(first).publication
        assert published is not None and published.outcome is Outcome.PUBLISHED
        for title in ("B", "C"):
            commit = world.commit(title)
            handled = world.handled(commit)
            assert handled.publication is not None and handled.publication.pointer is not None
            assert handled.publication.pointer.commit == commit
            assert handled.compile_seconds > 0 and handled.publish_seconds > 0
    assert len(world.events) == 3


def test_a_commit_that_fails_stops_nothing(world: World) -> None:
    world.commit("A")
    with world.following():
        broken = world.handled(world.commit("broken"))
        assert broken.publication is None
        assert [found.code for found in broken.diagnostics] == ["HB201"]
        crashed = world.handled(world.commit("crash"))
        assert crashed.publication is None and crashed.compiled is None
        assert [found.code for found in crashed.diagnostics] == ["HB853"]
        assert "RuntimeError: a bug in the compiler" in crashed.diagnostics[0].message
        elsewhere = world.handled(world.commit("elsewhere"))
        assert [found.code for found in elsewhere.diagnostics] == ["HB822"]
        good = world.handled(world.commit("B"))
        assert good.publication is not None
        assert good.publication.outcome is Outcome.PUBLISHED


def test_a_store_out_of_reach_is_tried_again(world: World) -> None:
    world.unreachable = True
    commit = world.commit("A")
    with world.following():
        trouble = world.wait(lambda event: isinstance(event, Trouble))
        assert isinstance(trouble, Trouble) and trouble.diagnostic.code == "HB802"
        world.unreachable = False
        assert world.handled(commit).publication is not None


def test_what_was_rolled_back_stays_back_until_the_next_commit(world: World) -> None:
    world.commit("A")
    with world.following():
        bad = world.commit("B")
        world.handled(bad)
    rollback(world.publisher)
    world.events.clear()
    with world.following():
        publication = world.handled(bad).publication
        assert publication is not None and publication.outcome is Outcome.WITHDRAWN
        corrected = world.handled(world.commit("C")).publication
        assert corrected is not None and corrected.outcome is Outcome.PUBLISHED


def test_an_older_branch_does_not_replace_what_came_after(world: World) -> None:
    older = world.commit("A")
    with world.following():
        world.handled(world.commit("B"))
        subprocess.run(
            ["git", "update-ref", "refs/heads/main", older], cwd=world.repository, check=True
        )
        publication = world.wait(
            lambda event: (
                isinstance(event, Handled)
                and event.publication is not None
                and event.publication.outcome is Outcome.SUPERSEDED
            )
        )
        assert isinstance(publication, Handled) and publication.commit == older


def test_the_pointer_is_renewed_without_a_commit(world: World, clock) -> None:  # type: ignore[no-untyped-def]
    commit = world.commit("A")
    with world.following(renewal_interval=0.01):
        world.handled(commit)
        clock.pass_days(20)
        renewed = world.wait(lambda event: isinstance(event, Renewed))
        assert isinstance(renewed, Renewed) and renewed.publication.pointer is not None
        assert renewed.publication.pointer.sequence == 2 and renewed.diagnostics == ()


def test_a_long_interval_still_stops_at_once(world: World) -> None:
    world.commit("A")
    branch = open_branch(world.repository, "main")
    assert isinstance(branch, Branch)
    branch.interval = 3600.0
    stop = threading.Event()
    follower = BranchPublisher(
        branch, "production", world.publisher_for, compile_title, lambda _: stop.set()
    )
    follower.run(stop)
    assert stop.is_set()


def test_a_repository_that_cannot_be_read_is_trouble(world: World, tmp_path: Path) -> None:
    world.commit("A")
    with world.following():
        world.wait(lambda event: isinstance(event, Handled))
        refs = world.repository / ".git" / "refs" / "heads"
        refs.rename(tmp_path / "away")
        refs.symlink_to(refs)  # a loop: the operating system refuses to follow it
        trouble = world.wait(lambda event: isinstance(event, Trouble))
        assert isinstance(trouble, Trouble) and trouble.diagnostic.code == "HB852"


def test_pushes_while_one_compiles_are_one_publish_of_the_newest(world: World) -> None:
    """The compiler is held at the first commit until three more are there."""
    first = world.commit("A")
    compiling, go_on = threading.Event(), threading.Event()

    def held_up(repository: Path, commit: str) -> Compiled:
        if commit == first:
            compiling.set()
            assert go_on.wait(30)
        return compile_title(repository, commit)

    with world.following(compile_commit=held_up):
        assert compiling.wait(30)
        later = [world.commit(title) for title in ("B", "C", "D")]
        go_on.set()
        newest = world.handled(later[-1])
    assert [event.commit for event in world.events if isinstance(event, Handled)] == [
        first,
        later[-1],
    ]
    assert newest.publication is not None and newest.publication.pointer is not None
    assert newest.publication.pointer.skipped == tuple(later[:-1])
    assert newest.publication.pointer.why == "D"


def test_a_commit_whose_files_cannot_be_read_is_left_after_some_tries(world: World) -> None:
    world.commit("A")
    tried: list[str] = []

    def failing(repository: Path, commit: str) -> Compiled:
        tried.append(commit)
        if commit == bad:
            raise OSError(5, "Input/output error")
        return compile_title(repository, commit)

    bad = world.commit("B")
    with world.following(compile_commit=failing, first_retry=0.001):
        left = world.handled(bad)
        assert [found.code for found in left.diagnostics] == ["HB854"]
        good = world.handled(world.commit("C"))
    assert good.publication is not None and good.publication.outcome is Outcome.PUBLISHED
    assert tried.count(bad) == COMPILE_ATTEMPTS
    troubles = [event for event in world.events if isinstance(event, Trouble)]
    assert len(troubles) == COMPILE_ATTEMPTS - 1
    assert troubles[1].retry_seconds == 2 * troubles[0].retry_seconds


def test_a_rewritten_branch_is_published_with_a_warning(world: World) -> None:
    world.commit("A")
    with world.following():
        world.handled(world.commit("B"))
        other = world.handled(world.commit("C", "--amend"))
    assert other.publication is not None and other.publication.outcome is Outcome.PUBLISHED
    assert "HB856" in [found.code for found in other.diagnostics]


def test_every_step_is_timed(world: World) -> None:
    world.commit("A")
    with world.following():
        handled = world.handled(world.commit("B"))
    assert tuple(handled.steps) == tuple(step for step in STEPS if step != "fetched")
    assert all(seconds >= 0 for seconds in handled.steps.values())


def test_a_rollout_is_tended_between_commits(world: World) -> None:
    asked: list[Publisher] = []

    def tend(publisher: Publisher) -> Publication | None:
        asked.append(publisher)
        return Publication(Outcome.PUBLISHED, None) if len(asked) == 1 else None

    commit = world.commit("A")
    with world.following(tend=tend, tend_interval=0.01):
        world.handled(commit)
        world.wait(lambda event: isinstance(event, Renewed))
    assert asked[0].store is world.publisher.store


def test_what_waited_for_a_freeze_is_published_when_it_ends(world: World, clock) -> None:  # type: ignore[no-untyped-def]
    """Of itself, without a commit; and the history says that it waited."""
    world.commit("A")
    with world.following():
        world.handled(world.commit("A2"))
    clock.now = FREEZE.starts
    orders = Orders(BringingOut(freezes=(FREEZE,)))
    commit = world.commit("B")
    with world.following(orders_for=lambda _: orders):
        waiting = world.handled(commit).publication
        assert waiting is not None and waiting.outcome is Outcome.WAITING
        assert waiting.waits_until == FREEZE.ends
        clock.now = FREEZE.ends
        world.wait(lambda event: isinstance(event, Handled) and _is_published(event))
    handled = [event for event in world.events if isinstance(event, Handled)]
    assert [event.commit for event in handled[-2:]] == [commit, commit]
    done = handled[-1].publication
    assert done is not None and done.pointer is not None and done.waits_until is None
    assert done.pointer.why.endswith("(waited for a freeze until 2026-12-08T00:00:00Z)")


def _is_published(event: Handled) -> bool:
    done = event.publication
    return done is not None and "waited for a freeze" in (done.pointer.why if done.pointer else "")


def test_the_loop_and_the_branch_are_seen(world: World) -> None:
    turned, seen = threading.Event(), threading.Event()
    commit = world.commit("A")
    with world.following(turned=turned.set, seen=seen.set):
        world.handled(commit)
    assert turned.is_set() and seen.is_set()

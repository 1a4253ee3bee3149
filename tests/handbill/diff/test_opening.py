"""What may be named as a side: in a real repository, whose commits break and mend retailers."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from diff_world import BASE, CAMPAIGN, HELLO, campaign

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.model import Held
from handbill.diff.opening import Workplace, open_side, open_sides
from handbill.diff.revisions import Revision
from handbill.diff.sides import OpenSide
from handbill.incremental.build import Builder
from handbill.incremental.cache import Cache
from handbill.source.tree import WORKING_TREE

OTHER = "tenants/other-shop"
BROKEN = campaign(("lifetime_orders", "lifetime_order"))


@dataclass
class Repository:
    folder: Path

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text, encoding="utf-8")

    def commit(self, file: str, text: str) -> str:
        self.write(file, text)
        self.git("add", "-A")
        self.git("commit", "-qm", "an edit")
        return self.git("rev-parse", "HEAD")

    @property
    def place(self) -> Workplace:
        return Workplace(self.folder, self.folder)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two retailers with the same campaign, and one commit, `first`."""
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    shutil.copytree(folder / "tenants/fresh-fields", folder / OTHER)
    repository = Repository(folder)
    repository.git("init", "-q", "-b", "main")
    repository.commit(HELLO, CAMPAIGN)
    repository.git("tag", "first")
    return repository


def sides(base: str, head: str | None, place: Workplace) -> tuple[OpenSide, OpenSide]:
    found = open_sides(base, head, place)
    assert not isinstance(found, Diagnostic), found
    return found


def subject(opened: OpenSide, tenant: str = "fresh-fields") -> str:
    data = opened.plan_bytes(tenant, "hello")
    assert data is not None
    return next(word for word in ("Double", "Triple", "Fourfold") if word.encode() in data)


def refused(found: object) -> str:
    assert isinstance(found, Diagnostic)
    assert found.hint
    return found.code


def test_a_revision_and_the_folder(repository: Repository) -> None:
    repository.write(HELLO, campaign(("Double", "Triple")))
    base, head = sides("first", None, repository.place)
    assert (base.about.label, base.about.commit) == ("first", repository.git("rev-parse", "first"))
    assert (head.about.label, head.about.commit) == (WORKING_TREE, "")
    assert (subject(base), subject(head)) == ("Double", "Triple")


def test_two_folders(repository: Repository, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(repository.folder, copy)
    (copy / HELLO).write_text(campaign(("Double", "Triple")), encoding="utf-8")
    base, head = sides(str(copy), str(repository.folder), repository.place)
    assert (base.about.label, subject(base), subject(head)) == (str(copy), "Triple", "Double")


def test_three_dots_begin_where_the_branches_parted(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit(HELLO, campaign(("Double", "Triple")))
    repository.git("checkout", "-q", "main")
    repository.commit(HELLO, campaign(("Double", "Fourfold")))
    base, head = sides("main...topic", None, repository.place)
    assert (subject(base), subject(head)) == ("Double", "Triple")
    repository.git("checkout", "-q", "topic")
    base, head = sides("main...", None, repository.place)
    assert (subject(base), head.about.label) == ("Double", WORKING_TREE)


def test_what_is_no_side(repository: Repository) -> None:
    place = repository.place
    assert refused(open_sides("mian", None, place)) == "HB721"
    assert refused(open_sides("main", "mian", place)) == "HB721"
    assert refused(open_sides("main...mian", None, place)) == "HB721"
    assert refused(open_side("./nowhere", place)) == "HB725"
    assert refused(open_side("store:staging", place)) == "HB726"


def test_a_head_of_which_nothing_compiles(repository: Repository) -> None:
    repository.write("handbill.yaml", "{")
    assert refused(open_sides("first", None, repository.place)) == "HB724"


def test_a_commit_without_a_configuration(repository: Repository) -> None:
    repository.git("rm", "-rq", ".")
    repository.git("commit", "-qm", "all gone")
    repository.git("checkout", "-q", "first", "--", ".")
    base, _ = sides("main", None, repository.place)
    assert base.about.instead_of == repository.git("rev-parse", "main")


def test_a_retailer_with_errors_is_held_as_it_last_was(repository: Repository) -> None:
    repository.commit(HELLO, campaign(("Double", "Triple")))
    sound = repository.git("rev-parse", "HEAD")
    repository.commit(HELLO, BROKEN)
    repository.commit(f"{OTHER}/campaigns/hello.yaml", campaign(("Double", "Fourfold")))
    repository.write(HELLO, campaign(("Double", "Fourfold")))
    base, _ = sides("main", None, repository.place)
    assert base.about.held == (Held(tenant="fresh-fields", commit=sound),)
    assert (subject(base), subject(base, "other-shop")) == ("Triple", "Fourfold")


def test_a_retailer_that_never_was_without_errors_stays_out(repository: Repository) -> None:
    shutil.copytree(repository.folder / OTHER, repository.folder / "tenants/third")
    repository.commit("tenants/third/campaigns/hello.yaml", BROKEN)
    base, _ = sides("main", "main", repository.place)
    assert (base.about.failed, base.about.held) == (("third",), ())
    assert set(base.release.tenants) == {"fresh-fields", "other-shop"}


def test_a_base_that_does_not_compile_is_the_last_that_did(repository: Repository) -> None:
    good = repository.commit(HELLO, campaign(("Double", "Triple")))
    before = (repository.folder / "handbill.yaml").read_text("utf-8")
    bad = repository.commit("handbill.yaml", "{")
    repository.write("handbill.yaml", before)
    base, _ = sides("main", None, repository.place)
    assert (base.about.commit, base.about.instead_of, subject(base)) == (good, bad, "Triple")


def test_only_what_changed_is_compiled_with_a_builder(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(HELLO, campaign(("Double", "Triple")))
    base, head = sides("first", None, replace(repository.place, builder=Builder(Cache(tmp_path))))
    plain_base, plain_head = sides("first", None, repository.place)
    assert base.about == plain_base.about
    assert head.about == plain_head.about
    assert head.file_of("fresh-fields", "hello") == HELLO


# ── no folder passes for a revision ──────────────────────────────────────────────────────────────


@pytest.fixture
def place(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """One stands in the configuration; a copy of it is in `before`."""
    shutil.copytree(BASE, repository.folder / "before")
    monkeypatch.chdir(repository.folder)
    return repository.place


def test_a_folder_does_not_stand_in_for_a_branch_of_its_name(
    repository: Repository, place: Workplace
) -> None:
    assert isinstance(open_side("before", place), OpenSide)
    repository.git("branch", "before")
    found = open_side("before", place)
    assert isinstance(found, Diagnostic) and found.code == "HB725"
    assert found.hint == "./before for the folder, before~0 for the revision"
    folder, revision = open_side("./before", place), open_side("before~0", place)
    assert isinstance(folder, OpenSide) and folder.about.commit == ""
    assert isinstance(revision, OpenSide) and revision.about.commit


def test_a_commit_is_never_looked_for_among_folders(
    repository: Repository, place: Workplace
) -> None:
    commit = repository.git("rev-parse", "HEAD")
    (place.root / "before").rename(place.root / commit)
    sides = open_sides(Revision("main", commit), Revision("main", commit), place)
    assert not isinstance(sides, Diagnostic)
    assert [side.about.commit for side in sides] == [commit, commit]


@pytest.mark.parametrize("asked", ["", "a" * 5000])
def test_what_is_no_name_at_all_is_not_the_folder_one_stands_in(
    place: Workplace, asked: str
) -> None:
    found = open_side(asked, place)
    assert isinstance(found, Diagnostic) and found.code == "HB720"

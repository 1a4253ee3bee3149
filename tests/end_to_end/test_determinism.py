"""One commit of the sample repository is one digest, wherever and however it is compiled."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handbill.pipeline import Compiled, compile_revision, compile_tree
from handbill.source.memory import Memory
from handbill.source.working_tree import open_working_tree

ROOT = Path(__file__).parents[2]
PARTS = ("handbill.yaml", "fields.yaml", "audiences", "blueprints", "channels", "environments",
         "groups", "schemas", "templates", "tenants")  # fmt: skip
EDITED = "tenants/fresh-fields/campaigns/weekly-circular.yaml"
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "hash seed 0, C locale in ASCII": {
        "PYTHONHASHSEED": "0", "LC_ALL": "C", "LANG": "C",
        "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "UTC",
    },
    "hash seed 4242, Turkish, Auckland": {
        "PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
        "TZ": "Pacific/Auckland",
    },
    "random hashes, Quebec, half an hour off": {
        "PYTHONHASHSEED": "random", "LC_ALL": "fr_CA.UTF-8", "LANG": "fr_CA", "TZ": "Asia/Kolkata",
    },
}  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@shop.example")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def copy_sample(folder: Path, order: random.Random | None = None) -> None:
    """The sample's files, created one by one in some order."""
    files = [
        path
        for part in PARTS
        for path in ([ROOT / part] if (ROOT / part).is_file() else (ROOT / part).rglob("*"))
        if path.is_file()
    ]
    files.sort()
    if order is not None:
        order.shuffle(files)
    for path in files:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if order is not None:
            os.utime(target, (order.randrange(2**31), order.randrange(2**31)))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    copy_sample(folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The sample")
    return folder


@pytest.fixture(scope="module")
def digest(repository: Path) -> str:
    """What this process makes of the commit."""
    return digest_of(compile_revision(repository, "HEAD"))


def digest_of(compiled: Compiled) -> str:
    assert compiled.release is not None
    assert not compiled.has_errors
    return compiled.release.digest


def compile_folder(folder: Path, memory: Memory | None = None) -> Compiled:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found, memory)


@pytest.mark.parametrize(
    ("name", "inside"), list(zip(ENVIRONMENTS, (True, False, True), strict=True)), ids=ENVIRONMENTS
)
def test_a_process_of_another_kind(
    repository: Path, digest: str, tmp_path: Path, name: str, inside: bool
) -> None:
    """From git inside the repository; or the working tree from another current folder."""
    options = ["--rev", "HEAD"] if inside else ["--root", str(repository)]
    done = subprocess.run(
        [sys.executable, "-m", "handbill.cli.main", "compile", *options],
        cwd=repository if inside else tmp_path,
        env={**os.environ, **ENVIRONMENTS[name]},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout.strip() == digest, done.stderr


def test_the_working_tree_is_the_commit(repository: Path, digest: str) -> None:
    assert digest_of(compile_folder(repository)) == digest


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_in_which_files_were_made(tmp_path: Path, digest: str, seed: int) -> None:
    folder = tmp_path / "a folder with Blanks & accénts"
    copy_sample(folder, random.Random(seed))
    assert digest_of(compile_folder(folder)) == digest


def test_a_clone_elsewhere_and_a_folder_inside_a_repository(
    repository: Path, digest: str, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), "bare")
    assert digest_of(compile_revision(tmp_path / "bare", "HEAD")) == digest
    outer = tmp_path / "outer"
    shutil.copytree(repository, outer / "config", ignore=shutil.ignore_patterns(".git"))
    git(outer, "init", "--quiet", "--initial-branch=main")
    git(outer, "add", "--all")
    git(outer, "commit", "--quiet", "--message", "Inside")
    assert digest_of(compile_revision(outer, "main", "config")) == digest


def test_with_a_memory_and_without(repository: Path, digest: str) -> None:
    memory = Memory()
    assert digest_of(compile_revision(repository, "HEAD", memory=memory)) == digest
    assert digest_of(compile_revision(repository, "HEAD", memory=memory)) == digest


@pytest.fixture(scope="module")
def memory(repository: Path) -> Memory:
    """Knows the sample, so that only what a test edits is compiled anew."""
    memory = Memory()
    compile_folder(repository, memory)
    return memory


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda text: text.replace("\n", "\n# a comment\n", 1), id="a comment"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends"),
        pytest.param(lambda text: text + "\n\n", id="blank lines"),
        pytest.param(lambda text: "description: Every Wednesday\n" + text, id="a description"),
    ],
)
def test_an_edit_that_changes_nothing_for_customers_changes_no_digest(
    repository: Path, digest: str, tmp_path: Path, memory: Memory, edit: Callable[[str], str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(repository, folder, ignore=shutil.ignore_patterns(".git"))
    path = folder / EDITED
    path.write_bytes(edit(path.read_text(encoding="utf-8")).encode())
    assert digest_of(compile_folder(folder, memory)) == digest


def test_an_edit_of_a_subject_changes_its_tenant_alone(
    repository: Path, tmp_path: Path, memory: Memory
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(repository, folder, ignore=shutil.ignore_patterns(".git"))
    before = compile_folder(folder, memory).release
    text = (folder / EDITED).read_text(encoding="utf-8")
    (folder / EDITED).write_text(text.replace("Soup season", "Cider season"), encoding="utf-8")
    after = compile_folder(folder, memory).release
    assert before is not None and after is not None
    assert before.digest != after.digest
    changed = {
        name
        for name, digest in after.release.tenants.items()
        if before.release.tenants[name] != digest
    }
    assert changed == {"fresh-fields"}
    assert before.release.channels == after.release.channels

"""The whole compiler: findings of every stage add up, and nothing anybody writes makes it raise."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbill.diagnostics.diagnostic import Severity
from handbill.pipeline import Compiled, compile_revision, compile_tree
from handbill.source.memory import Memory
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[1] / "golden" / "base"
RICH = Path(__file__).parents[1] / "golden" / "release" / "configuration"
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "configuration")
    return tmp_path / "configuration"


def compile_folder(folder: Path) -> Compiled:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@shop.example")
    command = ["git", *identity, *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_sound_configuration(folder: Path) -> None:
    compiled = compile_folder(folder)
    assert (compiled.diagnostics, compiled.has_errors) == ((), False)
    assert compiled.tree is not None and HELLO in compiled.tree.paths
    assert compiled.repository is not None and set(compiled.repository.tenants) == {"fresh-fields"}
    assert compiled.release is not None and compiled.release.failed == ()
    assert set(compiled.environments) == {"staging"}


def test_a_revision_is_what_git_holds_and_not_the_folder(folder: Path) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "One")
    (folder / HELLO).write_text("broken: [", encoding="utf-8")
    compiled = compile_revision(folder, "main", memory=Memory())
    assert compiled.diagnostics == ()
    assert compiled.release is not None
    assert compiled.release.commit == git(folder, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("revision", "code"), [("nowhere", "HB103"), ("--all", "HB102"), ("HEAD", "HB101")]
)
def test_a_revision_that_cannot_be_read(folder: Path, revision: str, code: str) -> None:
    if code != "HB101":
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "One")
    compiled = compile_revision(folder, revision)
    assert (compiled.tree, compiled.repository, compiled.release) == (None, None, None)
    assert ([each.code for each in compiled.diagnostics], compiled.has_errors) == ([code], True)
    assert compiled.environments == {}


def test_one_mistake_of_every_stage_is_told_at_once(folder: Path) -> None:
    tenant = folder / "tenants/fresh-fields"
    (tenant / "campaigns/Two.yaml").write_text("status: draft\n")
    (tenant / "campaigns/yaml.yaml").write_text("status: active # x\nowner: &a b\n")
    (tenant / "campaigns/schema.yaml").write_text("statsu: active\n")
    (tenant / "campaigns/resolve.yaml").write_text("uses: nothing\n")
    text = (folder / HELLO).read_text("utf-8")
    (tenant / "campaigns/language.yaml").write_text(text.replace("lifetime_orders", "orders"))
    (tenant / "campaigns/lower.yaml").write_text(text.replace("hello.html", "helo.html"))
    compiled = compile_folder(folder)
    stages = [each.code[:3] for each in compiled.diagnostics]
    assert set(stages) == {"HB1", "HB2", "HB3", "HB4", "HB5"}
    assert compiled.release is not None and compiled.release.failed == ("fresh-fields",)


def test_a_note_is_no_error(folder: Path) -> None:
    group = folder / "groups" / "harvest"
    (group / "campaigns").mkdir(parents=True)
    (group / "group.yaml").write_text("name: Harvest\n")
    tenant = folder / "tenants/fresh-fields/tenant.yaml"
    tenant.write_text(tenant.read_text("utf-8") + "group: harvest\n", encoding="utf-8")
    shutil.copytree(folder / "channels/sms", folder / "channels/pager")
    (group / "campaigns/news.yaml").write_text(
        "category: promotions\nstatus: active\ntrigger: {at: 2026-12-05T10:00}\n"
        'audience: everyone\nmessage:\n  sms: {body: "Hi"}\n  pager: {body: "Hi"}\n'
    )
    compiled = compile_folder(folder)
    assert [each.severity for each in compiled.diagnostics] == [Severity.NOTE]
    assert not compiled.has_errors


def test_a_folder_that_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    compiled = compile_folder(tmp_path / "empty")
    assert [each.code for each in compiled.diagnostics][:1] == ["HB114"]
    assert compiled.release is None


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_no_damage_to_any_file_makes_it_raise(tmp_path: Path, seed: int) -> None:
    """Lines dropped, doubled, swapped between files; bytes flipped; brackets and holes put in."""
    chance = random.Random(seed)
    folder = tmp_path / str(seed)
    shutil.copytree(RICH, folder, dirs_exist_ok=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for _ in range(chance.choice((1, 2, 4))):
        path = chance.choice(files)
        path.write_bytes(damaged(path.read_bytes(), chance.choice(files).read_bytes(), chance))
    compile_folder(folder)
    shutil.rmtree(folder)


def damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    lines, others = data.split(b"\n"), other.split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(at, chance.choice(others))
        case 3:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        case 4:
            lines[at] = lines[at].replace(b": ", b": {{ customer.x }} ", 1)
        case 5:
            return bytes(chance.randrange(256) if chance.random() < 0.01 else byte for byte in data)
        case _:
            junk = chance.choice(
                (b"{% for a in b %}", b"[", b"'", b"null", b"\xff", b"99999999999", b"-")
            )
            cut = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + junk + lines[at][cut:]
    return b"\n".join(lines)

"""Answers of `cat-file --batch`: each is the object that was asked for, or none."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import git

from handbill.source.git_objects import (
    OtherKind,
    TooLarge,
    Wanted,
    entry_names,
    read_answers,
    read_objects,
)

A, B, C = "a" * 40, "b" * 40, "c" * 40


def wanted(*ids: str, limit: int = 10) -> list[Wanted]:
    return [Wanted(each, "blob", limit) for each in ids]


def test_each_answer_is_read_to_its_end() -> None:
    stream = io.BytesIO(
        f"{A} commit 5\n{B[:4]}\n\n{B} blob 20\n{'x' * 20}\n{C} blob 2\nok\n".encode()
    )
    assert list(read_answers(stream, wanted(A, B, C))) == [OtherKind("commit"), TooLarge(20), b"ok"]


def test_missing_is_none_and_the_next_is_read() -> None:
    stream = io.BytesIO(f"{A} missing\n{B} blob 2\nok\n".encode())
    assert list(read_answers(stream, wanted(A, B))) == [None, b"ok"]


def test_after_a_foreign_answer_nothing_is_believed() -> None:
    stream = io.BytesIO(f"{C} blob 2\nno\n{B} blob 2\nno\n".encode())
    assert list(read_answers(stream, wanted(A, B))) == [None, None]


def test_an_end_in_the_middle() -> None:
    assert list(read_answers(io.BytesIO(b""), wanted(A, B))) == [None, None]
    cut = io.BytesIO(f"{A} blob 2000\nx".encode())
    assert list(read_answers(cut, wanted(A, B))) == [TooLarge(2000), None]


def test_a_real_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    command = git.Git(tmp_path)
    (tmp_path / "file").write_bytes(b"text\n")
    blob = command.hash_object("-w", str(tmp_path / "file"))
    answers = list(read_objects(command, [*wanted(blob, A), Wanted(blob, "tree", 10)]))
    assert answers == [b"text\n", None, OtherKind("blob")]
    assert list(read_objects(command, [])) == []


def test_names_of_a_tree() -> None:
    raw = b"100644 a b\0" + b"\0" * 20 + b"40000 c\0" + b" " * 20
    assert list(entry_names(raw, 20)) == ["a b", "c"]

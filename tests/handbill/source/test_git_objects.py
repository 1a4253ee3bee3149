"""Answers of `cat-file --batch`: each is the object that was asked for, or none; trees' entries."""

from __future__ import annotations

import io

import pytest

from handbill.source.git_objects import (
    OtherKind,
    TooLarge,
    TreeEntry,
    Wanted,
    answers_in_step,
    tree_entries,
)

A, B, C = "a" * 40, "b" * 40, "c" * 40


def wanted(*ids: str, limit: int = 10) -> list[Wanted]:
    return [Wanted(each, "blob", limit) for each in ids]


def test_each_answer_is_read_to_its_end() -> None:
    stream = io.BytesIO(
        f"{A} commit 5\n{B[:4]}\n\n{B} blob 20\n{'x' * 20}\n{C} blob 2\nok\n".encode()
    )
    answers = [OtherKind("commit"), TooLarge(20), b"ok"]
    assert list(answers_in_step(stream, wanted(A, B, C))) == answers


def test_missing_is_none_and_the_next_is_read() -> None:
    stream = io.BytesIO(f"{A} missing\n{B} blob 2\nok\n".encode())
    assert list(answers_in_step(stream, wanted(A, B))) == [None, b"ok"]


def test_after_a_foreign_answer_nothing_is_believed() -> None:
    stream = io.BytesIO(f"{C} blob 2\nno\n{B} blob 2\nno\n".encode())
    assert list(answers_in_step(stream, wanted(A, B))) == []


def test_an_end_in_the_middle() -> None:
    assert list(answers_in_step(io.BytesIO(b""), wanted(A, B))) == []
    cut = io.BytesIO(f"{B} blob 2\nok\n{A} blob 2000\nx".encode())
    assert list(answers_in_step(cut, wanted(B, A))) == [b"ok"]
    cut = io.BytesIO(f"{A} blob 9\nx".encode())
    assert list(answers_in_step(cut, wanted(A))) == []


def test_entries_of_a_tree() -> None:
    raw = b"100644 a b\0" + b"\0" * 20 + b"40000 c\0" + b" " * 20
    first, second = TreeEntry("100644", "a b", "00" * 20), TreeEntry("040000", "c", "20" * 20)
    assert list(tree_entries(raw, 20)) == [first, second]
    assert (first.is_tree, second.is_tree) == (False, True)


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        (b"100644", "100644"),
        (b"100664", "100644"),
        (b"100775", "100755"),
        (b"120000", "120000"),
        (b"160000", "160000"),
        (b"60000", "160000"),
    ],
)
def test_modes_are_those_that_git_knows(written: bytes, mode: str) -> None:
    (entry,) = tree_entries(written + b" a\0" + b"\0" * 20, 20)
    assert entry.mode == mode


@pytest.mark.parametrize("raw", [b"100644", b"100644 a", b"100644 a\0\0\0", b"rw a\0" + b"\0" * 20])
def test_what_is_no_tree(raw: bytes) -> None:
    with pytest.raises(ValueError):
        list(tree_entries(raw, 20))

"""The tables of findings agree with html5lib and with one another."""

from __future__ import annotations

import inspect

from html5lib import _tokenizer

from handbill.language.html.findings import MALFORMED_MESSAGES, STRUCTURE, ProblemKind


def test_every_error_is_one_that_html5lib_knows() -> None:
    source = inspect.getsource(_tokenizer)
    assert [error for error in MALFORMED_MESSAGES if f'"{error}"' not in source] == []


def test_each_message_is_for_the_author() -> None:
    assert all(
        message[0].islower() and "EOF" not in message for message in MALFORMED_MESSAGES.values()
    )


def test_disorder_follows_from_disorder() -> None:
    assert ProblemKind.MISNESTED in STRUCTURE
    assert ProblemKind.MISPLACED_TURN not in STRUCTURE
    assert ProblemKind.MALFORMED not in STRUCTURE

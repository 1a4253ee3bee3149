"""Each notice names what it is about, and every error says what to do."""

from __future__ import annotations

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.pointer import Held, Pointer
from handbill.publish import notices

ACTIVE = Pointer(
    environment="production",
    environment_digest="",
    sequence=7,
    release="",
    commit="a" * 40,
    compiler="",
    issued="",
    expires="",
)
ALL = [
    notices.superseded("b" * 40, ACTIVE),
    notices.withdrawn_commit("b" * 40, ACTIVE),
    notices.held_tenant(Held(tenant="fresh", since="b" * 40)),
    notices.left_out("fresh"),
    notices.cannot_carry(["valle", "fresh"]),
    notices.nothing_to_publish("b" * 40, None),
    notices.never_published("production"),
    notices.no_earlier_release(ACTIVE),
    notices.unknown_environment("prod", ["production", "staging"]),
    notices.compiler_failed("b" * 40, "ValueError: x"),
]


@pytest.mark.parametrize("notice", ALL, ids=lambda notice: notice.code)
def test_every_notice_says_what_to_do(notice: Diagnostic) -> None:
    assert notice.hint and notice.code.startswith("HB8")
    assert "b" * 13 not in notice.message, "commits are shown short"


def test_codes_are_not_shared() -> None:
    assert len({notice.code for notice in ALL}) == len(ALL)


def test_names_are_in_a_stable_order() -> None:
    assert notices.cannot_carry(["valle", "fresh"]).message.startswith("`fresh`, `valle`")
    assert notices.unknown_environment("x", ["b", "a"]).notes == (
        "environments that can be used: `a`, `b`",
    )

"""Elements opened and closed, one by one."""

from __future__ import annotations

from handbill.language.html.findings import Problem, ProblemKind
from handbill.language.html.open_elements import OpenElements
from handbill.language.html.tokens import StartTag, html_tokens
from handbill.language.templates.marked import CLOSE, NEXT, OPEN


def tag(html: str) -> StartTag:
    (token,) = html_tokens(html)
    assert isinstance(token, StartTag)
    return token


def kinds(problems: list[Problem]) -> list[ProblemKind]:
    return [problem.kind for problem in problems]


def test_opened_and_closed() -> None:
    view = OpenElements(outlook=False)
    assert not [*view.start(tag("<p>"), 0), *view.start(tag("<b>"), 3), *view.end("b", 6, 10)]
    assert [each.name for each in view.open] == ["p"]
    assert kinds(list(view.finish())) == [ProblemKind.UNCLOSED]


def test_void_and_foreign_elements_are_never_open() -> None:
    view = OpenElements(outlook=False)
    for html in ("<br>", "<img>", "<v:rect/>"):
        assert not list(view.start(tag(html), 0))
    assert not list(view.start(tag("<svg>"), 0))
    assert not list(view.start(tag("<path/>"), 0))
    assert [each.name for each in view.open] == ["svg"]


def test_a_branch_closes_what_it_opens() -> None:
    view = OpenElements(outlook=True)
    assert not list(view.start(tag("<p>"), 0))
    assert not list(view.turn(OPEN, 0))
    assert not list(view.start(tag("<b>"), 9))
    (problem,) = view.turn(NEXT, 1)
    assert (problem.kind, problem.name, problem.start, problem.mark, problem.outlook) == (
        ProblemKind.UNCLOSED_IN_BRANCH, "b", 9, 1, True,
    )  # fmt: skip
    (problem,) = view.end("p", 20, 24)
    assert (problem.kind, problem.other) == (ProblemKind.CLOSED_FROM_OUTSIDE, (0, 3))
    assert not list(view.turn(CLOSE, 2))
    assert not list(view.end("p", 30, 34))


def test_a_turn_without_a_beginning_is_ignored() -> None:
    assert not list(OpenElements(outlook=False).turn(CLOSE, 3))

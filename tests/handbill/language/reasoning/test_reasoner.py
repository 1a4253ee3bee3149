"""Answers: plainly found, proved, remembered; the solver is started only when it is needed."""

from __future__ import annotations

from asking import question

from handbill.language.reasoning.process import SolverProcess
from handbill.language.reasoning.question import Impossible, Possible, Question, Reply, Unknown
from handbill.language.reasoning.reasoner import Found, Reasoner
from handbill.plan.ir import Local
from handbill.plan.types import BoolType

IMPOSSIBLE = "customer.orders > 3 and customer.orders < 3"


class Saying(SolverProcess):
    """A process that says one thing, and counts how often it is asked."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply, self.asked = reply, 0

    def ask(self, question: Question) -> Reply:
        self.asked += 1
        return self.reply


def test_what_trying_finds_needs_no_process() -> None:
    solver = Saying(Unknown(""))
    with Reasoner(solver) as reasoner:
        answer = reasoner.answer(question("customer.orders > 3"))
        assert isinstance(answer, Found) and answer.example == {("customer", "orders"): 4}
        assert solver.asked == 0


def test_a_question_is_asked_once() -> None:
    solver = Saying(Impossible())
    with Reasoner(solver) as reasoner:
        for _ in range(3):
            assert reasoner.answer(question(IMPOSSIBLE)) == Impossible()
        assert solver.asked == 1
        assert reasoner.plain_answer(question(IMPOSSIBLE)) is None


def test_an_example_that_fails_when_tried_is_not_believed() -> None:
    with Reasoner(Saying(Possible((9,)))) as reasoner:
        answer = reasoner.answer(question(IMPOSSIBLE))
        assert answer == Unknown("no example of it could be confirmed")


def test_what_cannot_be_tried_is_not_believed() -> None:
    with Reasoner(Saying(Possible(()))) as reasoner:
        answer = reasoner.answer(Question(Local("item", BoolType()), ()))
        assert answer == Unknown("it depends on more than the customer")


def test_plain_answers_are_remembered() -> None:
    with Reasoner(Saying(Impossible())) as reasoner:
        assert reasoner.plain_answer(question(IMPOSSIBLE)) is None
        found = reasoner.plain_answer(question("customer.orders > 3"))
        assert found is not None
        assert reasoner.answer(question("customer.orders > 3")) is found


def test_the_solvers_examples_are_made_plain() -> None:
    text = "customer.orders * 37 + customer.points | default(0) == 1000 and customer.orders > 20"
    with Reasoner() as reasoner:
        answer = reasoner.answer(
            question(
                f"({text.replace('customer.points | default(0)', '(customer.points | default(0))')})"
            )
        )
        assert isinstance(answer, Found)
        orders = answer.example[("customer", "orders")]
        points = answer.example[("customer", "points")] or 0
        assert isinstance(orders, int) and isinstance(points, int)
        assert orders * 37 + points == 1000

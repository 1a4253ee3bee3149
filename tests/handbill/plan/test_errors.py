from handbill.plan.errors import PlanCodeError


def test_it_is_a_value_error_so_that_a_release_can_be_refused_in_one_place():
    assert issubclass(PlanCodeError, ValueError)
    assert PlanCodeError.__doc__

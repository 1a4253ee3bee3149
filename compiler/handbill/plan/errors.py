"""The one exception of the back ends: a plan that they cannot turn into code."""


class PlanCodeError(ValueError):
    """The plan asks for what it cannot have: an undeclared field, an unbound name, endless nests.

    The compiler never emits such a plan; a runtime that meets one refuses the release.
    """

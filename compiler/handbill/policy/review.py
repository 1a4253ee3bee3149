"""A change judged as a whole: policies, limits, scope and owners, against the approvals that were given.

Pure: two opened sides, their diff, the edited files and the handles of those who approved. What `check`
says of head alone (mistakes in policies, policies about `plan` that deny or warn) is not said again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

from handbill.diff.model import ReleaseDiff
from handbill.diff.protocols import Counts
from handbill.diff.sides import OpenSide
from handbill.policy.approvals import approvals_of
from handbill.policy.demands import check_demands, required_owners
from handbill.policy.holds import judge_holds
from handbill.policy.judging import judge_policies
from handbill.policy.model import Review
from handbill.policy.scope import check_scope, effects_of, reach_of, shared_paths
from handbill.policy.sides import Sides


def judge(
    diff: ReleaseDiff,
    base: OpenSide,
    head: OpenSide,
    changed_paths: Collection[str] | None = None,
    approved_by: Iterable[str] = (),
    counts: Counts | None = None,
) -> Review:
    """What stands in the way of `head`. `diff` is that of the same two sides.

    `changed_paths` start at the configuration's folder, old names of moved files included; None where
    they are not known: then nothing is asked by path, nor said about scope. `approved_by` are handles of
    people, and of teams for which somebody approved: teams cannot be looked up here. `counts` are
    those that the diff was given: of campaigns that share an entry it holds only the first's.
    """
    sides, approvals = Sides(base, head), approvals_of(approved_by)
    effects = effects_of(diff)
    changed = tuple(changed_paths or ())
    counting = None if counts is None else partial(counts.counts, base, head)
    reach = reach_of(shared_paths(changed), effects.tenants, sides.repositories)
    judged = [
        *judge_policies(diff, sides, approvals, counting),
        *judge_holds(diff, sides, approvals, counting),
    ]
    demands = required_owners(diff, changed, sides.ownership, reach, approvals)
    found = [diagnostic for _, diagnostic in judged]
    if changed_paths is not None:
        found.extend(check_scope(effects, changed, reach, sides.places))
    found.extend(check_demands(demands, sides.ownership, sides.places, effects))
    return Review(tuple(judgement for judgement, _ in judged), demands, tuple(found), reach)

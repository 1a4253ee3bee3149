"""What policies say of a configuration as it stands: `handbill check` asks them of every plan.

Only policies about `plan` can be asked without a change. One that needs an approval is a note here: the
approval is asked for where a change is reviewed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.merge import merge_tenants
from handbill.pipeline import Compiled
from handbill.policy.deciding import decide
from handbill.policy.places import Places
from handbill.policy.plan_values import plan_values
from handbill.policy.released import JudgedPlan, each_plan
from handbill.policy.wording import WHERE_IT_CHANGES, one_of, policy_finding
from handbill.policy.written import WrittenPolicy, read_policies
from handbill.source.layout import PLATFORM_FILE


def check_policies(
    compiled: Compiled, concerns: Callable[[str], bool] | None = None
) -> tuple[Diagnostic, ...]:
    """Mistakes in the policies, and what those about `plan` say of each campaign that compiles.

    With `concerns` only of the campaigns of whose files it says yes; of all, where it says so of the
    policies' own.
    """
    policies, found = policies_of(compiled)
    asked = [each for each in policies if each.condition and not each.is_about_changes]
    if not asked or compiled.release is None:
        return found
    places = Places(compiled.repository)
    everyone = concerns is None or concerns(PLATFORM_FILE)
    wanted = None if everyone else places.wanted(concerns)
    spoken = _spoken(asked, each_plan(compiled.release, wanted), places)
    return (*found, *merge_tenants(list(spoken)))


def policies_of(
    compiled: Compiled,
) -> tuple[tuple[WrittenPolicy, ...], tuple[Diagnostic, ...]]:
    """The policies of its handbill.yaml; none where that is broken, which is told elsewhere."""
    repository, documents = compiled.repository, compiled.documents
    if repository is None or repository.platform is None or documents is None:
        return (), ()
    return read_policies(repository.platform, documents.documents[PLATFORM_FILE])


def _spoken(
    policies: list[WrittenPolicy],
    plans: Iterable[tuple[tuple[str, str], JudgedPlan]],
    places: Places,
) -> Iterator[Diagnostic]:
    wanted = frozenset(path for each in policies for path in each.reads)
    for (tenant, campaign), judged in plans:
        values = plan_values(judged, wanted)
        for policy in policies:
            assert policy.condition is not None
            if decide(policy.condition, values, ()):
                where = places.of(places.named(tenant, campaign), policy.reads)
                severity, hint = _weight(policy)
                says = WHERE_IT_CHANGES if policy.level == "approve" else None
                yield policy_finding(policy, where, severity, values, hint, tenant, says)


def _weight(policy: WrittenPolicy) -> tuple[Severity, str | None]:
    match policy.level:
        case "deny":
            return Severity.ERROR, f"make `{policy.when}` untrue"
        case "warn":
            return Severity.WARNING, None
        case "approve":
            return Severity.NOTE, f"a change of this campaign needs {one_of(policy.by)}"
        case _:
            assert_never(policy.level)

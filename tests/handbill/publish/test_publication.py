from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.publish.publication import Outcome, Publication, TenantChanges, tenant_changes

RELEASES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12"))


def test_each_change_is_named_once() -> None:
    changes = tenant_changes({"a": "1", "b": "1", "c": "1"}, {"b": "1", "c": "2", "d": "1"})
    assert changes == TenantChanges(added=("d",), changed=("c",), removed=("a",))


@given(RELEASES, RELEASES)
def test_changes_account_for_every_tenant(before: dict[str, str], after: dict[str, str]) -> None:
    changes = tenant_changes(before, after)
    assert tenant_changes(after, after) == TenantChanges()
    rebuilt = {name: digest for name, digest in before.items() if name not in changes.removed}
    rebuilt |= {name: after[name] for name in (*changes.added, *changes.changed)}
    assert rebuilt == after


def test_nothing_published_holds_nobody() -> None:
    assert Publication(Outcome.REFUSED, None).held == ()

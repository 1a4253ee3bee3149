"""Two hundred swaps while messages leave: each message is wholly of one plan, none is lost, none twice."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from typing import Any

from market import Market, Running

from handbill.publish.rollback import rollback
from handbill.store.folder import FolderStore
from handbill.store.release import read_release, read_tenant

SWAPS, CAMPAIGNS, CUSTOMERS = 200, 10, 80


def publish_all(market: Market, word: str) -> None:
    for number in range(CAMPAIGNS):
        market.points(
            f"""
            trigger: {{at: 2026-12-05T12:00}}
            message: {{email: {{subject: "{word} of c{number}", template: mail.html}}}}
            """,
            f"c{number}",
        )
    market.publish()


def subjects_by_plan(market: Market, release: str) -> dict[str, str]:
    """Plan digest → what its mails say, out of the store."""
    store = FolderStore(market.root / "store")
    tenant = read_tenant(store, read_release(store, release).release.tenants["corner"])
    found = {}
    for name, digest in tenant.tenant.plans.items():
        (text,) = (
            tenant.plans[name].variants[0].messages["main"]["email"].locales["en-US"]["subject"]
        )
        found[digest] = text.text  # type: ignore[union-attr]
    return found


def test_two_hundred_swaps_mix_lose_and_double_nothing(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.remove("tenants/corner/campaigns/points.yaml")
    market.crowd(CUSTOMERS)
    publish_all(market, "old")
    publish_all(market, "new")
    follower = market.follower()
    follower.start()
    assert follower.active is not None
    releases = {follower.active.pointer.release}
    swaps = 0
    sent_all = threading.Event()

    def swap() -> None:
        nonlocal swaps
        while swaps < SWAPS:
            rollback(market.publisher(), to=1 + swaps % 2)
            assert follower.refresh(), follower.refusal
            swaps += 1
            assert follower.active is not None
            releases.add(follower.active.pointer.release)

    async def send() -> None:
        active = follower.active
        assert active is not None
        running.engine.select_due(active)
        while swapping.is_alive() or await running.engine.deliver(current, "corner"):
            await running.engine.deliver(current, "corner")
        sent_all.set()

    def current() -> Any:
        return follower.active

    swapping = threading.Thread(target=swap)
    swapping.start()
    running.doing(send)
    swapping.join()
    assert swaps == SWAPS and sent_all.is_set() and len(releases) == 2
    plans = {
        plan: says
        for release in releases
        for plan, says in subjects_by_plan(market, release).items()
    }
    assert len(plans) == 2 * CAMPAIGNS
    rows = running.ledger.db.execute("SELECT id, occurrence, plan, state FROM messages").fetchall()
    received = Counter(
        str(mail["Message-ID"]).strip("<>").split("@")[0] for mail in mail_server.mails()
    )
    says = {
        str(mail["Message-ID"]).strip("<>").split("@")[0]: str(mail["Subject"])
        for mail in mail_server.mails()
    }
    assert len(rows) == CAMPAIGNS * CUSTOMERS and {state for *_, state in rows} == {"accepted"}
    assert received == Counter(identifier for identifier, *_ in rows)  # none lost, none twice
    of_run = defaultdict(set)
    for identifier, occurrence, plan, _ in rows:
        assert says[identifier] == plans[plan]  # what left is what the ledger's plan says
        of_run[occurrence].add(plan)
    assert all(len(found) == 1 for found in of_run.values())  # a run keeps the plan it began with

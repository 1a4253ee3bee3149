from __future__ import annotations

import json

WEEKEND = "Double points this weekend"


def test_releases_are_listed_newest_first(published) -> None:  # type: ignore[no-untyped-def]
    assert published.history().stdout == "nothing was ever published to staging\n"
    published.publish()
    published.subject(WEEKEND, "Triple points")
    published.publish()
    published.rollback()
    published.edit("tenants/fresh-fields/campaigns/hello.yaml", "lifetime_orders", "no_such_field")
    published.publish()
    header, *lines = published.history().stdout.splitlines()
    assert header.split() == ["number", "issued", "commit", "release", "state"]
    entries = [line for line in lines if not line.startswith(" " * 8)]
    assert [line.split(maxsplit=4)[4] for line in entries] == [
        "active, held: fresh-fields",
        "past, rollback to 1",
        "past",
        "past",
    ]
    assert len(published.history("--limit", "1").stdout.splitlines()) == 3


def test_as_json(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    (published.store / "environments/staging/history/0000000002").write_bytes(b"damaged")
    body = json.loads(published.history("--output", "json").stdout)
    damaged, first = body["entries"]
    assert body["version"] == 1
    assert (damaged["sequence"], damaged["pointer"], damaged["problem"]["code"]) == (
        2,
        None,
        "HB811",
    )
    assert (first["state"], first["pointer"]["sequence"]) == ("active", 1)


def test_damage_is_shown_where_it_is(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    (published.store / "environments/staging/history/0000000002").write_bytes(b"damaged")
    (published.store / "environments/staging/pointer").unlink()
    result = published.history()
    assert result.exit_code == 0
    assert "warning[HB817]" in result.stderr
    assert result.stdout.splitlines()[1].startswith("     2  error[HB811]")


def test_a_stranger_learns_nothing(published, tmp_path) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    result = published.history(trust="ed25519:" + "A" * 43 + "=")
    assert result.exit_code == 1 and "error[HB812]" in result.stderr and result.stdout == ""

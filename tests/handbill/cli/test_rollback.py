from __future__ import annotations

import json

WEEKEND = "Double points this weekend"


def test_back_and_named(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    published.subject(WEEKEND, "Triple points")
    published.publish()
    back = published.rollback()
    assert back.exit_code == 0
    assert back.stdout.startswith("published number 3 to staging")
    assert "which is number 1 again" in back.stdout and "changed: fresh-fields" in back.stdout
    body = json.loads(published.rollback("--to", "2", "--output", "json").stdout)
    assert (body["outcome"], body["pointer"]["restores"]) == ("published", 2)


def test_it_works_while_the_configuration_is_broken(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    published.subject(WEEKEND, "Triple points")
    published.publish()
    (published.folder / "handbill.yaml").write_text("broken: [")
    assert published.rollback().exit_code == 0


def test_nothing_to_go_back_to(published) -> None:  # type: ignore[no-untyped-def]
    none = published.rollback()
    assert none.exit_code == 1 and "error[HB810]" in none.stderr
    published.publish()
    one = published.rollback()
    assert one.exit_code == 1 and "error[HB840]" in one.stderr
    assert one.stdout.startswith("not published: staging goes on with number 1")
    unknown = published.rollback("--to", "77")
    assert unknown.exit_code == 1 and "error[HB804]" in unknown.stderr


def test_a_key_that_cannot_be_read(published) -> None:  # type: ignore[no-untyped-def]
    published.key.unlink()
    result = published.rollback()
    assert result.exit_code == 1 and "error[HB830]" in result.stderr

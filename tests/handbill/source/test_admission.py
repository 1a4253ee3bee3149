"""Which entries of a tree may be read at all."""

from __future__ import annotations

from handbill.source.admission import (
    find_collisions,
    odd_path,
    printable,
    size_limit,
    symlink,
    too_large,
)
from handbill.source.layout import classify


def test_paths_that_are_one_on_other_computers() -> None:
    paths = ["tenants/ff/templates/A.html", "tenants/ff/templates/a.html", "tenants/x/b.html"]
    (found,) = find_collisions(paths)
    assert found.code == "HB109"
    assert found.range and found.range.file == "tenants/ff/templates/a.html"
    assert found.related[0].range.file == "tenants/ff/templates/A.html"


def test_folders_collide_too_and_only_once() -> None:
    paths = ["tenants/FF/a.yaml", "tenants/ff/b.yaml", "tenants/ff/c.yaml"]
    assert [one.range.file for one in find_collisions(paths) if one.range] == ["tenants/ff"]


def test_accents_stored_in_two_ways_collide() -> None:
    assert len(find_collisions(["templates/caf\u00e9.html", "templates/cafe\u0301.html"])) == 1


def test_different_paths_do_not_collide() -> None:
    assert find_collisions(["tenants/a/x.yaml", "tenants/b/x.yaml", "tenants/a/y.yaml"]) == ()


def test_odd_paths() -> None:
    assert odd_path("tenants/ff/café.html") is None
    for path in ("tenants/a\nb.yaml", "tenants/\udce9.yaml", "tenants/\x1b[31m.yaml"):
        found = odd_path(path)
        assert found and found.code == "HB108" and found.range
        assert found.range.file.isprintable()


def test_printable_keeps_what_can_be_shown() -> None:
    assert printable("tenants/ñandú") == "tenants/ñandú"
    assert printable("a\x07b") == "a\\x07b"


def test_sizes() -> None:
    campaign, table = classify("tenants/ff/campaigns/a.yaml"), classify("tenants/ff/data/a.csv")
    assert campaign and table
    assert size_limit(campaign) == 256 * 1024
    assert size_limit(table) == 8 * 1024 * 1024
    assert "300,000 bytes" in too_large("tenants/ff/campaigns/a.yaml", 300_000, 262_144).message
    assert symlink("tenants/ff/x").tenant == "ff"

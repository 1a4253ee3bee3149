from __future__ import annotations

from pathlib import Path

from handbill.authoring.refusals import (
    exists_already,
    name_refused,
    no_folder,
    not_empty,
    unknown,
)


def test_a_name_that_cannot_be_one() -> None:
    assert name_refused("a tenant", "corner-shop") is None
    found = name_refused("a tenant", "Corner Shop")
    assert found is not None and found.code == "HB751"
    assert found.hint == "corner-shop"
    nothing = name_refused("a tenant", "!!!")
    assert nothing is not None and nothing.hint == "a name such as corner-shop"
    hostile = name_refused("a tenant", "\x1b[2J" + "x" * 500)
    assert hostile is not None and "\x1b" not in hostile.message and len(hostile.message) < 400


def test_what_is_in_the_way() -> None:
    found = not_empty(Path("shop"), [f"f{n}" for n in range(7)])
    assert found.code == "HB750"
    assert found.message == "shop is not empty: f0, f1, f2, f3, f4 and 2 more"
    assert no_folder(Path("shop")).message == "shop is in the way: it is no folder"
    assert exists_already("the tenant a", ["x", "y"]).message == (
        "the tenant a is there already: x, y"
    )


def test_a_mistyped_name() -> None:
    near = unknown("blueprint", "winbak", ["winback", "usuals"], "see blueprints/")
    assert (near.code, near.hint, near.notes) == ("HB753", "did you mean `winback`?", ())
    far = unknown("blueprint", "zzz", ["winback", "usuals"], "see blueprints/")
    assert (far.hint, far.notes) == ("see blueprints/", ("there are: usuals, winback",))
    assert unknown("blueprint", "zzz", [], "make one").notes == ()

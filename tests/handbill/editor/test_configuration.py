"""A configuration looked at again and again, as somebody types."""

from __future__ import annotations

import pathlib
import shutil

import pytest
from editor_world import copy_of_base

from handbill.editor.configuration import Configuration, Look, Superseded, find_configuration
from handbill.pipeline import compile_tree

HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
TENANT = "tenants/fresh-fields/tenant.yaml"


@pytest.fixture
def root(tmp_path: pathlib.Path) -> pathlib.Path:
    return copy_of_base(tmp_path)


def codes(look: Look) -> list[str]:
    return [each.code for each in look.diagnostics]


def typed(root: pathlib.Path, old: str, new: str) -> dict[str, bytes]:
    text = (root / HELLO).read_text()
    assert old in text
    return {HELLO: text.replace(old, new).encode()}


def test_what_is_typed_counts_and_what_is_saved_does_not(root: pathlib.Path) -> None:
    configuration = Configuration(root)
    assert codes(configuration.look({})) == []
    assert codes(configuration.look(typed(root, "promotions", "promotion"))) == ["HB431"]
    assert codes(configuration.look({})) == []


def test_each_answer_is_that_of_a_compile_from_nothing(root: pathlib.Path) -> None:
    configuration = Configuration(root)
    for old, new in (("promotions", "x"), ("lifetime_orders", "orders"), ("Double", "{{ Double")):
        look = configuration.look(typed(root, old, new))
        assert look.tree is not None
        assert compile_tree(look.tree).diagnostics == look.diagnostics


def test_a_superseded_look_is_given_up_and_harms_nothing(root: pathlib.Path) -> None:
    configuration = Configuration(root)
    documents = typed(root, "lifetime_orders", "orders")
    for patience in range(12):
        left = iter(range(patience))
        with pytest.raises(Superseded):
            configuration.look(documents, lambda left=left: next(left, None) is None)  # type: ignore[misc]
        assert codes(configuration.look({})) == []
    assert codes(configuration.look(documents)) == ["HB505"]


def test_a_change_in_the_folder_is_seen_after_rereading(root: pathlib.Path) -> None:
    configuration = Configuration(root)
    configuration.look({})
    (root / TENANT).write_text((root / TENANT).read_text() + "colour: red\n")
    assert codes(configuration.look({})) == []
    configuration.reread()
    assert codes(configuration.look({})) == ["HB301"]


def test_a_folder_that_has_gone(root: pathlib.Path, tmp_path: pathlib.Path) -> None:
    configuration = Configuration(root)
    configuration.look({})
    shutil.rmtree(root)
    configuration.reread()
    look = configuration.look({HELLO: b"a: b"})
    assert look.tree is None
    assert codes(look) == ["HB101"]


def test_of_many_retailers_only_those_at_hand_are_read(root: pathlib.Path) -> None:
    shutil.copytree(root / "tenants/fresh-fields", root / "tenants/other")
    (root / "tenants/other/tenant.yaml").write_text("name: [")
    configuration = Configuration(root, few=1)
    look = configuration.look(typed(root, "promotions", "promotions"))
    assert codes(look) == []
    assert look.tree is not None
    assert not any(path.startswith("tenants/other/") for path in look.tree.paths)
    assert codes(configuration.look({"tenants/other/tenant.yaml": b"name: ["})) != []
    assert codes(Configuration(root, few=2).look({})) != []


def test_a_glance_sees_what_is_open_and_forgets_nothing(root: pathlib.Path) -> None:
    shutil.copy(root / HELLO, (root / HELLO).with_name("other.yaml"))
    configuration = Configuration(root)
    broken = {TENANT: (root / TENANT).read_bytes().replace(b"brand:", b"brands:")}
    everything = configuration.look(typed(root, "lifetime_orders", "orders"))
    assert codes(configuration.glance({})) == []
    assert codes(configuration.glance(typed(root, "lifetime_orders", "orders"))) == ["HB505"]
    assert "HB301" in codes(configuration.glance(broken))
    again = configuration.look(typed(root, "lifetime_orders", "orders"))
    assert again.diagnostics == everything.diagnostics


def test_the_configuration_above_a_file(root: pathlib.Path) -> None:
    assert find_configuration(root / HELLO) == root
    assert find_configuration(root / "tenants/new/campaigns/not-there.yaml") == root
    assert find_configuration(root.parent / "x.yaml") is None

"""What tenants share is read once: the vocabulary, who adds to it, and the templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.shared import Shared, read_shared
from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree

if TYPE_CHECKING:
    from conftest import Configuration

EXTRA = '{"type": "object", "properties": {"club": {"type": "boolean"}}}'
OWN = "tenants/fresh-fields/schemas/customer.schema.json"


def shared_of(configuration: Configuration) -> tuple[Shared, tuple[Diagnostic, ...]]:
    tree, _ = open_working_tree(configuration.folder)
    assert tree is not None
    repository = compile_tree(tree).repository
    assert repository is not None
    return read_shared(repository, tree)


def test_a_tenants_fields_are_its_own(configuration: Configuration) -> None:
    shared, found = shared_of(configuration.lay({OWN: EXTRA}))
    assert found == ()
    assert list(shared.additions) == ["fresh-fields"]
    vocabulary, found = shared.vocabulary_of("fresh-fields")
    assert "club" in vocabulary.customer.fields and not found
    assert "club" not in shared.vocabulary.customer.fields
    assert shared.vocabulary_of("other") == (shared.vocabulary, ())
    assert set(shared.vocabulary.datasets) == {"stores"}


def test_a_tenants_mistake_is_the_tenants(configuration: Configuration) -> None:
    shared, found = shared_of(configuration.lay({OWN: "{"}))
    assert found == ()
    _, found = shared.vocabulary_of("fresh-fields")
    assert [each.code for each in found] == ["HB520"]


def test_files_are_read_once_however_many_tenants(configuration: Configuration) -> None:
    tree, _ = open_working_tree(configuration.lay({OWN: EXTRA}).folder)
    assert tree is not None
    repository = compile_tree(tree).repository
    assert repository is not None
    read: list[str] = []

    class Counting:
        revision, paths, refused, blob_id = tree.revision, tree.paths, tree.refused, tree.blob_id
        read: Callable[[str], bytes] = staticmethod(
            lambda path: (read.append(path), tree.read(path))[1]
        )

    shared, _ = read_shared(repository, Counting())
    for _ in range(3):
        shared.vocabulary_of("fresh-fields")
    assert sorted(read) == [
        "schemas/customer.schema.json",
        "schemas/data/stores.schema.json",
        OWN,
    ]


def test_templates_are_those_of_the_group(configuration: Configuration) -> None:
    shared, _ = shared_of(configuration)
    library = shared.templates_of("harvest")
    assert (library.group, library.locale) == ("harvest", None)
    assert set(library.channels) == {"email", "sms"}
    assert library.paths is shared.paths

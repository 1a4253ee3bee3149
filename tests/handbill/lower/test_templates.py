"""Where templates are found: own root first and never shadowed, shared ones by their prefix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handbill.lower.templates import TemplateLibrary, root_of
from handbill.source.working_tree import open_working_tree

FILES = {
    "handbill.yaml": "categories: {}",
    "templates/legal.html": "platform",
    "channels/email/templates/base.html": "base",
    "channels/email/templates/base.es-US.html": "base es",
    "groups/harvest/templates/footer.html": "group",
    "tenants/green/templates/footer.html": "tenant",
    "tenants/green/templates/hero.html": "hero",
    "tenants/green/templates/hero.es-US.html": "hero es",
    "tenants/green/templates/parts/card.html": "card",
    "blueprints/winback/templates/footer.html": "blueprint",
}
HERO = "tenants/green/templates/hero.html"
Library = Callable[..., TemplateLibrary]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    def make(group: str | None = "harvest", **files: bytes) -> TemplateLibrary:
        written = {path: text.encode() for path, text in FILES.items()}
        written |= {f"tenants/green/templates/{name}.html": data for name, data in files.items()}
        for path, data in written.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(data)
        tree, _ = open_working_tree(tmp_path)
        assert tree is not None
        return TemplateLibrary(tree, frozenset(tree.paths), frozenset({"email"}), group=group)

    return make


@pytest.mark.parametrize(
    ("name", "from_file", "text"),
    [
        ("footer.html", HERO, "tenant"),
        ("templates/footer.html", HERO, "tenant"),
        ("parts/card.html", HERO, "card"),
        ("group/footer.html", HERO, "group"),
        ("footer.html", "groups/harvest/templates/x.html", "group"),
        ("footer.html", "blueprints/winback/templates/x.html", "blueprint"),
        ("platform/email/base.html", HERO, "base"),
        ("base.html", "channels/email/templates/x.html", "base"),
        ("platform/legal.html", HERO, "platform"),
        ("legal.html", "templates/x.html", "platform"),
        ("base.html", HERO, None),
        ("../../green/templates/hero.html", "tenants/blue/templates/x.html", None),
        ("platform/sms/base.html", HERO, None),
        ("", HERO, None),
    ],
)
def test_a_name_means_one_file(
    library: Library, name: str, from_file: str, text: str | None
) -> None:
    found = library().load(name, from_file)
    assert (found and found.text) == text


def test_without_a_group_its_prefix_is_a_folder_like_any_other(library: Library) -> None:
    alone = library(group=None)
    assert alone.load("group/footer.html", HERO) is None
    assert alone.path_of("group/footer.html", "tenants/green") == (
        "tenants/green/templates/group/footer.html"
    )


@pytest.mark.parametrize(
    ("locale", "hero", "base", "card"),
    [
        ("es-US", "hero es", "base es", "card"),
        ("fr-CA", "hero", "base", "card"),
        ("en-US", "hero", "base", "card"),
    ],
)
def test_a_localised_file_stands_for_the_plain_one(
    library: Library, locale: str, hero: str, base: str, card: str
) -> None:
    here = library().in_locale(locale)
    names = ("hero.html", "platform/email/base.html", "parts/card.html")
    found = [here.load(name, "tenants/green/templates/x.html") for name in names]
    assert [each.text for each in found if each] == [hero, base, card]


def test_a_localised_file_may_build_on_the_plain_one(library: Library) -> None:
    here = library().in_locale("es-US")
    found = here.load("hero.html", "tenants/green/templates/hero.es-US.html")
    assert found is not None
    assert found.text == "hero"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("heros.html", "hero.html"),
        ("platform/emial/base.html", "platform/email/base.html"),
        ("platform/lega.html", "platform/legal.html"),
        ("gruop/footer.html", "group/footer.html"),
        ("parts/crad.html", "parts/card.html"),
        ("nothing like it", None),
    ],
)
def test_a_near_name_is_suggested(library: Library, name: str, suggestion: str | None) -> None:
    assert library().suggest(name, HERO) == suggestion


def test_line_ends_and_byte_order_marks_are_no_text(library: Library) -> None:
    found = library(windows=b"\xef\xbb\xbf<p>\r\na</p>").load("windows.html", HERO)
    assert found is not None
    assert found.text == "<p>\na</p>"


def test_a_file_that_is_not_utf_8_is_said_at_its_line_and_read_once(library: Library) -> None:
    shelf = library(old=b"<p>\n\ncaf\xe9</p>")
    first, second = (shelf.in_locale(one).load("old.html", HERO) for one in ("en-US", "fr-CA"))
    assert first is second
    (finding,) = shelf.unreadable.values()
    assert (finding.code, finding.range and finding.range.line) == ("HB459", 3)


@pytest.mark.parametrize(
    ("file", "root"),
    [
        ("tenants/a/templates/x.html", "tenants/a"),
        ("blueprints/b/templates/deep/x.html", "blueprints/b"),
        ("templates/x.html", ""),
        ("handbill.yaml", ""),
        ("", ""),
    ],
)
def test_root_of(file: str, root: str) -> None:
    assert root_of(file) == root


def test_each_campaign_that_reads_a_damaged_file_is_told(library: Library) -> None:
    shelf = library(old=b"caf\xe9")
    for _ in range(2):
        asked = replace(shelf, unreadable={})
        asked.load("old.html", HERO)
        assert list(asked.unreadable) == ["tenants/green/templates/old.html"]

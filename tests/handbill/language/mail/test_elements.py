"""MJML's list of tags is closed and consistent in itself."""

from __future__ import annotations

from mjml import mjml2html

from handbill.language.mail.elements import (
    COMPONENTS,
    CONTENT_HTML,
    MJML_TAGS,
    NOT_AVAILABLE,
    Holds,
)


def test_every_parent_is_a_tag_that_holds_tags() -> None:
    for tag in MJML_TAGS.values():
        for parent in tag.parents:
            assert MJML_TAGS[parent].holds is Holds.TAGS, (tag.name, parent)


def test_each_tag_can_be_reached_from_the_root() -> None:
    reached = {"mjml"}
    while more := {
        tag.name for tag in MJML_TAGS.values() if tag.parents & reached and tag.name not in reached
    }:
        reached |= more
    assert reached == set(MJML_TAGS)


def test_names_do_not_overlap() -> None:
    assert not set(MJML_TAGS) & CONTENT_HTML
    assert not set(MJML_TAGS) & set(NOT_AVAILABLE)
    assert {"mj-text", "mj-section", "mj-button"} <= COMPONENTS
    assert not {"mjml", "mj-head", "mj-class", "mj-style"} & COMPONENTS


def test_the_converter_knows_every_tag() -> None:
    """One it does not know comes out as it went in."""
    for tag in MJML_TAGS.values():
        if tag.name in ("mjml", "mj-body", "mj-head") or "mj-head" in tag.parents:
            continue
        if "mj-attributes" in tag.parents:
            continue
        made = mjml2html(f"<mjml><mj-body>{_within(tag.name)}</mj-body></mjml>")
        assert f"<{tag.name}" not in made, tag.name


def _within(name: str) -> str:
    """The tag inside the tags that it needs around it."""
    text = f"<{name}></{name}>"
    parents = sorted(MJML_TAGS[name].parents)
    while parents and "mj-body" not in parents:
        text = f"<{parents[0]}>{text}</{parents[0]}>"
        parents = sorted(MJML_TAGS[parents[0]].parents)
    return text

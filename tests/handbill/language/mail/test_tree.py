"""The tree of a marked template."""

from __future__ import annotations

from handbill.language.mail.tree import MAX_DEPTH, Element, Node, Turn, Words, parse_mjml


def shape(nodes: list[Node]) -> list[object]:
    found: list[object] = []
    for node in nodes:
        match node:
            case Element():
                found.append((node.name, shape(node.children)))
            case Words():
                found.append(node.raw)
            case Turn():
                found.append(f"{node.mark}{node.kind}")
    return found


def test_tags_words_and_turns() -> None:
    text = 'a<b><mj-image alt="x"/>hb0o hb1p &amp;<br>hb2c</b><!-- gone -->'
    assert shape(parse_mjml(text, "hb").roots) == [
        "a",
        ("b", [("mj-image", []), "0o", " hb1p &amp;", ("br", []), "2c"]),
    ]


def test_offsets() -> None:
    text = 'x<p class="q">words</p>'
    (_, p) = parse_mjml(text, "hb").roots
    assert isinstance(p, Element)
    assert text[p.start : p.end] == '<p class="q">'
    assert text[p.close :] == "</p>"
    attribute = p.get("class")
    assert attribute is not None and text[attribute.start] == "q"
    assert p.get("id") is None


def test_conditional_comments_are_told() -> None:
    text = "<!-- [if] by hand --><p><!--[if mso]>x<![endif]--></p><!--[endif]-->"
    at = parse_mjml(text, "hb").conditional
    assert [text[start : start + 9] for start, _ in at] == ["<!-- [if]", "<!--[if m", "<!--[endi"]


def test_depth_is_limited() -> None:
    fits = "<b>" * MAX_DEPTH + "</b>" * MAX_DEPTH
    assert parse_mjml(fits, "hb").too_deep is None
    deeper = "<b>" * 50_000
    assert parse_mjml(deeper, "hb").too_deep == (3 * MAX_DEPTH, 3 * MAX_DEPTH + 3)


def test_an_end_tag_of_nothing_is_passed_over() -> None:
    assert shape(parse_mjml("</b>a", "hb").roots) == ["a"]

"""YAML as people write it, generated: any indentation, comments everywhere, every kind of scalar."""

from __future__ import annotations

from hypothesis import strategies as st

KEYS = ("category", "status", "owner", "description", "audience", "trigger", "message", "with", "tags",
        "sms", "email", "body", "subject", "en-US", "uses", "zebra", '"quoted key"', "'single'")  # fmt: skip
PLAIN = ("active", "winback", "3 days", "true", "null", "~", "12", "0142", "1.50", "-7", "2026-12-05",
         "2026-12-05T10:00", "customer.points >= 3", "Deal", "It's here", "a - b", "x:y", "http://x.example",
         "“pasted”", "don’t", "é")  # fmt: skip
QUOTED = ('"double"', "'single'", "'it''s'", "'say \"x\"'", '"a\\tb"', '"back\\\\slash"', '""', "''",
          '"# no comment"', '"- no dash"', '"{{ customer.points }}"', '"It’s {{ x | default(\'’\') }}"',
          "'don’t'", '"ends with \\\\"')  # fmt: skip
COMMENTS = ("# a comment", "#tight", "# - not an item", "# key: value", "# | x", "#")
BLOCK_LINES = (
    "some text",
    "  deeper",
    "# not a comment",
    "- not an item",
    "key: not a key",
    "",
    "don’t",
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A whole file; most of them can be read."""
    lines = [*draw(comment_lines(0)), *draw(block(0, 0)), *draw(comment_lines(0))]
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n\n"]))
    return text.replace("\n", "\r\n") if draw(st.integers(0, 9)) == 0 else text


@st.composite
def comment_lines(draw: st.DrawFn, indent: int) -> list[str]:
    lines = draw(st.lists(st.sampled_from(["", "", *COMMENTS]), max_size=2))
    return [f"{' ' * indent}{line}" if line else "" for line in lines]


@st.composite
def block(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    return (
        draw(mapping(indent, depth)) if draw(st.integers(0, 3)) else draw(sequence(indent, depth))
    )


@st.composite
def mapping(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    lines: list[str] = []
    for number, key in enumerate(keys):
        if number:
            lines += draw(comment_lines(indent + draw(st.sampled_from([0, 0, 2]))))
        lines += _behind(f"{' ' * indent}{key}:", draw(value(indent, depth, in_list=False)))
    return lines


@st.composite
def sequence(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    lines: list[str] = []
    for number in range(draw(st.integers(1, 3))):
        if number:
            lines += draw(comment_lines(indent))
        lines += _behind(f"{' ' * indent}-", draw(value(indent, depth, in_list=True)))
    return lines


def _behind(start: str, value: list[str]) -> list[str]:
    """The first line of a value stands behind its key, unless it is empty."""
    return [f"{start} {value[0]}" if value[0] else start, *value[1:]]


@st.composite
def value(draw: st.DrawFn, indent: int, depth: int, *, in_list: bool) -> list[str]:
    kinds = ["plain", "plain", "quoted", "flow", "block scalar", "many lines"]
    kinds += ["nested", "nested", "compact"] if depth < 3 else []
    match draw(st.sampled_from(kinds)):
        case "plain":
            return [draw(st.sampled_from(PLAIN)) + draw(comment_behind())]
        case "quoted":
            return [draw(st.sampled_from(QUOTED)) + draw(comment_behind())]
        case "flow":
            return [draw(flow(0)) + draw(comment_behind())]
        case "many lines":
            return draw(several_lines(indent))
        case "block scalar":
            return draw(block_scalar(indent))
        case "compact" if in_list:
            step = draw(st.integers(1, 3))
            inner = draw(block(indent + 1 + step, depth + 1))
            return [" " * (step - 1) + inner[0].lstrip(), *inner[1:]]
        case _:
            step = draw(st.integers(0 if not in_list else 1, 5))
            if step == 0:
                inner = draw(sequence(indent, depth + 1))
            else:
                inner = draw(block(indent + step, depth + 1))
            head = draw(comment_behind()).strip()
            return [head, *draw(comment_lines(indent + max(step, 1))), *inner]


@st.composite
def comment_behind(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(["", "", "", "  # behind", " # - x"]))


@st.composite
def flow(draw: st.DrawFn, depth: int) -> str:
    scalars = st.sampled_from([*QUOTED, "active", "12", "true", "null", "3 days"])
    items = scalars if depth > 1 else st.one_of(scalars, flow(depth + 1))
    space, comma = draw(st.sampled_from(["", " "])), draw(st.sampled_from([", ", " , ", ",  "]))
    if draw(st.booleans()):
        values = draw(st.lists(items, max_size=3))
        return f"[{space}{comma.join(values)}{space}]"
    keys = draw(st.lists(st.sampled_from(KEYS[:16]), max_size=3, unique=True))
    pairs = [f"{key}: {draw(items)}" for key in keys]
    return "{" + space + comma.join(pairs) + space + "}"


@st.composite
def several_lines(draw: st.DrawFn, indent: int) -> list[str]:
    inner = " " * (indent + draw(st.integers(1, 4)))
    return draw(
        st.sampled_from(
            [
                ['"two', f'{inner}lines"'],
                ["two", f"{inner}lines"],
                ["{status: active,", f'{inner}owner: "x"}}'],
                ["[1,", f"{inner}2,  # two", f"{inner}3]  # end"],
                ["[", f"{inner}1", f"{inner}]"],
            ]
        )
    )


@st.composite
def block_scalar(draw: st.DrawFn, indent: int) -> list[str]:
    header = draw(st.sampled_from(["|", ">", "|-", ">-", "|+", "|2", ">2-", "| # note"]))
    step = 2 if "2" in header else draw(st.integers(1, 4))
    first = draw(st.sampled_from(["some text", "don’t", "{{ hole }}", "# not a comment"]))
    more = draw(st.lists(st.sampled_from(BLOCK_LINES), max_size=4))
    body = [f"{' ' * (indent + step)}{line}" if line else "" for line in (first, *more)]
    return [header, *body]

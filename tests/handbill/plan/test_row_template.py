"""The compiled template against a naive interpreter of the same operations, and case by case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.plan import operations
from handbill.plan.errors import PlanCodeError
from handbill.plan.escapes import escape_text
from handbill.plan.ir import (
    Branch,
    Call,
    Const,
    Escape,
    Field,
    For,
    If,
    Local,
    Put,
    Set,
    Text,
)
from handbill.plan.ir import Operation as O
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_template
from handbill.plan.row_template import MAX_LOOPS
from handbill.plan.types import BoolType, EnumType, IntType, ListType, StringType
from handbill.plan.values import const_value

INT, BOOL, TEXT = IntType(), BoolType(), StringType(50)
LIST = ListType(TEXT, 5)
STATE = EnumType(("CA", "A&B"))
FIELDS = tuple(
    FieldNeed(path=(name,), type=type)
    for name, type in {
        "flag": BOOL, "count": INT, "name": TEXT, "maybe": TEXT, "tags": LIST, "state": STATE,
    }.items()
)  # fmt: skip
READ = {need.path[0]: Field(("customer", *need.path), need.type) for need in FIELDS}
ROW = (True, 1234567, "O'Neil & <Co>", None, ("a<", 'b"', "c'"), "A&B")
HTML = Escape.HTML_TEXT
NO_TAGS = Const(LIST, ())


def render(*ops, row=ROW, context=None):
    return compile_template(ops, FIELDS)(row, context or {})


def call(operation, *arguments, type=TEXT):
    return Call(operation, arguments, type)


def const(value):
    return Const(INT if isinstance(value, int) else TEXT, value)


def branch(name, *ops):
    return If((Branch(READ[name], ops),))


# ── the naive interpreter ────────────────────────────────────────────────────────────────────────


def value(expression, row, names):
    match expression:
        case Const():
            return const_value(expression)
        case Field():
            return row[[need.path for need in FIELDS].index(expression.path[1:])]
        case Local():
            return names[expression.name]
        case Call(operation=O.IF, arguments=(condition, then, otherwise)):
            return value(then if value(condition, row, names) else otherwise, row, names)
        case Call():
            arguments = [value(argument, row, names) for argument in expression.arguments]
            return operations.apply(expression.operation, arguments)


def values_on_one_line(expression, row, names):
    """PLAIN, found by marking what customers say: constants of the author's stay as they are."""
    match expression:
        case Const():
            return const_value(expression)
        case Call(operation=O.CONCAT, arguments=parts):
            return "".join(values_on_one_line(part, row, names) for part in parts)
        case Call(operation=O.IF, arguments=(condition, then, otherwise)):
            chosen = then if value(condition, row, names) else otherwise
            return values_on_one_line(chosen, row, names)
        case Call(operation=O.DEFAULT, arguments=(one, otherwise)):
            chosen = otherwise if value(one, row, names) is None else one
            return values_on_one_line(chosen, row, names)
        case Call(operation=O.JOIN, arguments=(items, separator)):
            each = [escape_text(one, Escape.PLAIN) for one in value(items, row, names)]
            return const_value(separator).join(each)
        case Call(operation=O.REPLACE, arguments=(text, old, new)):
            text = values_on_one_line(text, row, names)
            return text.replace(const_value(old), const_value(new))
        case Call(operation=O.CHOOSE):
            return value(expression, row, names)
        case _:
            return escape_text(value(expression, row, names), Escape.PLAIN)


def escaped(put, row, names):
    if put.escape is Escape.PLAIN:
        return values_on_one_line(put.expression, row, names)
    return escape_text(value(put.expression, row, names), put.escape)


def interpret(ops, row, names):
    out = ""
    for op in ops:
        match op:
            case Text():
                out += op.text
            case Put():
                out += escaped(op, row, names)
            case Set():
                names[op.name] = value(op.expression, row, names)
            case If():
                taken = (b.body for b in op.branches if value(b.condition, row, names))
                out += interpret(next(taken, op.otherwise), row, names)
            case For():
                items = value(op.items, row, names)[: op.limit]
                for place, item in enumerate(items):
                    own = {
                        op.name: item,
                        f"{op.name}.index0": place,
                        f"{op.name}.length": len(items),
                    }
                    out += interpret(op.body, row, {**names, **own})
                if not items:
                    out += interpret(op.otherwise, row, {**names})
    return out


CHARACTERS = st.text("ab<>&\"'`\n\r\x07 é\u2028\u202e./%", max_size=6)


def strings(depth, names):
    leaf = st.one_of(
        CHARACTERS.map(const),
        st.sampled_from([READ["name"], READ["state"], *(Local(name, TEXT) for name in names)]),
        st.just(call(O.INT_TEXT, READ["count"])),
        st.just(call(O.GROUPED_TEXT, READ["count"], const(2), const("'"), const("<"))),
        st.just(call(O.DECIMAL_TEXT, READ["count"], const(2))),
    )
    if depth == 0:
        return leaf
    inner = strings(depth - 1, names)
    return st.one_of(
        leaf,
        st.builds(lambda a, b: call(O.CONCAT, a, b), inner, inner),
        st.builds(lambda a, b: call(O.IF, READ["flag"], a, b), inner, inner),
        inner.map(lambda one: call(O.DEFAULT, READ["maybe"], one)),
        inner.map(lambda one: call(O.UPPER, one)),
        st.sampled_from("<\n").map(lambda glue: call(O.JOIN, READ["tags"], const(glue))),
        inner.map(lambda one: call(O.REPLACE, one, const("a"), const("\n"))),
        st.just(call(O.CHOOSE, Const(INT, 2), const("&"), const("<"))),
    )


def bodies(depth, names=()):
    def ops(one):
        return st.lists(one, max_size=3).map(tuple)

    simple = st.one_of(
        CHARACTERS.map(Text),
        st.builds(Put, strings(2, names), st.sampled_from(list(Escape))),
    )
    if depth == 0:
        return ops(simple)
    inner = bodies(depth - 1, names)
    item = f"item{depth}"
    return ops(
        st.one_of(
            simple,
            st.builds(
                lambda count, body, otherwise: If(
                    tuple(Branch(READ["flag"], body) for _ in range(count)), otherwise
                ),
                st.sampled_from([1, 2, 21]), inner, inner,
            ),
            st.builds(
                lambda limit, body, otherwise: For(item, READ["tags"], limit, body, otherwise),
                st.integers(0, 6), bodies(depth - 1, (*names, item)), inner,
            ),
            st.builds(
                lambda first, second, body: For(
                    item, READ["tags"], 5,
                    (
                        Set("name", first), Put(Local("name", TEXT), HTML),
                        Set("name", second), Put(Local("name", TEXT), HTML), *body,
                    ),
                ),
                strings(1, names), strings(1, names), bodies(depth - 1, (*names, "name")),
            ),
        )
    )  # fmt: skip


ROWS = st.tuples(
    st.booleans(), st.integers(-(10**7), 10**7), CHARACTERS, st.none() | CHARACTERS,
    st.lists(CHARACTERS, max_size=5).map(tuple), st.sampled_from(STATE.values),
)  # fmt: skip


@settings(deadline=None)
@given(bodies(2), ROWS)
def test_compiled_equals_interpreted(ops, row):
    assert render(*ops, row=row) == interpret(ops, row, {})


# ── case by case ─────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_the_empty_text():
    assert render() == ""


def test_each_escape():
    puts = [Put(READ["name"], escape) for escape in Escape]
    assert [render(put) for put in puts] == [
        "O'Neil & <Co>",
        "O'Neil & <Co>",
        "O'Neil & <Co>",
        "O'Neil &amp; &lt;Co&gt;",
        "O&#39;Neil &amp; &lt;Co&gt;",
        "O%27Neil%20%26%20%3CCo%3E",
        "O%27Neil%20%26%20%3CCo%3E",
    ]


def test_plain_text_is_hard_on_values_and_leaves_the_author_alone():
    row = (True, 1, "Ann\r\nFREE\u202e", None, ("a\nb", "c"), "CA")
    assert render(Put(READ["name"], Escape.PLAIN), row=row) == "Ann  FREE"
    for expression, written in (
        (call(O.CONCAT, const("1.\n"), READ["name"]), "1.\nAnn  FREE"),
        (call(O.DEFAULT, READ["maybe"], const("-\n")), "-\n"),
        (call(O.IF, READ["flag"], const("\n"), READ["name"]), "\n"),
        (call(O.JOIN, READ["tags"], const("\n")), "a b\nc"),
        (call(O.REPLACE, READ["name"], const("A"), const("\n")), "\nnn  FREE"),
        (call(O.CHOOSE, Const(INT, 1), const("a\n")), "a\n"),
        (
            call(O.JOIN, Call(O.DEFAULT, (READ["tags"], NO_TAGS), NO_TAGS.type), const("\n")),
            "a b\nc",
        ),
    ):
        assert render(Put(expression, Escape.PLAIN), row=row) == written


@pytest.mark.parametrize(
    ("name", "segment"), [("", "_"), (".", "_"), ("..", "__"), ("a", "a"), (".a", ".a")]
)
def test_a_path_segment_is_judged_as_a_whole(name, segment):
    row = (True, 1, name, None, (), "CA")
    assert render(Put(READ["name"], Escape.URL_SEGMENT), row=row) == segment
    twice = call(O.CONCAT, READ["name"], const(""))
    assert render(Put(twice, Escape.URL_SEGMENT), row=row) == segment


def test_a_header_stays_one_line():
    row = (True, 1, "Hi\r\nBcc: all@x", None, (), "CA")
    assert render(Put(READ["name"], Escape.HEADER), row=row) == "Hi  Bcc: all@x"


def test_an_enum_from_the_context_is_escaped_whatever_its_type_says():
    put = Put(Field(("event", "kind"), EnumType(("a", "b"))), HTML)
    assert render(put, context={("event", "kind"): "<"}) == "&lt;"


def test_the_loop_knows_place_and_length():
    item = "t"
    loop = For(
        item, READ["tags"], 2,
        (
            Put(call(O.INT_TEXT, Local("t.index0", INT)), Escape.NONE),
            Text("/"),
            Put(call(O.INT_TEXT, Local("t.length", INT)), Escape.NONE),
            Put(Local("t", TEXT), Escape.HTML_ATTRIBUTE),
        ),
    )  # fmt: skip
    assert render(loop) == "0/2a&lt;1/2b&quot;"


def test_otherwise_when_there_are_no_items():
    loop = For("t", READ["tags"], 5, (Text("x"),), (Text("none"),))
    assert render(loop) == "xxx"
    assert render(loop, row=(*ROW[:4], (), "CA")) == "none"


def test_a_name_that_is_set_twice_keeps_what_was_written_before():
    first, second = Set("n", const("1")), Set("n", const("2"))
    put = Put(Local("n", TEXT), Escape.NONE)
    assert render(first, put, second, put) == "12"


def test_a_loop_does_not_change_a_name_outside_it():
    outer, put = Set("n", const("1")), Put(Local("n", TEXT), Escape.NONE)
    loop = For("t", READ["tags"], 5, (put, Set("n", const("2")), put))
    assert render(outer, put, loop, put) == "1121212" + "1"


def test_what_was_written_before_an_if_keeps_the_value_it_had():
    put = Put(Local("n", TEXT), Escape.NONE)
    change = If((Branch(READ["flag"], (Text("-"), Set("n", const("2")), put)),))
    assert render(Set("n", const("1")), put, change, put) == "1-22"


def test_a_name_set_inside_an_if_is_seen_after_it():
    choose = If((Branch(READ["flag"], (Set("n", const("yes")),)),), (Set("n", const("no")),))
    put = Put(Local("n", TEXT), Escape.NONE)
    assert render(choose, put) == "yes"
    assert render(choose, put, row=(False, *ROW[1:])) == "no"


def test_a_thousand_branches():
    branches = tuple(
        Branch(Call(O.EQ, (READ["count"], const(place)), BOOL), (Text(f"is {place}"),))
        for place in range(1_000)
    )
    chain = If(branches, (Text("other"),))
    assert render(chain, row=(True, 999, *ROW[2:])) == "is 999"
    assert render(chain, row=(True, 1_000, *ROW[2:])) == "other"


def test_loops_nest_up_to_the_limit():
    def nest(levels):
        body = (Text("x"),)
        for level in range(levels):
            body = (For(f"t{level}", READ["tags"], 1, body),)
        return body

    assert render(*nest(MAX_LOOPS)) == "x"
    with pytest.raises(PlanCodeError, match="loops"):
        render(*nest(MAX_LOOPS + 1))


def test_constants_are_escaped_when_the_function_is_built():
    render = compile_template((Put(const("a<b"), HTML), Text("<i>")), FIELDS)
    assert "a&lt;b<i>" in render.__code__.co_consts
